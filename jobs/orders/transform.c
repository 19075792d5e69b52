#include "jobs/job.h"
#include "jobs/transform.h"
#include "lib/reject.h"

#include <stdlib.h>

extern const char sql_orders_lines[], sql_orders_reading[], sql_orders_rows[], sql_orders_note[],
	sql_orders_transform[];

static const char *const scripts[] = {sql_orders_lines, sql_orders_reading,   sql_orders_rows,
				      sql_orders_note,  sql_orders_transform, NULL};

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

/* What a load refused is over when its row no longer waits: cancelled or archived in BigCommerce,
 * or mended; unless the transform itself finds the same. */
static void close_rejects(struct job *job)
{
	for (char *key;; free(key)) {
		key = db_text(
			job->db,
			"SELECT key FROM reject r WHERE job = 'orders' AND closed_at IS NULL"
			"   AND by_load AND key LIKE 'order:%'"
			"   AND NOT EXISTS (SELECT 1 FROM out_order x WHERE x.state IN ('pending', "
			"'claimed', 'rejected')"
			"                      AND x.order_id = CAST(substr(r.key, 7) AS INTEGER))"
			"   AND NOT EXISTS (SELECT 1 FROM temp.problem p WHERE p.key = r.key)"
			" LIMIT 1",
			"");
		if (!key)
			return;
		reject_close(job, "orders", key);
	}
}

bool orders_transform(struct job *job)
{
	if (job_is_off(job, "orders"))
		return true;
	bool fine = transform_run(job, "orders", scripts);
	close_rejects(job);
	tell_unknown_methods(job);
	return fine;
}
