#include "jobs/job.h"
#include "jobs/transform.h"

extern const char sql_payments_seen[], sql_payments_parts[], sql_payments_refunds[],
	sql_payments_credit[], sql_payments_transform[];

static const char *const scripts[] = {sql_payments_seen,      sql_payments_parts,
				      sql_payments_refunds,   sql_payments_credit,
				      sql_payments_transform, NULL};

bool payments_transform(struct job *job)
{
	return job_is_off(job, "payments") || transform_run(job, "payments", scripts);
}
