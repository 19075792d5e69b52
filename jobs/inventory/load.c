/* out_stock -> absolute stock in BigCommerce, up to 2,000 quantities of one location to a request,
 * one request in flight.
 *
 * A refused batch is cut in halves until the quantities at fault stand alone, and the rest goes.
 * Just before each batch the newest orders are listed again, and what they hold is taken off.  A
 * row found claimed was in flight when something died: it is set again by what is read now. */
#include "jobs/inventory/brake.h"
#include "jobs/inventory/inventory.h"
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/orders.h"
#include "jobs/reference/lists.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 2000

enum pushed { PUSHED_ON, PUSHED_STOP, PUSHED_FAILED };

/* The books learn of rows that this made. */
static void decide_again(struct job *job)
{
	int64_t before = out_count(job, "out_stock", "state IN ('pending', 'claimed')");

	inventory_decide(job);
	job->counts.planned += out_count(job, "out_stock", "state IN ('pending', 'claimed')") -
			       before;
}

/* Orders placed since the extract hold units, too. */
static bool take_off_newer_orders(struct job *job)
{
	if (!orders_read_newer(job))
		return false;
	decide_again(job);
	return true;
}

/* A reading that is older counts no more. */
static int64_t oldest(struct job *job)
{
	return clock_now() / 1000 - 60 * setting_int(job->db, "inventory.max_age_minutes", 20);
}

/* The rows that may be set now: of readings that are not too old. */
static int64_t list_fresh(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.fresh;"
			   "CREATE TEMP TABLE fresh(key TEXT PRIMARY KEY) WITHOUT ROWID");
	db_run(job->db,
	       "INSERT INTO temp.fresh SELECT x.key FROM out_stock x"
	       "  JOIN temp.choice c ON c.row_key = x.key JOIN temp.item i ON i.row_key = x.key"
	       "  LEFT JOIN stg_bp_availability a ON a.product_id = i.bp_product_id"
	       " WHERE x.state = 'pending' AND x.held IS NULL AND (c.is_fixed OR a.clock_at >= ?)",
	       "i", oldest(job));
	return db_changes(job->db);
}

static void tell_stale(struct job *job)
{
	int64_t count = out_count(job, "out_stock", "state = 'pending' AND held IS NULL");

	if (count)
		job_later(job,
			  "%lld quantities were read more than inventory.max_age_minutes ago: not"
			  " pushed, the next run reads them again",
			  (long long)count);
}

/* The next rows into temp.batch(n, key), all of one location; returns how many. */
static int64_t take_batch(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.batch;"
			   "CREATE TEMP TABLE batch(n INTEGER PRIMARY KEY, key TEXT)");
	db_run(job->db,
	       "INSERT INTO temp.batch(key) SELECT key FROM out_stock JOIN temp.fresh USING (key)"
	       " WHERE location_id = (SELECT min(location_id) FROM out_stock"
	       "                       JOIN temp.fresh USING (key))"
	       " ORDER BY key LIMIT ?",
	       "i", (int64_t)BATCH);
	return db_changes(job->db);
}

/* set may name :now */
static void for_rows(struct job *job, int64_t first, int64_t last, const char *set)
{
	char *sql = xasprintf("UPDATE out_stock SET %s WHERE key IN"
			      " (SELECT key FROM temp.batch WHERE n BETWEEN :first AND :last)",
			      set);
	STMT st = db_prepare(job->db, sql);

	free(sql);
	bind(st, ":first", first);
	bind(st, ":last", last);
	if (sqlite3_bind_parameter_index(st, ":now"))
		bind(st, ":now", clock_now() / 1000);
	stmt_run(st);
}

static char *compose(struct job *job, int64_t first, int64_t last)
{
	return db_text(job->db,
		       "SELECT json_object('reason', 'stock of Brightpearl', 'items',"
		       " json_group_array(json(x.body))) FROM temp.batch b"
		       " JOIN out_stock x ON x.key = b.key WHERE b.n BETWEEN ? AND ?",
		       "ii", first, last);
}

/* What the shop shows from now on; an item that it did not list is not known before it does. */
static void note_shown(struct job *job, int64_t first, int64_t last)
{
	db_run(job->db,
	       "UPDATE stg_bc_stock SET on_hand = x.quantity FROM temp.batch b"
	       "  JOIN out_stock x ON x.key = b.key WHERE b.n BETWEEN ? AND ?"
	       "   AND x.product_id = stg_bc_stock.product_id AND x.location_id ="
	       " stg_bc_stock.location_id"
	       "   AND (x.variant_id = 0 OR x.variant_id = stg_bc_stock.variant_id)",
	       "ii", first, last);
}

static void settle_done(struct job *job, int64_t first, int64_t last)
{
	db_begin(job->db);
	for_rows(job, first, last,
		 "state = 'done', message = NULL, shown = quantity, was_set = quantity,"
		 " how = 'changed'");
	note_shown(job, first, last);
	db_commit(job->db);
	out_count_came(job, "changed", last - first + 1);
}

