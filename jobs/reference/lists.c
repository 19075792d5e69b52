/* Statuses, channels, warehouses, methods, codes: both systems' lists -> ref_list.
 *
 * A list that this account's credentials may not read, or that the account does not have, is noted
 * as unavailable; only a mapping that names something of it then complains. */
#include "jobs/reference/lists.h"

#include "jobs/job.h"
#include "lib/clock.h"

#include <stdlib.h>
#include <string.h>

extern const char sql_reference_lists[];

#define MOST "?limit=250"
const struct list reference_lists[] = {
	{BIGCOMMERCE, "status", "/v2/order_statuses", "$", "$.id", "$.name", NULL},
	{BIGCOMMERCE, "channel", "/v3/channels" MOST, "$.data", "$.id", "$.name", NULL},
	{BIGCOMMERCE, "customer_group", "/v2/customer_groups" MOST, "$", "$.id", "$.name", NULL},
	{BIGCOMMERCE, "tax_class", "/v2/tax_classes" MOST, "$", "$.id", "$.name", NULL},
	{BIGCOMMERCE, "location", "/v3/inventory/locations" MOST, "$.data", "$.id", "$.label",
	 NULL},
	{BRIGHTPEARL, "order_status", "/order-service/order-status", "$.response", "$.statusId",
	 "$.name", NULL},
	{BRIGHTPEARL, "channel", "/product-service/channel", "$.response", "$.id", "$.name", NULL},
	{BRIGHTPEARL, "warehouse", "/warehouse-service/warehouse", "$.response", "$.id", "$.name",
	 NULL},
	{BRIGHTPEARL, "price_list", "/product-service/price-list", "$.response", "$.id",
	 "$.name.text", NULL},
	{BRIGHTPEARL, "tax_code", "/accounting-service/tax-code", "$.response", "$.code", "$.code",
	 "$.rate"},
	{BRIGHTPEARL, "shipping_method", "/warehouse-service/shipping-method", "$.response", "$.id",
	 "$.name", NULL},
	{BRIGHTPEARL, "payment_method", "/accounting-service/payment-method", "$.response",
	 "$.code", "$.name", NULL},
	{BRIGHTPEARL, "custom_field", "/order-service/sale/custom-field-meta-data", "$.response",
	 "$.code", "$.name", NULL},
	{BRIGHTPEARL, "configuration", "/integration-service/account-configuration",
	 "$.response.configuration", NULL, NULL, NULL},
	{0},
};

void list_note(struct job *job, enum api api, const char *list, const char *unavailable)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO ref_read(system, list, read_at, unavailable) VALUES(?, ?, "
	       "?, ?)",
	       "ttit", api_name[api], list, clock_now() / 1000, unavailable);
	if (unavailable)
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

/* Items are objects; a compact row [id, code, name, ...] was seen for payment methods. */
static void keep_items(struct job *job, const struct list *list, const char *body)
{
	STMT st = db_prepare(
		job->db,
		"INSERT OR REPLACE INTO ref_list(system, list, id, name, name_fold, usable, rate, "
		"detail)"
		" SELECT :system, :list, i.id, i.name, fold(i.name), 1, i.rate, i.value FROM"
		" (SELECT value, CASE type WHEN 'array' THEN value ->> '$[1]' ELSE value ->> :id "
		"END AS id,"
		"  CASE type WHEN 'array' THEN value ->> '$[2]' ELSE value ->> :title END AS name,"
		"  json_extract(value, :rate) AS rate"
		"  FROM json_each(:body, :items) WHERE type IN ('object', 'array')) i"
		" WHERE i.id IS NOT NULL AND i.name IS NOT NULL");

	bind(st, ":system", api_name[list->api]);
	bind(st, ":list", list->name);
	bind(st, ":id", list->id);
	bind(st, ":title", list->title);
	bind(st, ":rate", list->rate ? list->rate : "$.no_rate");
	bind(st, ":body", body);
	bind(st, ":items", list->items);
	stmt_run(st);
}

static bool more_pages(struct job *job, const struct list *list, const char *body, int page)
{
	return !strncmp(list->path, "/v3/", 4) &&
	       db_int(job->db, 1, "SELECT ? ->> '$.meta.pagination.total_pages'", "t", body) > page;
}

/* Keep what the first answer holds and read the pages after it. */
static bool keep_list(struct job *job, const struct list *list, struct reply *r)
{
	if (r->outcome == HTTP_REFUSED) {
		db_begin(job->db);
		list_note(job, list->api, list->name, r->message);
		db_commit(job->db);
		return true;
	}
	db_begin(job->db);
	db_run(job->db, "DELETE FROM ref_list WHERE system = ? AND list = ?", "tt",
	       api_name[list->api], list->name);
	db_commit(job->db);
	for (int page = 1;; page++) {
		if (r->outcome != HTTP_OK)
			return job_outage(job, list->api, list->name, r);
		db_begin(job->db);
		if (!list->id)
			keep_configuration(job, list, reply_json(r));
		else
			keep_items(job, list, reply_json(r));
		list_note(job, list->api, list->name, NULL);
		db_commit(job->db);
		if (!more_pages(job, list, reply_json(r), page))
			return true;
		char *path = xasprintf("%s&page=%d", list->path, page + 1);
		reply_free(r);
		*r = http_send(job->http, &(struct http_request){
						  .api = list->api, .method = "GET", .path = path});
		free(path);
	}
}

bool lists_read(struct job *job)
{
	struct call *calls[sizeof reference_lists / sizeof *reference_lists];
	bool fine = true;

	for (int i = 0; reference_lists[i].name; i++)
		calls[i] = http_submit(job->http,
				       &(struct http_request){.api = reference_lists[i].api,
							      .method = "GET",
							      .path = reference_lists[i].path,
							      .may_be_absent = true});
	for (int i = 0; reference_lists[i].name; i++) {
		REPLY r = http_wait(job->http, calls[i]);
		fine = fine && keep_list(job, &reference_lists[i], &r);
	}
	if (fine)
		db_script(job->db, sql_reference_lists);
	return fine;
}
