/* What BigCommerce shows -> stg_bc_stock; Brightpearl's availability of everything that it sells ->
 * stg_bp_availability. */
#include "jobs/inventory/availability.h"
#include "jobs/inventory/inventory.h"
#include "jobs/inventory/shop.h"
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/clock.h"

#include <stdlib.h>

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

/* Where it does not tell, what was sent last stands for what it shows. */
static bool read_shop(struct job *job, int64_t now)
{
	bool refused = false;

	if (!shop_read(job, "stg_bc_stock", "reading stock", &refused))
		return false;
	if (refused)
		log_warn("",
			 "BigCommerce does not tell its stock: what was set last stands for it");
	db_run(job->db,
	       "INSERT OR REPLACE INTO cursor(feed, done_until) VALUES('inventory_shop', ?)", "i",
	       now);
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
	if (!read_new_products(job) || !read_shop(job, now) || !inventory_read_availability(job))
		return false;
	note_begin(job, now, full);
	return true;
}
