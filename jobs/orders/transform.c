#include "jobs/job.h"
#include "jobs/transform.h"

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

bool orders_transform(struct job *job)
{
	if (job_is_off(job, "orders"))
		return true;
	bool fine = transform_run(job, "orders", scripts);
	tell_unknown_methods(job);
	return fine;
}
