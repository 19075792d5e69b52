/* What the feed of orders did not show of the orders compared: they are staged again, and told. */
#include "jobs/job.h"
#include "jobs/orders/missed.h"
#include "jobs/reconcile/reconcile.h"

extern const char sql_reconcile_unseen[];

/* first: before they are read; else what still differs is no longer among them. */
static int64_t find_unseen(struct job *job, bool first)
{
	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.reading_unseen;"
			   "CREATE TEMP TABLE reading_unseen(first INTEGER)");
	db_run(job->db, "INSERT INTO temp.reading_unseen VALUES(?)", "i", (int64_t)first);
	db_script(job->db, sql_reconcile_unseen);
	db_commit(job->db);
	return db_int(job->db, 0, "SELECT count(*) FROM temp.unseen", "");
}

static void tell_unseen(struct job *job)
{
	db_begin(job->db);
	STMT st = db_prepare(
		job->db,
		"SELECT n || ' order' || iif(n = 1, ' was', 's were') || ' read again that the list of"
		" changes had not shown: ' || list || iif(n > 20, ' ...', '')"
		"  FROM (SELECT group_concat(id || ' (' || unseen || ')', ', ') AS list,"
		"               (SELECT count(*) FROM reconcile_bc_order WHERE unseen IS NOT NULL) AS n"
		"          FROM (SELECT id, unseen FROM reconcile_bc_order WHERE unseen IS NOT NULL"
		"                 ORDER BY id LIMIT 20))");
	if (stmt_row(st))
		missed_tell(job, col_text(st, 0));
	db_commit(job->db);
}

bool reconcile_read_unseen(struct job *job)
{
	if (!find_unseen(job, true))
		return true;
	if (!missed_read(job))
		return false;
	if (find_unseen(job, false))
		tell_unseen(job);
	return true;
}
