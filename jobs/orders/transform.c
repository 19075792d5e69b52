#include "jobs/job.h"
#include "jobs/transform.h"
#include "lib/clock.h"

#include <string.h>

extern const char sql_orders_lines[], sql_orders_fresh[], sql_orders_reading[], sql_orders_rows[],
	sql_orders_rate[], sql_orders_rounding[], sql_orders_note[], sql_orders_transform[],
	sql_orders_edited[], sql_orders_edit_state[], sql_orders_edit_words[], sql_orders_edit[],
	sql_orders_row_lines[], sql_orders_edit_note[], sql_orders_order_note[], sql_orders_books[];

static const char *const scripts[] = {sql_orders_lines,
				      sql_orders_fresh,
				      sql_orders_reading,
				      sql_orders_rows,
				      sql_orders_rate,
				      sql_orders_rounding,
				      sql_orders_note,
				      sql_orders_transform,
				      sql_orders_edited,
				      sql_orders_edit_state,
				      sql_orders_edit_words,
				      sql_orders_edit,
				      sql_orders_row_lines,
				      sql_orders_edit_note,
				      sql_orders_order_note,
				      sql_orders_books,
				      NULL};

/* Unlike other things without a mapping, a shipping method is no reason to hold an order. */
static void tell_unknown_methods(struct job *job)
{
	STMT st = db_prepare(job->db,
			     "SELECT t.method, count(*), min(x.key) FROM temp.todo t JOIN "
			     "temp.chosen c USING (id)"
			     " JOIN out_order x ON x.order_id = t.id AND x.state = 'pending'"
			     " WHERE c.shipping_line IS NULL AND coalesce(t.method, '') <> '' "
			     "GROUP BY t.method_fold");

	while (stmt_row(st))
		log_warn(col_text(st, 2),
			 "shipping.csv has no line for the method \"%s\" (%lld orders): imported"
			 " without a shipping method",
			 col_text(st, 0), (long long)col_int(st, 1));
}

/* One message for all orders of a channel that wait for a word about it. */
static void tell_held(struct job *job)
{
	STMT st = db_prepare(
		job->db,
		"SELECT s.reason, count(*), min(o.channel_id) FROM skip s JOIN stg_bc_order o"
		"  ON o.id = CAST(substr(s.key, 7) AS INTEGER)"
		" WHERE s.job = 'orders' AND s.reason GLOB 'held:*' GROUP BY s.reason");

	while (stmt_row(st)) {
		long long count = col_int(st, 1);
		if (strncmp(col_text(st, 0), "held: line ", 11) != 0)
			log_warn("",
				 "%lld order%s %s; say in mappings/sales.csv what becomes of"
				 " them: id:%lld,*,*,*,CHANNEL,,,,,,, brings them over, with no in"
				 " the column sync they are left out",
				 count, count == 1 ? "" : "s", col_text(st, 0),
				 (long long)col_int(st, 2));
		else
			log_warn("", "%lld order%s %s", count, count == 1 ? "" : "s",
				 col_text(st, 0));
	}
}

/* What a load refused is over when its row no longer waits: cancelled or archived in BigCommerce,
 * or mended; unless the transform itself finds the same. */
static void close_rejects(struct job *job)
{
	db_run(job->db,
	       "UPDATE reject SET closed_at = ? WHERE job = 'orders' AND closed_at IS NULL"
	       "   AND by_load AND key LIKE 'order:%' AND reason <> 'unreadable_id'"
	       "   AND key NOT IN (SELECT 'order:' || order_id FROM out_order"
	       "                    WHERE state IN ('pending', 'claimed', 'rejected'))"
	       "   AND NOT EXISTS (SELECT 1 FROM temp.problem p"
	       "                    WHERE p.key = reject.key AND p.reason = reject.reason)",
	       "i", clock_now() / 1000);
}

#define OLD_DAYS 60

/* The first orders that are sent, when they go back a long way. */
static void tell_old_start(struct job *job)
{
	int64_t start = setting_int(job->db, "orders.start_date", 0);
	int64_t days = (clock_now() / 1000 - start) / 86400;

	if (!start || days <= OLD_DAYS || !job->counts.planned ||
	    db_int(job->db, 0, "SELECT reference IS NOT NULL FROM binding", ""))
		return;
	log_warn("", "orders.start_date is %lld days ago: it brings %lld orders", (long long)days,
		 (long long)job->counts.planned);
}

bool orders_transform(struct job *job)
{
	if (job_is_off(job, "orders"))
		return true;
	bool fine = transform_run(job, "orders", scripts);
	tell_held(job);
	tell_old_start(job);
	close_rejects(job);
	tell_unknown_methods(job);
	return fine;
}
