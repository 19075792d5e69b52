#include "jobs/orders/fresh.h"

#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/bigcommerce/ids.h"
#include "lib/clock.h"

#include <stdlib.h>

#define SOON 60 /* seconds that the clocks of both systems may be apart */

static void begin_asked(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.asked;"
			   "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
}

static bool none_asked(struct job *job)
{
	return !db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM temp.asked)", "");
}

static bool needed(struct job *job, const char *what)
{
	char *sql = xasprintf("SELECT %s FROM mapping_needs", what);
	bool needed = db_int(job->db, 0, sql, "");

	free(sql);
	return needed;
}

/* What of temp.named(id, run, at, date_modified) was not read since its order changed -> temp.asked.  A
 * whole list that was read later counts, a reading that failed does not. */
static void ask_stale(struct job *job, const char *kind)
{
	begin_asked(job);
	db_run(job->db,
	       "INSERT OR IGNORE INTO temp.asked SELECT n.id FROM temp.named n"
	       "  LEFT JOIN named_read r ON r.kind = ?1 AND r.id = n.id"
	       "  LEFT JOIN named_read w ON w.kind = ?1 AND w.id = 0"
	       " WHERE (r.id IS NULL OR r.there IS NULL OR r.run < n.run OR (r.run = n.run AND r.at < n.at))"
	       "   AND NOT coalesce(n.listed AND w.at > n.date_modified + ?2, 0)",
	       "ti", kind, (int64_t)SOON);
}

/* --- customers ------------------------------------------------------------------------------- */

static void keep_customers(struct job *job, const char *ids, const struct bc_read *read)
{
	if (!read->absent && !read->refused)
		db_run(job->db,
		       "INSERT INTO stg_bc_customer(id, payload, sha256, changed_run, group_id, read_at)"
		       " SELECT id, payload, sha256(payload), (SELECT id FROM current_run),"
		       "        coalesce(whole(payload -> '$.customer_group_id'), 0), ?"
		       "   FROM temp.page WHERE id IN (SELECT id FROM temp.asked)"
		       " ON CONFLICT(id) DO UPDATE SET payload = excluded.payload, sha256 = excluded.sha256,"
		       " group_id = excluded.group_id, read_at = excluded.read_at,"
		       " changed_run = iif(sha256 IS excluded.sha256, changed_run, excluded.changed_run)",
		       "i", clock_now() / 1000);
	named_listed(job, ids, read);
}

static bool read_customers(struct job *job)
{
	static const struct bc_list customers = {
		.what = "customers of orders",
		.path = "/v3/customers",
		.limit = 250,
		.may_be_absent = true,
		.may_be_refused = true,
		.shape = "coalesce(json_type(value, '$.email'),"
			 " json_type(value, '$.customer_group_id')) IS NOT NULL",
	};

	return bc_ids_read(job, &customers, keep_customers);
}

/* A group that is younger than the list of groups; once for what was read just now. */
static bool read_unknown_groups(struct job *job)
{
	if (!db_int(job->db, 0,
		    "SELECT EXISTS (SELECT 1 FROM named_read n JOIN stg_bc_customer k ON k.id = n.id"
		    "  WHERE n.kind = 'bc_customer' AND n.run = ? AND k.group_id > 0 AND NOT EXISTS"
		    "   (SELECT 1 FROM ref_list g WHERE g.system = 'bigcommerce' AND g.list = 'customer_group'"
		    "       AND g.id = k.group_id))",
		    "i", job->run))
		return true;
	return list_read(job, BIGCOMMERCE, "customer_group");
}

bool fresh_read_customers(struct job *job)
{
	if (!needed(job, "groups"))
		return true;
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.named; CREATE TEMP TABLE named AS"
		  " SELECT customer_id AS id, run, at, date_modified, 0 AS listed FROM order_naming"
		  "  WHERE customer_id > 0");
	ask_stale(job, "bc_customer");
	if (none_asked(job))
		return true;
	if (!named_read(job, "bc_customer", read_customers))
		return false;
	/* an account that was deleted is in no group, whatever it was in before */
	db_script(
		job->db,
		"INSERT INTO stg_bc_customer(id, sha256, changed_run, group_id, read_at)"
		" SELECT id, '', run, 0, at FROM named_read WHERE kind = 'bc_customer' AND there = 0"
		" ON CONFLICT(id) DO UPDATE SET payload = NULL, sha256 = '', group_id = 0,"
		" changed_run = excluded.changed_run, read_at = excluded.read_at WHERE sha256 <> ''");
	return read_unknown_groups(job);
}

/* --- products -------------------------------------------------------------------------------- */

static bool read_products(struct job *job)
{
	return catalog_read_asked(job, needed(job, "keys"));
}

bool fresh_read_products(struct job *job)
{
	if (!needed(job, "classes OR keys"))
		return true;
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.named; CREATE TEMP TABLE named AS"
		" SELECT l.product_id AS id, n.run, n.at, n.date_modified, EXISTS (SELECT 1 FROM"
		"        ref_bc_product p WHERE p.product_id = l.product_id AND p.variant_id = 0) AS listed"
		"   FROM order_naming n JOIN stg_bc_order_line l ON l.order_id = n.id WHERE l.product_id > 0");
	ask_stale(job, "bc_product");
	if (none_asked(job))
		return true;
	if (!named_read(job, "bc_product", read_products))
		return false;
	db_script(job->db, "DELETE FROM ref_bc_product WHERE product_id IN"
			   " (SELECT id FROM named_read WHERE kind = 'bc_product' AND there = 0)");
	return true;
}

/* Brightpearl's products that the orders' keys are known for now -> temp.named, temp.keyed. */
static void name_keys(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.named; CREATE TEMP TABLE named AS"
			   " SELECT b.id, n.run, n.at, n.date_modified, 1 AS listed, b.key_fold"
			   "   FROM order_naming n JOIN line_key k ON k.order_id = n.id"
			   "   JOIN ref_bp_product b ON b.key_fold = k.key WHERE k.catalogued"
			   "    AND k.named_id IS NULL UNION ALL"
			   " SELECT b.id, n.run, n.at, n.date_modified, 1, b.key_fold"
			   "   FROM order_naming n JOIN line_key k ON k.order_id = n.id"
			   "   JOIN ref_bp_product b ON b.id = k.named_id WHERE k.catalogued");
}

/* Products that are gone, or have another key now. */
static bool some_moved(struct job *job)
{
	db_script(job->db, "DELETE FROM ref_bp_product WHERE id IN"
			   " (SELECT id FROM named_read WHERE kind = 'bp_product' AND there = 0)");
	return db_int(
		job->db, 0,
		"SELECT EXISTS (SELECT 1 FROM temp.named n WHERE NOT EXISTS"
		" (SELECT 1 FROM ref_bp_product b WHERE b.id = n.id AND b.key_fold = n.key_fold))",
		"");
}

/* When one lost its key, another may have got it: products new or changed are read, and what has the
 * keys then is asked for in its turn. */
bool fresh_read_keys(struct job *job)
{
	for (bool moved = true, again = false; moved; again = true) {
		if (again && !products_read(job, false))
			return false;
		name_keys(job);
		ask_stale(job, "bp_product");
		if (none_asked(job))
			return true;
		if (!named_read(job, "bp_product", products_read_asked))
			return false;
		moved = some_moved(job) && !again;
	}
	return true;
}
