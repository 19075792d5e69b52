#include "jobs/job.h"
#include "jobs/transform.h"

extern const char sql_orders_rows[], sql_orders_transform[];

bool orders_transform(struct job *job)
{
	if (job_is_off(job, "orders"))
		return true;
	return transform_run(job, "orders", sql_orders_rows, sql_orders_transform);
}
