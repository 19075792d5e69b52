/* Brightpearl's side of the statuses; BigCommerce's came with orders.extract. */
#include "jobs/job.h"
#include "jobs/orders/sales.h"
#include "jobs/statuses/statuses.h"

bool statuses_extract(struct job *job)
{
	return agreed_is_idle(job, &statuses_job) || sales_read_changed(job);
}
