#include "jobs/inventory/shop.h"

#include "jobs/job.h"

#include <stdlib.h>

#define BC_PAGE 1000

/* Every location of every item; returns how many items, -1 if that is no list of items. */
static int64_t keep_items(struct job *job, const char *table, const char *body)
{
	int64_t count = db_int(job->db, -1,
			       "SELECT iif(json_type(?1, '$.data') = 'array',"
			       " json_array_length(?1, '$.data'), -1)",
			       "t", body);
	char *sql = xasprintf(
		"INSERT OR REPLACE INTO %s(product_id, variant_id, location_id, on_hand)"
		" SELECT whole(i.value -> '$.identity.product_id'),"
		"        coalesce(whole(i.value -> '$.identity.variant_id'), 0),"
		"        whole(l.value -> '$.location_id'),"
		"        coalesce(whole(l.value -> '$.total_inventory_onhand'),"
		"                 whole(l.value -> '$.available_to_sell')"
		"                 + coalesce(whole(l.value -> '$.settings.safety_stock'), 0))"
		"   FROM json_each(?, '$.data') i, json_each(i.value, '$.locations') l"
		"  WHERE i.type = 'object' AND l.type = 'object'"
		"    AND whole(i.value -> '$.identity.product_id') IS NOT NULL"
		"    AND whole(l.value -> '$.location_id') IS NOT NULL",
		table);

	if (count > 0) {
		db_begin(job->db);
		db_run(job->db, sql, "t", body);
		db_commit(job->db);
	}
	free(sql);
	return count;
}

/* Whether more pages follow: by the number of pages that is told, else until one is empty. */
static bool is_last(struct job *job, const char *body, int page)
{
	return db_int(job->db, 0, "SELECT whole(? -> '$.meta.pagination.total_pages') <= ?", "ti",
		      body, (int64_t)page);
}

bool shop_read(struct job *job, const char *table, const char *what, bool *refused)
{
	char *clear = xasprintf("DELETE FROM %s", table);
	int64_t count = 1;

	db_script(job->db, clear);
	free(clear);
	for (int page = 1; count > 0; page++) {
		char *path = xasprintf("/v3/inventory/items?limit=%d&page=%d", BC_PAGE, page);
		REPLY r = http_send(job->http,
				    &(struct http_request){.api = BIGCOMMERCE,
							   .method = "GET",
							   .path = path,
							   .may_be_absent = refused != NULL});
		free(path);
		if (r.outcome == HTTP_REFUSED && refused) {
			*refused = true;
			return true;
		}
		if (r.outcome != HTTP_OK)
			return job_outage(job, BIGCOMMERCE, what, &r);
		count = r.status == 204 ? 0 : keep_items(job, table, reply_json(&r));
		if (count < 0) {
			job_note(job, EX_TEMPFAIL,
				 "BigCommerce: %s: the answer is no list of items", what);
			return false;
		}
		if (is_last(job, reply_json(&r), page))
			break;
	}
	return true;
}
