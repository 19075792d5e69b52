#include "jobs/orders/reserve.h"

#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/noted.h"
#include "jobs/orders/sales.h"
#include "jobs/wave.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>

#define FRESH   "state = 'pending' AND holder IS NULL AND warehouse_id IS NOT NULL AND guarded"
#define CHANGED "state = 'pending' AND holder = 'us'"

/* The next after :last: what is scarce goes to the older order. */
#define NEXT                                                                                       \
	" AND order_id > coalesce((SELECT order_id FROM out_reservation WHERE key = :last), 0)"    \
	" ORDER BY order_id LIMIT 1"

/* How the order stands is no longer as it was when its reservation was read. */
#define STALE                                                                                      \
	"state <> 'claimed' AND (holder IS NOT NULL OR attempts > 0)"                              \
	" AND order_id IN (SELECT order_id FROM temp.reserving WHERE NOT keep)"                    \
	" AND seen IS NOT (SELECT c.codes FROM sale_codes c WHERE c.id = sale_id)"
/* What would be changed is read right before: staff may have lowered it. */
#define UNREAD CHANGED " AND read_run <> (SELECT id FROM current_run)"

/* Of products of which less is allocated than it should be; a few in each run. */
#define MISSED "state = 'done' AND order_id IN (SELECT order_id FROM temp.missed)"

extern const char sql_orders_reserving[], sql_orders_units[], sql_orders_reserve[],
	sql_orders_reserve_missed[];

static void claimed(struct job *job, const char *key)
{
	db_run(job->db, "UPDATE out_reservation SET refused = NULL WHERE key = ?", "t", key);
}

/* How much of it Brightpearl reserved is not in its answer: that is read. */
static void made(struct job *job, const char *key, int64_t id)
{
	(void)id;
	db_run(job->db,
	       "UPDATE out_reservation_row SET tried = wanted"
	       " WHERE order_id = (SELECT order_id FROM out_reservation WHERE key = ?)",
	       "t", key);
	db_run(job->db, "UPDATE out_reservation SET holder = 'us', read_back = 0 WHERE key = ?",
	       "t", key);
	int64_t sale = db_int(job->db, 0, "SELECT sale_id FROM out_reservation WHERE key = ?", "t",
			      key);
	out_done(job, "out_reservation", key, sale);
	out_came(job, "out_reservation", key, NULL);
}

/* What it means shows when the reservation is asked for: it stays claimed until then. */
static void refused(struct job *job, const char *key, const char *why)
{
	db_run(job->db, "UPDATE out_reservation SET refused = ? WHERE key = ?", "tt", why, key);
}

static const struct wave reserving = {
	.api = BRIGHTPEARL,
	.table = "out_reservation",
	.ready = FRESH,
	.select = "SELECT key, body, '/warehouse-service/order/' || sale_id ||"
		  " '/reservation/warehouse/' || warehouse_id FROM out_reservation"
		  " WHERE " FRESH NEXT,
	.what = "reservations",
	.claims = true,
	.in_turn = true,
	.no_id = true,
	.claimed = claimed,
	.made = made,
	.refused = refused,
};

static const struct wave changing = {
	.api = BRIGHTPEARL,
	.table = "out_reservation",
	.ready = CHANGED,
	.select = "SELECT key, body, '/warehouse-service/order/' || sale_id || '/reservation'"
		  " FROM out_reservation WHERE " CHANGED NEXT,
	.method = "PUT",
	.what = "changed reservations",
	.claims = true,
	.in_turn = true,
	.no_id = true,
	.claimed = claimed,
	.made = made,
	.refused = refused,
};

/* Changes first: they belong to older orders. */
static bool send_ready(struct job *job)
{
	return (!out_count(job, "out_reservation", CHANGED) || wave_send(job, &changing)) &&
	       (!out_count(job, "out_reservation", FRESH) || wave_send(job, &reserving));
}

/* Rejects of rows that are no longer rejected are closed. */
static void close_rejects(struct job *job)
{
	db_run(job->db,
	       "UPDATE reject SET closed_at = ? WHERE job = 'orders' AND closed_at IS NULL"
	       " AND key GLOB 'reservation:*' AND key NOT IN"
	       " (SELECT 'reservation:' || order_id FROM out_reservation WHERE state = 'rejected')",
	       "i", clock_now() / 1000);
}

