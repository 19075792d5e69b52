/* Statuses, channels, warehouses, methods, codes: both systems' lists -> ref_list.
 *
 * A list that this account's credentials may not read, or that the account does not have, is noted
 * as unavailable; only a mapping that names something of it then complains. */
#include "jobs/reference/lists.h"

#include "jobs/job.h"
#include "lib/brightpearl/page.h"
#include "lib/clock.h"
#include "lib/pipeline.h"

#include <stdlib.h>
#include <string.h>

extern const char sql_reference_lists[];

#define LIST             "$.response"
#define MOST_ROWS        500 /* of a search */
#define CURRENCY_COLUMNS "id,code,exchangeRate"
#define BC(name, path, ...)                                                                        \
	{                                                                                          \
		BIGCOMMERCE, name, path, __VA_ARGS__, false, NULL                                  \
	}
#define BP(name, path, ...)                                                                        \
	{                                                                                          \
		BRIGHTPEARL, name, path, __VA_ARGS__, false, NULL                                  \
	}
#define LOOSE(name, path)                                                                          \
	{                                                                                          \
		BRIGHTPEARL, name, path, false, LIST, "$.id", "$.name", NULL, true, NULL           \
	}
const struct list reference_lists[] = {
	BC("status", "/v2/order_statuses", true, "$", "$.id", "$.name", NULL),
	BC("channel", "/v3/channels", false, "$.data", "$.id", "$.name", NULL),
	BC("customer_group", "/v2/customer_groups", false, "$", "$.id", "$.name", NULL),
	BC("tax_class", "/v2/tax_classes", false, "$", "$.id", "$.name", NULL),
	BC("location", "/v3/inventory/locations", false, "$.data", "$.id", "$.label", NULL),
	BP("order_status", "/order-service/order-status", true, LIST, "$.statusId", "$.name", NULL),
	BP("channel", "/product-service/channel", true, LIST, "$.id", "$.name", NULL),
	BP("warehouse", "/warehouse-service/warehouse", false, LIST, "$.id", "$.name", NULL),
	BP("price_list", "/product-service/price-list", false, LIST, "$.id", "$.name.text", NULL),
	BP("tax_code", "/accounting-service/tax-code", true, LIST, "$.code", "$.code", "$.rate"),
	BP("shipping_method", "/warehouse-service/shipping-method", false, LIST, "$.id", "$.name",
	   NULL),
	BP("payment_method", "/accounting-service/payment-method", false, LIST, "$.code", "$.name",
	   NULL),
	BP("custom_field", "/order-service/sale/custom-field-meta-data", false, LIST, "$.code",
	   "$.name", NULL),
	{BRIGHTPEARL, "currency", "/accounting-service/currency-search?columns=" CURRENCY_COLUMNS,
	 false, NULL, "$.code", "$.code", "$.exchangeRate", false, CURRENCY_COLUMNS},
	LOOSE("lead_source", "/contact-service/lead-source"),
	LOOSE("project", "/contact-service/project/"),
	BP("configuration", "/integration-service/account-configuration", true,
	   LIST ".configuration", NULL, NULL, NULL),
	{0},
};

/* Nothing is wrong when the account does not tell it. */
static bool is_loose(const char *name)
{
	for (const struct list *list = reference_lists; list->name; list++)
		if (list->loose && !strcmp(list->name, name))
			return true;
	return false;
}

void list_note(struct job *job, enum api api, const char *list, const char *unavailable)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO ref_read(system, list, read_at, unavailable) VALUES(?, ?, "
	       "?, ?)",
	       "ttit", api_name[api], list, clock_now() / 1000, unavailable);
	if (unavailable && !is_loose(list))
		log_warn("", "%s's list %s could not be read: %s", api_title[api], list,
			 unavailable);
}

void list_clear(struct job *job, const struct list *list)
{
	db_run(job->db, "DELETE FROM ref_list WHERE system = ? AND list = ?", "tt",
	       api_name[list->api], list->name);
}

void list_done(struct job *job, const struct list *list)
{
	db_script(job->db, sql_reference_lists);
	list_note(job, list->api, list->name, NULL);
}

static void keep_configuration(struct job *job, const struct list *list, const char *body)
{
	db_run(job->db, "DELETE FROM ref_bp_configuration", "");
	db_run(job->db,
	       "INSERT INTO ref_bp_configuration SELECT key, value FROM json_each(?, ?)"
	       " WHERE value IS NOT NULL AND type NOT IN ('object', 'array')",
	       "tt", body, list->items);
}

