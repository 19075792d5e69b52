/* What was read of both systems, compared -> reconcile_sum, reconcile_difference.  Each difference
 * is a reject of this job as well: it is told once, listed with the others, and closed by the
 * comparison that finds it mended. */
#include "jobs/job.h"
#include "jobs/reconcile/reconcile.h"
#include "jobs/records.h"
#include "lib/reject.h"

#include <stdlib.h>

extern const char sql_reconcile_agree[], sql_reconcile_left_out[], sql_reconcile_sums[],
	sql_reconcile_transform[], sql_reconcile_stock[], sql_reconcile_settle[],
	sql_inventory_held[], sql_inventory_quantities[], sql_inventory_choice[],
	sql_inventory_shown[];

static void find_doubt(struct job *job)
{
	for (const struct record_kind *kind = record_kinds; kind->job; kind++) {
		char *sql = xasprintf(
			"INSERT INTO temp.finding(kind, key, message, hint)"
			" SELECT 'doubt', %s, 'in doubt: its answer was lost on its way to %s',"
			" 'the next runs look it up; ./run.sh settle ' || (%s) || ' decides it now'"
			" FROM %s WHERE state = 'claimed' AND (%s)",
			kind->record, api_title[kind->to], kind->record, kind->table, kind->rows);
		db_script(job->db, sql);
		free(sql);
	}
}

static void find_stock(struct job *job)
{
	if (!db_int(job->db, 0, "SELECT stock FROM reconcile_run ORDER BY id DESC LIMIT 1", ""))
		return;
	db_script(job->db, sql_inventory_held);
	db_script(job->db, sql_inventory_quantities);
	db_script(job->db, sql_inventory_choice);
	db_script(job->db, "DROP VIEW IF EXISTS temp.listed;"
			   "CREATE TEMP VIEW listed AS SELECT * FROM reconcile_bc_stock");
	db_script(job->db, sql_inventory_shown);
	db_script(job->db, sql_reconcile_stock);
}

void reconcile_compare(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, sql_reconcile_agree);
	db_script(job->db, sql_reconcile_left_out);
	db_script(job->db, sql_reconcile_transform);
	find_stock(job);
	find_doubt(job);
	db_script(job->db, sql_reconcile_sums);
	db_script(job->db, sql_reconcile_settle);
	reject_settle(job, "reconcile");
	db_commit(job->db);
}

bool reconcile_transform(struct job *job)
{
	if (db_int(job->db, 0, "SELECT state = 'read' FROM reconcile_run ORDER BY id DESC LIMIT 1",
		   ""))
		reconcile_compare(job);
	return true;
}