static int64_t waiting(struct job *job)
{
	return out_count(job, "out_reservation", "state IN ('pending', 'claimed')");
}

/* facts: orders, notes or lines are other than when it was last composed. */
static void compose(struct job *job, bool facts)
{
	db_begin(job->db);
	if (facts) {
		db_script(job->db, sql_orders_reserving);
		db_script(job->db, sql_orders_units);
	}
	db_script(job->db, sql_orders_reserve);
	close_rejects(job);
	db_commit(job->db);
}

/* In the middle of the load: what waits now was not counted before. */
static void compose_again(struct job *job)
{
	int64_t before = waiting(job);

	compose(job, true);
	job->counts.planned += waiting(job) - before;
}

/* What an earlier run left in doubt could not be composed anew before it is settled. */
static bool settle_earlier(struct job *job)
{
	if (!out_count(job, "out_reservation", "state = 'claimed'"))
		return true;
	if (!reserve_settle(job))
		return false;
	compose_again(job);
	return true;
}

static bool read_before_change(struct job *job)
{
	if (!out_count(job, "out_reservation", UNREAD))
		return true;
	if (!reserve_refresh(job, UNREAD))
		return false;
	compose_again(job);
	return true;
}

static bool send_and_settle(struct job *job)
{
	if (!read_before_change(job) || !send_ready(job) || !reserve_settle(job))
		return false;
	if (out_count(job, "out_reservation", FRESH " OR " CHANGED)) {
		compose_again(job);
		if (!send_ready(job) || !reserve_settle(job))
			return false;
	}
	return reserve_read_back(job);
}

/* Whether a row that a PUT does not name is let go of is not documented, nor whether 0 is taken: what
 * is still there after the one is sent once more with the other. */
static bool send_all(struct job *job)
{
	if (!send_and_settle(job))
		return false;
	if (reserve_name_zeros(job)) {
		compose_again(job);
		if (!send_and_settle(job))
			return false;
	}
	reserve_tell_kept(job);
	return true;
}

static bool load(struct job *job)
{
	if (!settle_earlier(job) || !reserve_guard(job) || !reserve_stock(job) || !send_all(job))
		return false;
	db_begin(job->db);
	close_rejects(job);
	db_commit(job->db);
	load_remaining(job, "out_reservation", "state = 'claimed'",
		       "reservations in doubt: they are looked up again by the next run");
	load_remaining(job, "out_reservation", "state = 'pending'",
		       "reservations could not be sent yet");
	return true;
}

/* Is there any order to reserve for, or a reservation to keep up? */
static bool needed(struct job *job)
{
	return db_int(job->db, 0,
		      "SELECT EXISTS (SELECT 1 FROM out_reservation) OR EXISTS (SELECT 1 FROM"
		      " link_order) AND (EXISTS (SELECT 1 FROM map_warehouses WHERE reserve IS NOT"
		      " NULL) OR EXISTS (SELECT 1 FROM map_sales WHERE warehouse_id IS NOT NULL))",
		      "");
}

/* What was not read back in the run that sent it, what changed since it was read, and what is missed. */
static bool read_changed(struct job *job)
{
	db_script(job->db, sql_orders_reserve_missed);
	if (!noted_read_changed(job, NOTED_OWED))
		return false;
	compose(job, true);
	if (!reserve_read_back(job))
		return false;
	reserve_all_noted(job, STALE);
	if (!reserve_refresh(job, STALE) || !reserve_refresh(job, MISSED))
		return false;
	compose(job, true);
	return true;
}

bool reserve_load(struct job *job)
{
	if (job_is_off(job, "orders") || !needed(job))
		return true;
	if (!sales_read_changed(job) || !read_changed(job))
		return false;
	return load_run(job, &(struct load){.job = "orders",
					    .table = "out_reservation",
					    .units = "reservations",
					    .ready = FRESH " OR " CHANGED,
					    .run = load});
}

bool reserve_before_edits(struct job *job)
{
	struct counts kept = job->counts;
	bool fine = true;

	if (!reserve_edits_lower(job))
		return true;
	fine = settle_earlier(job) && noted_read_changed(job, NOTED_OWED);
	if (fine) {
		compose(job, true);
		fine = !out_count(job, "out_reservation", CHANGED) || send_all(job);
	}
	db_script(job->db, "DELETE FROM temp.edit_after");
	job->counts = kept;
	return fine;
}