/* temp.page: items are objects; a compact row [id, code, name, ...] was seen for payment methods.  A rate is
 * kept as it is written, not as a floating point number. */
void list_insert(struct job *job, const struct list *list)
{
	STMT st = db_prepare(
		job->db,
		"INSERT OR REPLACE INTO ref_list(system, list, id, name, name_fold, usable, rate, "
		"detail)"
		" SELECT :system, :list, i.id, tidy(i.name), fold(i.name), 1, i.rate, i.payload FROM"
		" (SELECT payload, json_type(payload) AS type,"
		"  CASE json_type(payload) WHEN 'array' THEN payload ->> '$[1]' ELSE payload ->> "
		":id END AS id,"
		"  CASE json_type(payload) WHEN 'array' THEN payload ->> '$[2]' ELSE payload ->> "
		":title END"
		"       AS name, nullif(trim(payload -> :rate, '\"'), 'null') AS rate FROM "
		"temp.page) i"
		" WHERE i.id IS NOT NULL AND i.name IS NOT NULL");

	bind(st, ":system", api_name[list->api]);
	bind(st, ":list", list->name);
	bind(st, ":id", list->id);
	bind(st, ":title", list->title);
	bind(st, ":rate", list->rate ? list->rate : "$.no_rate");
	stmt_run(st);
}

static void keep_items(struct job *job, const struct list *list, const char *body)
{
	if (list->items) {
		db_script(job->db,
			  "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
		db_run(job->db,
		       "INSERT INTO temp.page SELECT value FROM json_each(?, ?)"
		       " WHERE type IN ('object', 'array')",
		       "tt", body, list->items);
	} else {
		struct page page = page_read(body, list->columns, NULL, 1, MOST_ROWS);
		page_split(job, &page, body);
		page_free(&page);
	}
	list_insert(job, list);
}

/* Objects anywhere in the answer, or rows [id, name] of a search, that have an id and a name. */
static void keep_loose(struct job *job, const struct list *list, const char *body)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO ref_list(system, list, id, name, name_fold, usable, detail)"
	       " SELECT ?, ?, id, name, fold(name), 1, value FROM (SELECT value,"
	       "  CASE type WHEN 'array' THEN value ->> '$[0]' ELSE coalesce(value ->> '$.id',"
	       "   value ->> '$.projectId', value ->> '$.leadSourceId', iif(key GLOB '[1-9]*',"
	       "   key, NULL)) END AS id,"
	       "  CASE type WHEN 'array' THEN (SELECT c.value FROM json_each(t.value) c WHERE"
	       "   c.type = 'text' LIMIT 1) ELSE coalesce(value ->> '$.name.text',"
	       "   iif(json_type(value, '$.name') = 'text', value ->> '$.name', NULL),"
	       "   value ->> '$.projectName', value ->> '$.leadSourceName', value ->> '$.title')"
	       "  END AS name FROM (SELECT t.value, t.type, iif(typeof(t.key) = 'text', t.key, '')"
	       "   AS key FROM json_tree(?, '$.response') t WHERE t.type = 'object' OR"
	       "   (t.type = 'array' AND json_type(t.value, '$[0]') = 'integer')) t)"
	       " WHERE id NOT GLOB '*[^0-9]*' AND id <> '' AND trim(name) <> ''",
	       "ttt", api_name[list->api], list->name, body);
}

void list_refuse_account(const struct list *list)
{
	static const char *const variables[] = {"BIGCOMMERCE_STORE_HASH or BIGCOMMERCE_API_URL",
						"BRIGHTPEARL_ACCOUNT or BRIGHTPEARL_API_URL"};

	die(EX_CONFIG, "%s answers 404 (not found) even to its list %s: %s in .env is wrong",
	    api_title[list->api], list->name, variables[list->api]);
}

/* Rows of a search: [{"id", ...}] told by their columns. */
static char *odd_search(const struct list *list, const char *body)
{
	struct page page = page_read(body, list->columns, NULL, 1, MOST_ROWS);
	char *odd = page.odd                     ? xstrdup(page.odd)
		    : page.unread_rows           ? xstrdup("a value is not what its column holds")
		    : page.rows < page.available ? xstrdup("it does not hold all results")
						 : NULL;

	page_free(&page);
	return odd;
}

/* How many entries have no id or no name (compact rows hold both). */
static int64_t nameless(struct job *job, const struct list *list, const char *body)
{
	return db_int(job->db, 0,
		      "SELECT count(*) FROM json_each(?1, ?2) e WHERE NOT coalesce(CASE e.type"
		      " WHEN 'array' THEN json_array_length(e.value) > 2"
		      " WHEN 'object' THEN coalesce(e.value ->> ?3, '') <> ''"
		      "                AND coalesce(e.value ->> ?4, '') <> '' END, 0)",
		      "tttt", body, list->items, list->id, list->title);
}

