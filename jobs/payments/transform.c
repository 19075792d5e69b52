#include "jobs/job.h"
#include "jobs/payments/payments.h"
#include "jobs/transform.h"

extern const char sql_payments_seen[], sql_payments_parts[], sql_payments_refund_scope[],
	sql_orders_units[], sql_payments_refund_open[], sql_payments_refunds[],
	sql_payments_credit[], sql_payments_transform[];

static const char *const scripts[] = {
	sql_payments_seen,   sql_payments_parts,       sql_payments_refund_scope,
	sql_orders_units,    sql_payments_refund_open, sql_payments_refunds,
	sql_payments_credit, sql_payments_transform,   NULL,
};

bool payments_transform(struct job *job)
{
	return job_is_off(job, "payments") || transform_run(job, "payments", scripts);
}

void payments_decide_again(struct job *job)
{
	transform_again(job, "payments", scripts);
}

void payments_look_at_refunds(struct job *job)
{
	db_script(job->db, sql_payments_seen);
	db_script(job->db, sql_payments_refund_scope);
	db_script(job->db, sql_orders_units);
	db_script(job->db, sql_payments_refund_open);
}
