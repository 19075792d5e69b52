/* Statuses, channels, warehouses, methods, codes: both systems' lists -> ref_list.
 *
 * A list that this account's credentials may not read, or that the account does not have, is noted
 * as unavailable; only a mapping that names something of it then complains. */
#include "jobs/reference/lists.h"

#include "jobs/job.h"
#include "lib/clock.h"
#include "lib/search.h"

#include <stdlib.h>
#include <string.h>

extern const char sql_reference_lists[];

#define MOST       "?limit=250"
#define MOST_PAGES 40 /* of 250 */
#define LIST       "$.response"
#define BC(name, path, ...)                                                                        \
	{                                                                                          \
		BIGCOMMERCE, name, path, __VA_ARGS__, false                                        \
	}
#define BP(name, path, ...)                                                                        \
	{                                                                                          \
		BRIGHTPEARL, name, path, __VA_ARGS__, false                                        \
	}
#define LOOSE(name, path)                                                                          \
	{                                                                                          \
		BRIGHTPEARL, name, path, false, LIST, "$.id", "$.name", NULL, true                 \
	}
const struct list reference_lists[] = {
	BC("status", "/v2/order_statuses", true, "$", "$.id", "$.name", NULL),
	BC("channel", "/v3/channels" MOST, false, "$.data", "$.id", "$.name", NULL),
	BC("customer_group", "/v2/customer_groups" MOST, false, "$", "$.id", "$.name", NULL),
	BC("tax_class", "/v2/tax_classes" MOST, false, "$", "$.id", "$.name", NULL),
	BC("location", "/v3/inventory/locations" MOST, false, "$.data", "$.id", "$.label", NULL),
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
	BP("currency", "/accounting-service/currency-search?columns=id,code,exchangeRate", false,
	   NULL, "$.code", "$.code", "$.exchangeRate"),
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

static void keep_configuration(struct job *job, const struct list *list, const char *body)
{
	db_run(job->db, "DELETE FROM ref_bp_configuration", "");
	db_run(job->db,
	       "INSERT INTO ref_bp_configuration SELECT key, value FROM json_each(?, ?)"
	       " WHERE value IS NOT NULL AND type NOT IN ('object', 'array')",
	       "tt", body, list->items);
}

/* Items are objects; a compact row [id, code, name, ...] was seen for payment methods.  A rate is
 * kept as it is written, not as a floating point number. */
static void keep_items(struct job *job, const struct list *list, const char *body)
{
	if (list->items) {
		db_script(job->db,
			  "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
		db_run(job->db,
		       "INSERT INTO temp.page SELECT value FROM json_each(?, ?)"
		       " WHERE type IN ('object', 'array')",
		       "tt", body, list->items);
	} else
		search_split(job, body);
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

static bool more_pages(struct job *job, const struct list *list, const char *body, int page)
{
	return !strncmp(list->path, "/v3/", 4) &&
	       db_int(job->db, 1, "SELECT ? ->> '$.meta.pagination.total_pages'", "t", body) > page;
}

/* Every store has the lists that nothing works without: who says 404 to one knows no such store. */
static void refuse_unknown_account(const struct list *list, const struct reply *r)
{
	static const char *const variables[] = {"BIGCOMMERCE_STORE_HASH or BIGCOMMERCE_API_URL",
						"BRIGHTPEARL_ACCOUNT or BRIGHTPEARL_API_URL"};

	if (list->needed && r->status == 404)
		die(EX_CONFIG,
		    "%s answers 404 (not found) even to its list %s: %s in .env is wrong",
		    api_title[list->api], list->name, variables[list->api]);
}

/* V2 lists that are empty may answer 204, without a body. */
static bool has_shape(struct job *job, const struct list *list, const struct reply *r)
{
	if (list->loose || (!r->size && !list->needed))
		return true;
	return db_int(job->db, 0, "SELECT json_type(?, ?) = ?", "ttt", reply_json(r),
		      list->items ? list->items : "$.response.results",
		      list->id ? "array" : "object");
}

/* All pages of the list, the first of which was read.  False: an outage, noted. */
static bool read_pages(struct job *job, const struct list *list, struct reply *r, char **pages,
		       int *count)
{
	for (;;) {
		if (r->outcome != HTTP_OK || !has_shape(job, list, r))
			return job_outage(job, list->api, list->name, r);
		pages[(*count)++] = xstrdup(reply_json(r));
		if (*count == MOST_PAGES || !more_pages(job, list, reply_json(r), *count))
			return true;
		char *path = xasprintf("%s&page=%d", list->path, *count + 1);
		reply_free(r);
		*r = http_send(job->http, &(struct http_request){
						  .api = list->api, .method = "GET", .path = path});
		free(path);
	}
}

/* In one transaction: a list that was read in part would make complaints about names that are there. */
static void replace_list(struct job *job, const struct list *list, char **pages, int count)
{
	db_begin(job->db);
	db_run(job->db, "DELETE FROM ref_list WHERE system = ? AND list = ?", "tt",
	       api_name[list->api], list->name);
	for (int i = 0; i < count; i++)
		if (list->loose)
			keep_loose(job, list, pages[i]);
		else if (!list->id)
			keep_configuration(job, list, pages[i]);
		else
			keep_items(job, list, pages[i]);
	db_script(job->db, sql_reference_lists);
	list_note(job, list->api, list->name, NULL);
	db_commit(job->db);
}

/* Keep what the first answer holds and what the pages after it do; until all is read, the list stays. */
static bool keep_list(struct job *job, const struct list *list, struct reply *r)
{
	if (r->outcome == HTTP_REFUSED || (list->loose && r->outcome != HTTP_OK)) {
		refuse_unknown_account(list, r);
		db_begin(job->db);
		list_note(job, list->api, list->name, r->message);
		db_commit(job->db);
		return true;
	}
	char *pages[MOST_PAGES];
	int count = 0;
	bool fine = read_pages(job, list, r, pages, &count);
	if (fine)
		replace_list(job, list, pages, count);
	while (count > 0)
		free(pages[--count]);
	return fine;
}

bool list_read(struct job *job, enum api api, const char *name)
{
	const struct list *list = reference_lists;

	while (list->api != api || strcmp(list->name, name) != 0)
		list++;
	REPLY r = http_send(job->http, &(struct http_request){.api = api,
							      .method = "GET",
							      .path = list->path,
							      .may_be_absent = !list->needed});
	return keep_list(job, list, &r);
}

bool lists_read(struct job *job)
{
	struct call *calls[sizeof reference_lists / sizeof *reference_lists] = {0};
	bool fine = true;

	for (int i = 0; reference_lists[i].name; i++)
		calls[i] = http_submit(
			job->http,
			&(struct http_request){.api = reference_lists[i].api,
					       .method = "GET",
					       .path = reference_lists[i].path,

					       .may_be_absent = !reference_lists[i].needed});
	for (int i = 0; reference_lists[i].name; i++) {
		REPLY r = http_wait(job->http, calls[i]);
		fine = fine && keep_list(job, &reference_lists[i], &r);
	}
	return fine;
}