/* Why an answer is not the list that was asked for; NULL: it is.  V2 lists that are empty may answer 204,
 * without a body; those that nothing works without are never empty, nor do their entries lack a name. */
static char *odd_list(struct job *job, const struct list *list, const struct reply *r)
{
	const char *body = reply_json(r), *items = list->items;

	if (!r->size && !list->needed)
		return NULL;
	if (list->columns)
		return odd_search(list, body);
	char *type = db_text(job->db, "SELECT json_type(?, ?)", "tt", body, items);
	bool fits = type && (list->loose ? strcmp(type, "null") != 0
					 : !strcmp(type, list->id ? "array" : "object"));
	free(type);
	if (!fits)
		return xstrdup("it holds no such list");
	if (!list->needed)
		return NULL;
	if (!db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM json_each(?, ?))", "tt", body, items))
		return xstrdup("it is empty");
	return list->id && nameless(job, list, body) ? xstrdup("an entry has no id or no name")
						     : NULL;
}

static bool odd_page(struct job *job, const struct list *list, const struct reply *r)
{
	char *odd = odd_list(job, list, r);
	char *what = odd ? xasprintf("reading its list %s", list->name) : NULL;

	if (odd)
		job_odd(job, list->api, what, odd, reply_json(r));
	free(what);
	free(odd);
	return odd;
}

/* In one transaction: until all is read, the list stays. */
static void replace_list(struct job *job, const struct list *list, const char *body)
{
	db_begin(job->db);
	list_clear(job, list);
	if (list->loose)
		keep_loose(job, list, body);
	else if (!list->id)
		keep_configuration(job, list, body);
	else
		keep_items(job, list, body);
	list_done(job, list);
	db_commit(job->db);
}

/* Without the list of a shape that is not told, or one that the account may not read, the others do. */
void list_unavailable(struct job *job, const struct list *list, const char *why)
{
	db_begin(job->db);
	list_note(job, list->api, list->name, why);
	db_commit(job->db);
}

static bool keep_loosely(struct job *job, const struct list *list, const struct reply *r)
{
	char *odd = odd_list(job, list, r);

	if (odd)
		list_unavailable(job, list, odd);
	else
		replace_list(job, list, reply_json(r));
	free(odd);
	return true;
}

static bool keep_list(struct job *job, const struct list *list, const struct reply *r)
{
	if (list->needed && r->status == 404)
		list_refuse_account(list);
	if (list->loose && r->outcome == HTTP_OK)
		return keep_loosely(job, list, r);
	if (list->loose || (r->outcome == HTTP_REFUSED && !list->needed))
		return list_unavailable(job, list, r->message), true;
	if (r->outcome != HTTP_OK)
		return job_outage(job, list->api, list->name, r);
	if (odd_page(job, list, r))
		return false;
	replace_list(job, list, reply_json(r));
	return true;
}

static struct call *ask(struct job *job, const struct list *list)
{
	if (list->api == BIGCOMMERCE)
		return shop_list_ask(job, list);
	return http_submit(job->http, &(struct http_request){.api = list->api,
							     .method = "GET",
							     .path = list->path,
							     .may_be_absent = !list->needed});
}

static bool take(struct job *job, const struct list *list, struct call *call)
{
	if (list->api == BIGCOMMERCE)
		return shop_list_take(job, list, call);
	REPLY r = http_wait(job->http, call);
	return keep_list(job, list, &r);
}

bool list_read(struct job *job, enum api api, const char *name)
{
	const struct list *list = reference_lists;

	while (list->api != api || strcmp(list->name, name) != 0)
		list++;
	return take(job, list, ask(job, list));
}

static struct call *ask_next(struct job *job, void *context, struct asked *about)
{
	int *next = context;

	if (!reference_lists[*next].name)
		return NULL;
	about->id = *next;
	return ask(job, &reference_lists[(*next)++]);
}

static bool take_next(struct job *job, void *context, const struct asked *about, struct call *call)
{
	(void)context;
	return take(job, &reference_lists[about->id], call);
}

bool lists_read(struct job *job)
{
	int next = 0;

	return pipeline_run(job, &(struct pipeline){.ahead = PIPELINE_MOST,
						    .context = &next,
						    .ask = ask_next,
						    .take = take_next});
}
