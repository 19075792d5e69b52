#include "jobs/inventory/availability.h"

#include "jobs/job.h"
#include "lib/brightpearl/get.h"
#include "lib/clock.h"

#include <stdlib.h>

#define PRODUCTS_PER_GET 100

extern const char sql_inventory_availability[];

static void open_page(struct job *job, const struct reply *r)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.page;"
		  "CREATE TEMP TABLE page(id INTEGER PRIMARY KEY, payload TEXT, told INTEGER);"
		  "DROP TABLE IF EXISTS temp.read_now;"
		  "CREATE TEMP TABLE read_now(at INTEGER, here INTEGER)");
	int64_t here = clock_now() / 1000;
	db_run(job->db, "INSERT INTO temp.read_now VALUES(?, ?)", "ii", r->date ? r->date : here,
	       here);
}

static void stage_page(struct job *job)
{
	job->counts.extracted += db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");
	db_script(job->db, sql_inventory_availability);
	job->counts.changed += db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");
}

/* A refusal of one product alone: what was answered, as text. */
static void keep_refused(struct job *job, const char *id, const struct reply *r)
{
	char *told = xasprintf("it answered %d: %s", r->status, r->message);

	db_begin(job->db);
	open_page(job, r);
	db_run(job->db, "INSERT INTO temp.page VALUES(?, json_quote(?), 1)", "tt", id, told);
	stage_page(job);
	db_commit(job->db);
	free(told);
}

/* {"response": {"1532": {"total": ..., "warehouses": ...}}} */
static void keep_products(struct job *job, const char *ids, const struct reply *r)
{
	if (r->outcome != HTTP_OK) {
		keep_refused(job, ids, r);
		return;
	}
	db_begin(job->db);
	open_page(job, r);
	db_run(job->db,
	       "INSERT OR IGNORE INTO temp.page SELECT i.value, iif(p.type = 'object', p.value,"
	       " iif(p.key IS NULL, NULL, json_quote(p.value))), p.key IS NOT NULL"
	       " FROM json_each('[' || ?2 || ']') i"
	       "  LEFT JOIN json_each(?1, '$.response') p ON CAST(p.key AS INTEGER) = i.value",
	       "tt", reply_json(r), ids);
	stage_page(job);
	db_commit(job->db);
}

/* What was told before, and is left out now, may be left out by a mistake. */
#define KNOWN "id IN (SELECT product_id FROM stg_bp_availability WHERE payload IS NOT NULL)"

bool availability_read(struct job *job)
{
	return get_read(job, &(struct get){.before = "/warehouse-service/product-availability/",
					   .most = PRODUCTS_PER_GET,
					   .judged_by_keep = true,
					   .twice = KNOWN,
					   .never_none = true,
					   .record = "product:",
					   .called = "product",
					   .what = "stock",
					   .keep = keep_products,
					   .refused = keep_refused});
}

bool availability_read_bundles(struct job *job)
{
	return get_read(job, &(struct get){.before = "/warehouse-service/bundle-availability/",
					   .most = 1,
					   .bare = true,
					   .judged_by_keep = true,
					   .twice = KNOWN,
					   .record = "product:",
					   .called = "bundle",
					   .what = "stock of bundles",
					   .keep = keep_products,
					   .refused = keep_refused});
}

/* Whether it is a bundle may be left out, not told in another way. */
#define BUNDLE_ENTRY                                                                               \
	"(e.value ->> '$.composition.bundle' IS NULL"                                              \
	" OR flag(e.value ->> '$.composition.bundle') IS NOT NULL)"

/* A bundle may hold bundles: what ships is the products at the leaves. */
static void keep_compositions(struct job *job, const char *ids, const struct reply *r)
{
	const char *body = r->outcome == HTTP_OK ? reply_json(r) : "{}";

	db_begin(job->db);
	db_run(job->db,
	       "UPDATE ref_bp_product SET bundle = 0 WHERE id IN"
	       " (SELECT value FROM json_each('[' || ? || ']'))",
	       "t", ids);
	db_run(job->db,
	       "UPDATE ref_bp_product SET bundle = 1 WHERE id IN"
	       " (SELECT value ->> '$.id' FROM json_each(?, '$.response')"
	       "   WHERE type = 'object' AND flag(value ->> '$.composition.bundle'))",
	       "t", body);
	db_run(job->db,
	       "DELETE FROM ref_bp_component WHERE bundle_id IN"
	       " (SELECT value FROM json_each('[' || ? || ']'))",
	       "t", ids);
	db_run(job->db,
	       "INSERT OR REPLACE INTO ref_bp_component(bundle_id, product_id, quantity)"
	       " WITH RECURSIVE part(bundle, id, quantity, payload) AS ("
	       "  SELECT value ->> '$.id', value ->> '$.id', 1, value"
	       "    FROM json_each(?, '$.response')"
	       "   WHERE type = 'object' AND flag(value ->> '$.composition.bundle')"
	       "  UNION ALL"
	       "  SELECT p.bundle, c.value ->> '$.productId',"
	       "         p.quantity * whole(c.value -> '$.productQuantity'), c.value"
	       "    FROM part p, json_each(p.payload, '$.composition.bundleComponents') c"
	       "   WHERE c.type = 'object')"
	       " SELECT bundle, id, sum(quantity) FROM part"
	       "  WHERE NOT coalesce(flag(payload ->> '$.composition.bundle'), 0)"
	       "    AND quantity > 0 AND id > 0 GROUP BY bundle, id",
	       "t", body);
	db_commit(job->db);
}

bool bundles_read(struct job *job)
{
	db_script(job->db, "DELETE FROM temp.asked WHERE id NOT IN"
			   " (SELECT id FROM ref_bp_product WHERE bundle IS NULL)");
	return get_read(job, &(struct get){.before = "/product-service/product/",
					   .id = "$.id",
					   .entry = BUNDLE_ENTRY,
					   .record = "product:",
					   .called = "product",
					   .most = PRODUCTS_PER_GET,
					   .what = "bundles",
					   .keep = keep_compositions});
}
