#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "lib/server_clock.h"

extern const char sql_fulfillment_guard[];

/* Shipments of BigCommerce that decide what is left to ship. */
static bool read_guard(struct job *job)
{
	db_begin(job->db);
	fulfillment_share(job);
	db_script(job->db, sql_fulfillment_guard);
	db_commit(job->db);
	return shipments_read(job);
}

bool fulfillment_extract(struct job *job)
{
	if (job_is_off(job, "fulfillment"))
		return true;
	if (!notes_read_again(job))
		return false;
	if (setting_is(job->db, "fulfillment.trigger", "order_status"))
		fulfillment_begin(job, server_now(job, BRIGHTPEARL));
	else if (!notes_find(job) || !notes_read_new(job))
		return false;
	return fulfillment_read_sales(job) && fulfillment_read_untold(job) && read_guard(job);
}
