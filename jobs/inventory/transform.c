#include "jobs/transform.h"

#include "jobs/inventory/inventory.h"
#include "jobs/job.h"
#include "lib/reject.h"

extern const char sql_inventory_quantities[], sql_inventory_transform[];

static const char *const scripts[] = {sql_inventory_quantities, sql_inventory_transform, NULL};

bool inventory_transform(struct job *job)
{
	if (job_is_off(job, "inventory"))
		return true;
	bool fine = transform_run(job, "inventory", scripts);
	db_begin(job->db);
	reject_close_settled(job, "inventory", "out_stock", "record");
	db_commit(job->db);
	return fine;
}

void inventory_decide(struct job *job)
{
	db_begin(job->db);
	for (int i = 0; scripts[i]; i++)
		db_script(job->db, scripts[i]);
	reject_settle(job, "inventory");
	reject_close_settled(job, "inventory", "out_stock", "record");
	db_commit(job->db);
}
