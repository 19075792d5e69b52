#include "jobs/transform.h"

#include "jobs/inventory/inventory.h"
#include "jobs/job.h"
#include "lib/reject.h"

extern const char sql_inventory_held[], sql_inventory_quantities[], sql_inventory_choice[],
	sql_inventory_shown[], sql_inventory_transform[];

static const char *const scripts[] = {
	sql_inventory_held,
	sql_inventory_quantities,
	sql_inventory_choice,
	"DROP VIEW IF EXISTS temp.listed; CREATE TEMP VIEW listed AS SELECT * FROM stg_bc_stock",
	sql_inventory_shown,
	sql_inventory_transform,
	NULL,
};

static void decide(struct job *job)
{
	transform_run(job, "inventory", scripts);
	db_begin(job->db);
	reject_close_settled(job, "inventory", "out_stock", "record");
	db_commit(job->db);
}

bool inventory_transform(struct job *job)
{
	if (!job_is_off(job, "inventory"))
		decide(job);
	return true;
}

void inventory_decide(struct job *job)
{
	struct counts load = job->counts;

	decide(job);
	job->counts = load;
}
