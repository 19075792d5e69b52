/* Both systems read afresh -> reconcile_bc_*, reconcile_bp_*; once in reconcile.every_hours. */
#include "jobs/inventory/inventory.h"
#include "jobs/job.h"
#include "jobs/reconcile/reconcile.h"
#include "jobs/records.h"
#include "lib/clock.h"
#include "lib/server_clock.h"

#include <stdlib.h>

#define HOUR       3600
#define MOST_ASKED 3    /* times */
#define KEPT       100  /* comparisons */
#define EARLY      HOUR /* clocks of the two systems may differ by less */

extern const char sql_reconcile_match[], sql_reconcile_agree[];

/* By BigCommerce's clock.  Where nothing has told it since this machine started, or answers disagree, it
 * is asked. */
static int64_t latest(struct job *job)
{
	for (int i = 0; i < MOST_ASKED && !server_time_is_sure(job, BIGCOMMERCE); i++) {
		REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
								      .method = "GET",
								      .path = "/v2/time",
								      .may_be_absent = true});
	}
	int64_t now = server_now(job, BIGCOMMERCE);
	return db_int(job->db, now,
		      "SELECT max(?, coalesce(read_until, done_until) + 1) FROM cursor"
		      " WHERE feed = 'bc_orders'",
		      "i", now);
}

struct reconcile_range reconcile_usual(struct job *job)
{
	char *start = setting_text(job->db, "orders.start_date");
	int64_t first = strtoll(start, NULL, 10); /* "everything" is 0 */
	struct reconcile_range range = {.until = latest(job)};

	free(days_zone(job->db));
	free(start);
	range.from = days_midnight(range.until, 1 - RECONCILE_DAYS);
	if (first > range.from && first < range.until)
		range.from = first;
	return range;
}

static void begin(struct job *job, const struct reconcile_range *range)
{
	char *zone = days_zone(job->db);

	db_begin(job->db);
	db_script(job->db, "DELETE FROM reconcile_bc_order; DELETE FROM reconcile_bc_refund;"
			   "DELETE FROM reconcile_bc_money; DELETE FROM reconcile_bc_stock;"
			   "DELETE FROM reconcile_bp_order; DELETE FROM reconcile_bp_payment;"
			   "DELETE FROM reconcile_bp_note; DELETE FROM reconcile_sum");
	db_run(job->db,
	       "INSERT INTO reconcile_run(run_id, at, asked, from_at, until_at, zone, seen_until,"
	       " state) VALUES(?, ?, ?, ?, ?, ?, coalesce((SELECT coalesce(read_until, done_until)"
	       " FROM cursor WHERE feed = 'bc_orders'), 0), 'reading')",
	       "iiiiit", job->run, server_now(job, BIGCOMMERCE), (int64_t)range->asked, range->from,
	       range->until, zone);
	db_run(job->db,
	       "DELETE FROM reconcile_difference WHERE reconcile_id <="
	       " (SELECT max(id) FROM reconcile_run) - ?",
	       "i", (int64_t)KEPT);
	days_list(job->db, range->from, range->until);
	db_commit(job->db);
	free(zone);
}

static void decide(struct job *job, const char *script)
{
	db_begin(job->db);
	db_script(job->db, script);
	db_commit(job->db);
}

/* Ids into temp.NAME(id). */
static void list(struct job *job, const char *name, const char *ids)
{
	char *sql = xasprintf("DROP TABLE IF EXISTS temp.%s;"
			      "CREATE TEMP TABLE %s(id INTEGER PRIMARY KEY);"
			      "INSERT OR IGNORE INTO temp.%s %s",
			      name, name, name, ids);

	db_script(job->db, sql);
	free(sql);
}

/* An order's partner is told by its reference; one that another connector made, by its link. */
static bool read_partners(struct job *job, const struct reconcile_range *range)
{
	char since[CLOCK_TEXT];
	char *filter = xasprintf("&orderTypeId=1,3&createdOn=%s/",
				 clock_iso(since, range->from - EARLY));
	bool fine = reconcile_search(job, filter);

	free(filter);
	if (!fine)
		return false;
	decide(job, sql_reconcile_match);
	list(job, "asked",
	     "SELECT b.id FROM reconcile_bp_order b WHERE b.type_id = 1 AND b.order_id IS NOT NULL"
	     " AND (b.order_id IN (SELECT id FROM reconcile_bc_order) OR b.created_on < 2 * 86400 +"
	     "      (SELECT until_at FROM reconcile_run ORDER BY id DESC LIMIT 1))"
	     " UNION SELECT k.sales_order_id FROM link_order k"
	     "  JOIN reconcile_bc_order o ON o.id = k.order_id");
	if (!reconcile_read_sales(job))
		return false;
	decide(job, sql_reconcile_match);
	list(job, "asked", "SELECT id FROM reconcile_bp_order WHERE read");
	return reconcile_read_payments(job);
}

