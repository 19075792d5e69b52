#include "jobs/transform.h"

#include "jobs/records.h"
#include "lib/die.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

static void read_books(struct job *job)
{
	STMT st = db_prepare(job->db, "SELECT considered, planned, unchanged, skipped, rejected"
				      " FROM temp.books");

	stmt_row(st);
	job->counts.considered = col_int(st, 0);
	job->counts.planned = col_int(st, 1);
	job->counts.unchanged = col_int(st, 2);
	job->counts.skipped = col_int(st, 3);
	job->counts.rejected = col_int(st, 4);
}

/* Rows that the scripts just made pending. */
static void leave_out_rows(struct job *job, const struct record_kind *kind)
{
	char *skip = xasprintf("INSERT OR REPLACE INTO skip(job, key, reason)"
			       " SELECT '%s', r.record, i.reason FROM (SELECT %s AS record FROM %s"
			       "   WHERE state = 'pending' AND (%s)) r"
			       "   JOIN temp.ignored i ON i.key = r.record",
			       kind->job, kind->record, kind->table, kind->rows);
	char *leave = xasprintf("UPDATE %s SET state = 'ignored' WHERE state = 'pending' AND (%s)"
				" AND %s IN (SELECT key FROM temp.ignored)",
				kind->table, kind->rows, kind->record);

	db_run(job->db, skip, "");
	db_run(job->db, leave, "");
	job->counts.planned -= db_changes(job->db);
	job->counts.skipped += db_changes(job->db);
	free(skip);
	free(leave);
}

/* What a person said to leave out is neither planned nor rejected, whatever the scripts made of it;
 * it is skipped, for the reason that was given. */
static void leave_out(struct job *job, const char *name)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.ignored;"
			   "CREATE TEMP TABLE ignored(key TEXT, reason TEXT)");
	db_run(job->db,
	       "INSERT INTO temp.ignored SELECT key, 'ignored by hand: ' || why FROM decision"
	       " WHERE job = ? AND what = 'ignored'",
	       "t", name);
	if (!db_changes(job->db))
		return;
	db_run(job->db,
	       "INSERT OR REPLACE INTO skip(job, key, reason) SELECT ?, key, reason FROM"
	       " temp.ignored WHERE key IN (SELECT key FROM temp.problem)",
	       "t", name);
	job->counts.rejected -= db_changes(job->db);
	job->counts.skipped += db_changes(job->db);
	db_run(job->db, "DELETE FROM temp.problem WHERE key IN (SELECT key FROM temp.ignored)", "");
	db_run(job->db, "DELETE FROM temp.common WHERE key IN (SELECT key FROM temp.ignored)", "");
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		if (!strcmp(kind->job, name))
			leave_out_rows(job, kind);
}

static void run_scripts(struct job *job, const char *name, const char *const *scripts)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.common; CREATE TEMP TABLE common(cause TEXT, key TEXT,"
		  " reason TEXT, message TEXT, hint TEXT, csv_line TEXT)");
	while (*scripts)
		db_script(job->db, *scripts++);
	read_books(job);
	leave_out(job, name);
	reject_settle(job, name);
}

bool transform_run(struct job *job, const char *name, const char *const *scripts)
{
	db_begin(job->db);
	run_scripts(job, name, scripts);
	db_commit(job->db);
	return true;
}

void transform_again(struct job *job, const char *name, const char *const *scripts)
{
	struct counts kept = job->counts;

	run_scripts(job, name, scripts);
	job->counts = kept;
}
