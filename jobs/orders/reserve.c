#include "jobs/orders/reserve.h"

#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/sales.h"
#include "jobs/wave.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>

#define FRESH   "state = 'pending' AND holder IS NULL AND warehouse_id IS NOT NULL AND guarded"
#define CHANGED "state = 'pending' AND holder = 'us'"

extern const char sql_orders_reserve[];

static void claimed(struct job *job, const char *key)
{
	db_run(job->db, "UPDATE out_reservation SET refused = NULL WHERE key = ?", "t", key);
}

/* Until it is read back, a new reservation counts as all of it, a changed one as no more. */
static void made(struct job *job, const char *key, int64_t id)
{
	(void)id;
	db_run(job->db,
	       "UPDATE out_reservation_row AS r SET reserved = iif(x.holder IS NULL, wanted,"
	       " min(reserved, wanted)) FROM out_reservation x"
	       " WHERE x.key = ? AND r.order_id = x.order_id",
	       "t", key);
	db_run(job->db,
	       "UPDATE out_reservation SET holder = 'us',"
	       " read_back = json_array_length(body, '$.products') = 0 WHERE key = ?",
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
		  " WHERE " FRESH " AND key > :last ORDER BY key LIMIT 1",
	.what = "reservations",
	.claims = true,
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
		  " FROM out_reservation WHERE " CHANGED " AND key > :last ORDER BY key LIMIT 1",
	.method = "PUT",
	.what = "changed reservations",
	.claims = true,
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

static void compose(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, sql_orders_reserve);
	close_rejects(job);
	db_commit(job->db);
}

static int64_t waiting(struct job *job)
{
	return out_count(job, "out_reservation", "state IN ('pending', 'claimed')");
}

/* What an earlier run left in doubt could not be composed anew before it is settled. */
static bool settle_earlier(struct job *job)
{
	if (!out_count(job, "out_reservation", "state = 'claimed'"))
		return true;
	if (!reserve_settle(job))
		return false;
	int64_t before = waiting(job);
	compose(job);
	job->counts.planned += waiting(job) - before;
	return true;
}

static bool load(struct job *job)
{
	if (!settle_earlier(job) || !reserve_guard(job) || !reserve_stock(job) ||
	    !send_ready(job) || !reserve_settle(job) || !send_ready(job) || !reserve_settle(job) ||
	    !reserve_read_back(job))
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

bool reserve_load(struct job *job)
{
	if (job_is_off(job, "orders") || !needed(job))
		return true;
	if (!sales_read_changed(job))
		return false;
	compose(job);
	return load_run(job, &(struct load){.job = "orders",
					    .table = "out_reservation",
					    .units = "reservations",
					    .ready = FRESH " OR " CHANGED,
					    .run = load});
}
