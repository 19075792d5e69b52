#include "jobs/transform.h"

#include "lib/reject.h"

bool transform_run(struct job *job, const char *name, const char *const *scripts)
{
	db_begin(job->db);
	while (*scripts)
		db_script(job->db, *scripts++);
	reject_settle(job, name);
	{
		STMT st = db_prepare(job->db,
				     "SELECT considered, planned, unchanged, skipped, rejected"
				     " FROM temp.books");
		stmt_row(st);
		job->counts.considered = col_int(st, 0);
		job->counts.planned = col_int(st, 1);
		job->counts.unchanged = col_int(st, 2);
		job->counts.skipped = col_int(st, 3);
		job->counts.rejected = col_int(st, 4);
	}
	db_commit(job->db);
	return true;
}
