#include "jobs/transform.h"

#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"

extern const char sql_fulfillment_scope[], sql_fulfillment_lines[], sql_fulfillment_moved[],
	sql_fulfillment_pieces[], sql_fulfillment_transform[], sql_fulfillment_strangers[];

static const char *const scripts[] = {sql_fulfillment_scope,
				      sql_fulfillment_lines,
				      sql_fulfillment_moved,
				      sql_fulfillment_pieces,
				      sql_fulfillment_transform,
				      sql_fulfillment_strangers,
				      NULL};

static void run_until(struct job *job, const char *last)
{
	for (const char *const *script = scripts; *script && *script != last; script++)
		db_script(job->db, *script);
}

void fulfillment_share(struct job *job)
{
	run_until(job, sql_fulfillment_transform);
}

void fulfillment_plan(struct job *job)
{
	run_until(job, NULL);
}

/* What of a note does not go is no reason to hold the rest of it, but is told. */
static void tell_left_out(struct job *job)
{
	STMT st = db_prepare(
		job->db, "SELECT 'shipment:' || l.kind || l.note_id,"
			 "       group_concat(DISTINCT l.why) FROM temp.left_out l"
			 "  JOIN stg_bp_goods_out_note n ON n.kind = l.kind AND n.id = l.note_id"
			 " WHERE n.changed_run = :run GROUP BY 1");

	bind(st, ":run", job->run);
	while (stmt_row(st))
		log_warn(col_text(st, 0), "not all of it goes with the shipment: %s",
			 col_text(st, 1));
}

bool fulfillment_transform(struct job *job)
{
	if (job_is_off(job, "fulfillment"))
		return true;
	bool fine = transform_run(job, "fulfillment", scripts);
	tell_left_out(job);
	return fine;
}