static void settle_refused(struct job *job, int64_t n, const char *why)
{
	char *key = db_text(job->db, "SELECT key FROM temp.batch WHERE n = ?", "i", n);
	char *record = db_text(job->db, "SELECT record FROM out_stock WHERE key = ?", "t", key);

	db_begin(job->db);
	out_reject(job, "out_stock", key, why);
	reject_open(job, "inventory", record, "refused", why,
		    "mend the product in BigCommerce; it is tried again when its stock changes, "
		    "with the next full push, or by ./run.sh retry");
	catalog_doubted(job); /* it may be tracked otherwise since */
	db_commit(job->db);
	job->counts.rejected++;
	free(record);
	free(key);
}

static void settle_later(struct job *job, int64_t first, int64_t last, bool unknown)
{
	db_begin(job->db);
	for_rows(job, first, last,
		 unknown ? "message = 'the outcome of the push is unknown'"
			 : "state = 'pending', sent = NULL");
	db_commit(job->db);
}

/* Send rows first to last of temp.batch; they are claimed. */
static enum pushed push(struct job *job, int64_t first, int64_t last)
{
	char *body = compose(job, first, last);
	REPLY r = http_send(job->http,
			    &(struct http_request){.api = BIGCOMMERCE,
						   .method = "PUT",
						   .path = "/v3/inventory/adjustments/absolute",
						   .body = body});
	free(body);
	if (r.outcome == HTTP_OK && r.status != 207) {
		settle_done(job, first, last);
		return PUSHED_ON;
	}
	if (r.outcome == HTTP_REFUSED || r.outcome == HTTP_OK) { /* 207: part of it failed */
		int64_t middle = (first + last) / 2;
		if (first == last) {
			settle_refused(job, first, *r.message ? r.message : "only partly done");
			return PUSHED_ON;
		}
		enum pushed half = push(job, first, middle);
		if (half == PUSHED_ON)
			return push(job, middle + 1, last);
		settle_later(job, middle + 1, last, false);
		return half;
	}
	settle_later(job, first, last, r.outcome == HTTP_UNKNOWN);
	if (r.outcome == HTTP_UNKNOWN) {
		job_later(job, "the outcome of a push is unknown (%s): the next run pushes afresh",
			  r.message);
		return PUSHED_STOP;
	}
	job_outage(job, BIGCOMMERCE, "setting stock", &r);
	return PUSHED_FAILED;
}

static enum pushed push_batch(struct job *job)
{
	int64_t count = take_batch(job);

	db_begin(job->db);
	for_rows(job, 1, count,
		 "state = 'claimed', sent = body, attempts = attempts + 1, claimed_at = :now,"
		 " message = NULL, " STOCK_BRAKE_CLAIM);
	db_commit(job->db);
	log_progress("quantities set", job->counts.done, job->counts.planned);
	return push(job, 1, count);
}

/* One batch of what was read lately; when there is none, what is still to be read. */
static enum pushed push_or_read(struct job *job)
{
	bool some = false;

	if (!take_off_newer_orders(job))
		return PUSHED_FAILED;
	stock_brake_apply(job);
	if (list_fresh(job))
		return push_batch(job);
	if (!inventory_read_more(job, oldest(job), &some))
		return PUSHED_FAILED;
	if (some) {
		decide_again(job);
		return PUSHED_ON;
	}
	tell_stale(job);
	return PUSHED_STOP;
}

static void note_full_push(struct job *job)
{
	if (out_count(job, "out_stock", "state IN ('pending', 'claimed')"))
		return;
	db_script(job->db, "UPDATE cursor SET done_until = coalesce(window_from, done_until),"
			   " window_from = NULL WHERE feed = 'inventory_full'");
}

static bool is_anything_left(struct job *job)
{
	return db_int(job->db, 0,
		      "SELECT EXISTS (SELECT 1 FROM out_stock WHERE state = 'pending')"
		      " OR EXISTS (SELECT 1 FROM stock_item i JOIN ref_bp_product b"
		      "             ON b.id = i.bp_product_id AND b.bundle = 1"
		      "     LEFT JOIN stg_bp_availability a ON a.product_id = b.id"
		      "    WHERE i.tracking <> 'none' AND coalesce(a.clock_at, 0) <"
		      "     (SELECT done_until FROM cursor WHERE feed = 'inventory_read'))",
		      "");
}

static bool load(struct job *job)
{
	enum pushed pushed = PUSHED_ON;

	stock_brake_forget(job);
	/* Nobody knows what these show now. */
	db_script(job->db, "UPDATE out_stock SET state = 'pending', sent = NULL"
			   " WHERE state = 'claimed'");
	while (pushed == PUSHED_ON && is_anything_left(job))
		pushed = push_or_read(job);
	log_progress_end();
	if (pushed == PUSHED_STOP)
		stock_brake_tell(job);
	stock_brake_release(job);
	db_begin(job->db);
	reject_close_settled(job, "inventory", "out_stock", "record");
	db_commit(job->db);
	note_full_push(job);
	return pushed != PUSHED_FAILED;
}

/* What a brake would hold, where nothing is sent. */
static void tell_planned(struct job *job)
{
	char *enabled = job_enabled(job, "inventory");

	if (!strcmp(enabled, "plan")) {
		inventory_decide(job);
		stock_brake_apply(job);
		stock_brake_tell(job);
	}
	free(enabled);
}

bool inventory_load(struct job *job)
{
	tell_planned(job);
	return load_run(job, &(struct load){.job = "inventory",
					    .table = "out_stock",
					    .ready = "state = 'pending'",
					    .run = load});
}
