#include "jobs/job.h"
#include "jobs/transform.h"

extern const char sql_customers_wanted[], sql_customers_transform[], sql_customers_difference[],
	sql_customers_settle[];

bool customers_transform(struct job *job)
{
	if (job_is_off(job, "customers") && job_is_off(job, "orders"))
		return true;
	return transform_run(job, "customers",
			     (const char *[]){sql_customers_wanted, sql_customers_transform,
					      sql_customers_difference, sql_customers_settle,
					      NULL});
}
