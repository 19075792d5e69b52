/* What BigCommerce shows -> stg_bc_stock; Brightpearl's availability of everything that it sells ->
 * stg_bp_availability. */
#include "jobs/inventory/availability.h"
#include "jobs/inventory/inventory.h"
#include "jobs/inventory/shop.h"
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/clock.h"

#include <stdlib.h>

#define BUNDLES_A_MINUTE 40 /* what is read of them before something is pushed: of half an age */
#define BUNDLES_MOST     500

/* The Brightpearl products whose stock may be published; returns how many. */
static int64_t ask_products(struct job *job, const char *which)
{
	char *sql = xasprintf(
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT OR IGNORE INTO temp.asked SELECT b.id FROM stock_item i"
		"  JOIN ref_bp_product b ON b.id = i.bp_product_id"
		"  LEFT JOIN stg_bp_availability a ON a.product_id = b.id"
		" WHERE i.tracking <> 'none' AND %s",
		which);

	db_script(job->db, sql);
	free(sql);
	return db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
}

static bool read_all_but_bundles(struct job *job)
{
	ask_products(job, "NOT b.stock_tracked AND b.bundle IS NULL");
	if (!bundles_read(job))
		return false;
	ask_products(job, "b.stock_tracked IS NOT 0 AND b.bundle IS NOT 1");
	return availability_read(job);
}

bool inventory_read_availability(struct job *job)
{
	if (!read_all_but_bundles(job))
		return false;
	ask_products(job, "b.bundle = 1");
	return availability_read_bundles(job);
}

/* The next bundles that were not read since then; how many is then in temp.asked. */
static int64_t ask_bundles(struct job *job, int64_t since)
{
	int64_t most = BUNDLES_A_MINUTE * setting_int(job->db, "inventory.max_age_minutes", 20);
	char *which = xasprintf("b.bundle = 1 AND coalesce(a.clock_at, 0) < %lld"
				" ORDER BY coalesce(a.clock_at, 0), b.id LIMIT %lld",
				(long long)since,
				(long long)(most < BUNDLES_MOST ? most : BUNDLES_MOST));
	int64_t count = ask_products(job, which);

	free(which);
	return count;
}

/* What is to be pushed, but was read too long ago; each once in a run. */
static int64_t ask_stale(struct job *job, int64_t before)
{
	db_script(
		job->db,
		"CREATE TABLE IF NOT EXISTS temp.reread(id INTEGER PRIMARY KEY);"
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_run(job->db,
	       "INSERT OR IGNORE INTO temp.asked SELECT a.product_id FROM out_stock x"
	       "  JOIN temp.item i ON i.row_key = x.key"
	       "  JOIN stg_bp_availability a ON a.product_id = i.bp_product_id"
	       " WHERE x.state = 'pending' AND x.held IS NULL AND coalesce(a.clock_at, 0) < ?"
	       "   AND a.product_id NOT IN (SELECT id FROM temp.reread) LIMIT ?",
	       "ii", before, (int64_t)BUNDLES_MOST);
	db_script(job->db, "INSERT OR IGNORE INTO temp.reread SELECT id FROM temp.asked");
	return db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
}

bool inventory_read_more(struct job *job, int64_t before, bool *some)
{
	int64_t since = db_int(job->db, 0,
			       "SELECT done_until FROM cursor WHERE feed = 'inventory_read'", "");

	if (ask_bundles(job, since))
		return *some = true, availability_read_bundles(job);
	*some = ask_stale(job, before) > 0;
	if (!*some)
		return true;
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.stale_bundle; CREATE TEMP TABLE stale_bundle AS"
		  " SELECT id FROM temp.asked JOIN ref_bp_product USING (id) WHERE bundle = 1;"
		  "DELETE FROM temp.asked WHERE id IN (SELECT id FROM temp.stale_bundle)");
	if (!availability_read(job))
		return false;
	db_script(job->db, "DELETE FROM temp.asked;"
			   "INSERT INTO temp.asked SELECT id FROM temp.stale_bundle");
	return availability_read_bundles(job);
}

/* Where it does not tell, what was sent last stands for what it shows. */
static bool read_shop(struct job *job, int64_t now)
{
	bool refused = false;

	if (!shop_read(job, "stg_bc_stock", "stock", &refused))
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

	return now < last ||
	       now >= last + 3600 * setting_int(job->db, "inventory.full_push_hours", 24);
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
	if (!read_new_products(job) || !read_shop(job, now) || !read_all_but_bundles(job))
		return false;
	note_begin(job, now, full);
	return !ask_bundles(job, now) || availability_read_bundles(job);
}
