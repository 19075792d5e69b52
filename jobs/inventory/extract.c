/* Brightpearl's availability of everything that BigCommerce sells -> stg_bp_availability; when all
 * stock is to be pushed, also what BigCommerce has on hand now -> stg_bc_stock. */
#include "jobs/inventory/availability.h"
#include "jobs/inventory/inventory.h"
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/clock.h"

#include <stdlib.h>

#define BC_PAGE 1000 /* the documented most */

/* The Brightpearl products whose stock may be published. */
static void ask_products(struct job *job, const char *which)
{
	char *sql = xasprintf(
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT OR IGNORE INTO temp.asked SELECT b.id FROM stock_item i"
		"  JOIN ref_bp_product b ON b.id = i.bp_product_id"
		" WHERE i.tracking <> 'none' AND (%s)",
		which);

	db_script(job->db, sql);
	free(sql);
}

bool inventory_read_availability(struct job *job)
{
	ask_products(job, "NOT b.stock_tracked AND b.bundle IS NULL");
	if (!bundles_read(job))
		return false;
	ask_products(job, "b.stock_tracked IS NOT 0 AND b.bundle IS NOT 1");
	if (!availability_read(job))
		return false;
	ask_products(job, "b.bundle = 1");
	return availability_read_bundles(job);
}

static int64_t keep_stock(struct job *job, const char *body)
{
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO stg_bc_stock(product_id, variant_id, location_id, on_hand)"
	       " SELECT whole(i.value -> '$.identity.product_id'),"
	       "        coalesce(whole(i.value -> '$.identity.variant_id'), 0),"
	       "        whole(l.value -> '$.location_id'),"
	       "        whole(l.value -> '$.total_inventory_onhand')"
	       "   FROM json_each(?, '$.data') i, json_each(i.value, '$.locations') l"
	       "  WHERE i.type = 'object' AND l.type = 'object'"
	       "    AND whole(i.value -> '$.identity.product_id') IS NOT NULL"
	       "    AND whole(l.value -> '$.location_id') IS NOT NULL",
	       "t", body);
	int64_t count = db_int(job->db, 0, "SELECT json_array_length(?, '$.data')", "t", body);
	db_commit(job->db);
	return count;
}

/* Only the brakes decide by it, so a scope that is missing does not matter. */
static bool read_shop(struct job *job)
{
	int64_t count = BC_PAGE;

	db_script(job->db, "DELETE FROM stg_bc_stock");
	for (int page = 1; count == BC_PAGE; page++) {
		char *path = xasprintf("/v3/inventory/items?limit=%d&page=%d", BC_PAGE, page);
		REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
								      .method = "GET",
								      .path = path,
								      .may_be_absent = true});
		free(path);
		if (r.outcome == HTTP_REFUSED)
			return true;
		if (r.outcome != HTTP_OK)
			return job_outage(job, BIGCOMMERCE, "reading stock", &r);
		count = keep_stock(job, reply_json(&r));
	}
	return true;
}

static bool full_push_due(struct job *job, int64_t now)
{
	int64_t last = db_int(job->db, 0,
			      "SELECT done_until FROM cursor WHERE feed = 'inventory_full'", "");

	return now >= last + 3600 * setting_int(job->db, "inventory.full_push_hours", 24);
}

static void note_begin(struct job *job, int64_t now, bool full)
{
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO cursor(feed, done_until) VALUES('inventory_read', ?)", "i",
	       now);
	db_run(job->db,
	       "INSERT INTO cursor(feed, window_from) VALUES('inventory_full', iif(?1, ?2, NULL))"
	       " ON CONFLICT DO UPDATE SET window_from = excluded.window_from",
	       "ii", (int64_t)full, now);
	db_commit(job->db);
}

/* What was made since the lists of reference were read: in BigCommerce, and where something has no
 * product in Brightpearl, there. */
static bool read_new_products(struct job *job)
{
	return catalog_read_new(job) &&
	       (!db_int(job->db, 0,
			"SELECT EXISTS (SELECT 1 FROM stock_item"
			" WHERE tracking <> 'none' AND key <> '' AND matches = 0)",
			"") ||
		products_read(job, false));
}

bool inventory_extract(struct job *job)
{
	int64_t now = clock_now() / 1000;
	bool full = full_push_due(job, now);

	if (job_is_off(job, "inventory"))
		return true;
	if (!read_new_products(job) || !inventory_read_availability(job) ||
	    (full && !read_shop(job)))
		return false;
	note_begin(job, now, full);
	return true;
}
