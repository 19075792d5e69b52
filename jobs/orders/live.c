#include "jobs/orders/live.h"

#include "jobs/job.h"
#include "jobs/orders/noted.h"
#include "jobs/orders/sales.h"
#include "jobs/records.h"
#include "lib/clock.h"
#include "lib/reject.h"

extern const char sql_orders_live_scope[], sql_orders_units[], sql_orders_live[];

/* They are opened by a load, so no transform closes them; only what is new is told. */
static void settle(struct job *job)
{
	db_run(job->db,
	       "UPDATE reject SET closed_at = ? WHERE job = 'orders' AND closed_at IS NULL"
	       " AND reason IN ('cancelled_in_shop', 'refunded_may_still_ship',"
	       " 'disputed_may_still_ship')"
	       " AND key NOT IN (SELECT key FROM temp.live_problem)"
	       " AND NOT EXISTS (SELECT 1 FROM temp.live_left l JOIN temp.scope t USING (order_id)"
	       "                  WHERE reject.key = 'cancelled:' || l.order_id)",
	       "i", clock_now() / 1000);
	STMT st = db_prepare(
		job->db, "SELECT key, reason, message, hint FROM temp.live_problem p"
			 " WHERE NOT EXISTS (SELECT 1 FROM reject r WHERE r.job = 'orders'"
			 "       AND r.key = p.key AND r.reason = p.reason"
			 "       AND r.message = p.message AND r.closed_at IS NULL) ORDER BY key");
	while (stmt_row(st))
		reject_open(job, "orders", col_text(st, 0), col_text(st, 1), col_text(st, 2),
			    col_text(st, 3));
}

/* left: SQL, the orders that are not told of now. */
static void tell(struct job *job, const char *left)
{
	db_begin(job->db);
	db_script(job->db, left);
	db_script(job->db, sql_orders_live_scope);
	db_script(job->db, sql_orders_units);
	db_script(job->db, sql_orders_live);
	settle(job);
	db_commit(job->db);
}

/* With a reservation to keep up they were read just now. */
static bool read_sales(struct job *job)
{
	static const char such[] =
		"k.order_id IN (SELECT id FROM stg_bc_order WHERE status_id IN (4, 5, 6, 13)"
		" UNION SELECT order_id FROM stg_bc_order_line WHERE refunded > 0)";

	return sales_read_changed_of(job, such) &&
	       noted_read_changed(
		       job,
		       "w.owes AND (SELECT value FROM setting WHERE name = 'inventory.enabled') <> 'no'"
		       " OR " NOTED_REFUNDED);
}

bool live_tell(struct job *job)
{
	if (records_all_off(job))
		return true;
	if (!read_sales(job))
		return false;
	tell(job,
	     "DROP TABLE IF EXISTS temp.live_left; CREATE TEMP TABLE live_left AS"
	     " SELECT o.id AS order_id FROM stg_bc_order o"
	     "   JOIN status_choice c ON c.status_id = o.status_id"
	     "  WHERE o.status_id IN (5, 6) AND c.becomes_id = (SELECT CAST(value AS INTEGER)"
	     "        FROM ref_bp_configuration WHERE name = 'cancelledOrderStatusId')"
	     "    AND (SELECT value FROM setting WHERE name = 'statuses.to_brightpearl.enabled') = 'yes'");
	return true;
}

void live_tell_left(struct job *job)
{
	tell(job, "DROP TABLE IF EXISTS temp.live_left; CREATE TEMP TABLE live_left AS"
		  " SELECT order_id FROM out_status WHERE target = 'brightpearl'"
		  "    AND (state = 'pending' AND held IS NULL OR state = 'claimed')");
}
