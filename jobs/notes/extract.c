/* Brightpearl's side of the notes, two custom fields; BigCommerce's came with orders.extract. */
#include "jobs/job.h"
#include "jobs/notes/notes.h"
#include "jobs/orders/sales.h"

bool notes_are_idle(struct job *job)
{
	return agreed_is_idle(job, &notes_job) ||
	       (setting_is(job->db, "notes.customer_field", "") &&
		setting_is(job->db, "notes.staff_field", ""));
}

bool notes_extract(struct job *job)
{
	return notes_are_idle(job) || sales_read_changed(job);
}