/* Orders that Brightpearl has under our prefix, and that BigCommerce did not list. */
static bool read_unknown(struct job *job)
{
	list(job, "cut",
	     "SELECT b.order_id FROM reconcile_bp_order b, (SELECT * FROM reconcile_run"
	     "  ORDER BY id DESC LIMIT 1) r WHERE b.read AND b.placed_on >= r.from_at"
	     " AND b.placed_on < r.until_at"
	     " AND b.order_id NOT IN (SELECT id FROM reconcile_bc_order)");
	return reconcile_read_unknown(job);
}

/* What belongs to an order that disagrees: what was split off it, its credits, its transactions. */
static bool read_disagreeing(struct job *job)
{
	decide(job, sql_reconcile_agree);
	list(job, "asked",
	     "SELECT sale_id FROM temp.pair WHERE sale_id IS NOT NULL"
	     " AND NOT (total_agrees AND paid_agrees)");
	if (!reconcile_read_children(job))
		return false;
	decide(job, sql_reconcile_agree);
	list(job, "cut",
	     setting_is(job->db, "payments.enabled", "yes")
		     ? "SELECT id FROM temp.pair WHERE sale_id IS NOT NULL AND NOT paid_agrees"
		     : "SELECT 0 WHERE false");
	return reconcile_read_money(job);
}

static bool read_notes(struct job *job)
{
	list(job, "asked",
	     "SELECT id FROM reconcile_bp_order WHERE read AND type_id = 1"
	     " AND order_id IN (SELECT id FROM reconcile_bc_order)"
	     " AND shipping_status IN ('SPS', 'ASS')");
	return reconcile_read_notes(job);
}

static bool read_stock(struct job *job)
{
	if (!setting_is(job->db, "inventory.enabled", "yes"))
		return true;
	if (!inventory_read_availability(job) || !reconcile_read_shop(job))
		return false;
	db_run(job->db, "UPDATE reconcile_run SET stock = 1 WHERE state = 'reading'", "");
	return true;
}

bool reconcile_read(struct job *job, const struct reconcile_range *range)
{
	begin(job, range);
	if (!reconcile_read_orders(job, range) || !reconcile_read_unseen(job) ||
	    !reconcile_read_refunds(job, range->from) || !read_partners(job, range) ||
	    !read_unknown(job) || !read_disagreeing(job) || !read_notes(job) || !read_stock(job))
		return false;
	db_begin(job->db);
	db_run(job->db,
	       "UPDATE reconcile_run SET state = 'read' WHERE id = (SELECT max(id) FROM"
	       " reconcile_run)",
	       "");
	db_run(job->db, "INSERT OR REPLACE INTO cursor(feed, done_until) VALUES('reconcile', ?)",
	       "i", server_now(job, BIGCOMMERCE));
	db_commit(job->db);
	return true;
}

/* One that failed may have asked hundreds of times: not in every run. */
static bool failed_lately(struct job *job)
{
	int64_t now = server_now(job, BIGCOMMERCE);

	return db_int(
		job->db, 0,
		"SELECT done_until BETWEEN ? AND ? FROM cursor WHERE feed = 'reconcile_failed'",
		"ii", now - HOUR + 1, now);
}

static void remember_failure(struct job *job)
{
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO cursor(feed, done_until) VALUES('reconcile_failed', ?)", "i",
	       server_now(job, BIGCOMMERCE));
	db_commit(job->db);
}

/* The first comparison is due once there was time for something to go apart. */
static bool is_due(struct job *job)
{
	int64_t hours = setting_int(job->db, "reconcile.every_hours", 24);
	int64_t last = db_int(job->db, 0, "SELECT done_until FROM cursor WHERE feed = 'reconcile'",
			      "");

	if (!hours)
		return false;
	if (last)
		return server_now(job, BIGCOMMERCE) >= last + HOUR * hours && !failed_lately(job);
	db_begin(job->db);
	db_run(job->db, "INSERT INTO cursor(feed, done_until) VALUES('reconcile', ?)", "i",
	       server_now(job, BIGCOMMERCE));
	db_commit(job->db);
	return false;
}

bool reconcile_extract(struct job *job)
{
	if (job->plan || records_all_off(job) || !is_due(job))
		return true;
	struct reconcile_range range = reconcile_usual(job);
	bool fine = reconcile_read(job, &range);
	if (!fine)
		remember_failure(job);
	return fine;
}
