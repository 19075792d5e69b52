#include "jobs/waits.h"

#include "jobs/records.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/reject.h"

#include <stdlib.h>

/* Only what is called like a record can be looked for: "a tracking number" cannot. */
static void gather_waiting(struct db *db, const struct record_kind *kind)
{
	char *sql = xasprintf("INSERT INTO temp.wait"
			      " SELECT '%s', record, waits FROM (SELECT %s AS record, %s AS waits"
			      "   FROM %s WHERE state = 'pending' AND (%s))"
			      "  WHERE waits GLOB '[a-z_]*:*' AND instr(waits, ' ') = 0",
			      kind->job, kind->record, kind->waits, kind->table, kind->rows);

	db_script(db, sql);
	free(sql);
}

/* Of what is waited for: done, in flight, or to be sent without waiting itself. */
static void gather_coming(struct db *db, const struct record_kind *kind)
{
	char *sql = xasprintf(
		"INSERT OR IGNORE INTO temp.comes"
		" SELECT record FROM (SELECT %s AS record, state FROM %s WHERE %s)"
		"  WHERE record IN (SELECT waits FROM temp.wait)"
		"    AND (state IN ('claimed', 'done')"
		"      OR state = 'pending' AND record NOT IN (SELECT record FROM temp.wait))",
		kind->record, kind->table, kind->rows);

	db_script(db, sql);
	free(sql);
}

/* What waits for something that comes, comes too. */
static void follow_waiting(struct db *db)
{
	do
		db_run(db,
		       "INSERT INTO temp.comes SELECT DISTINCT record FROM temp.wait"
		       " WHERE waits IN (SELECT record FROM temp.comes)"
		       "   AND record NOT IN (SELECT record FROM temp.comes)",
		       "");
	while (db_changes(db));
}

static void find_faults(struct db *db)
{
	db_script(db, "DROP TABLE IF EXISTS temp.wait; DROP TABLE IF EXISTS temp.comes;"
		      "CREATE TEMP TABLE wait(job TEXT, record TEXT, waits TEXT);"
		      "CREATE TEMP TABLE comes(record TEXT PRIMARY KEY)");
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		gather_waiting(db, kind);
	if (!db_int(db, 0, "SELECT count(*) FROM temp.wait", ""))
		return;
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		gather_coming(db, kind);
	db_script(db,
		  "INSERT OR IGNORE INTO temp.comes"
		  " SELECT key FROM reject WHERE closed_at IS NULL AND reason <> '" WAITS_IN_VAIN
		  "'"
		  "  UNION SELECT 'customer:' || email FROM link_customer"
		  "         WHERE 'customer:' || email IN (SELECT waits FROM temp.wait)"
		  "  UNION SELECT 'order:' || order_id FROM link_order"
		  "         WHERE 'order:' || order_id IN (SELECT waits FROM temp.wait)");
	follow_waiting(db);
	db_script(db, "DELETE FROM temp.wait WHERE waits IN (SELECT record FROM temp.comes)");
}

static void open_rejects(struct db *db, int64_t run)
{
	struct job job = {.db = db, .stage = "run", .run = run};
	STMT row = db_prepare(
		db, "SELECT w.job, w.record, w.waits, coalesce('it was ignored by hand: ' || d.why,"
		    " 'it is left out: ' || s.reason, 'nothing is on its way under that name')"
		    "  FROM temp.wait w"
		    "  LEFT JOIN decision d ON d.key = w.waits AND d.what = 'ignored'"
		    "  LEFT JOIN skip s ON s.key = w.waits"
		    " WHERE w.record NOT IN (SELECT key FROM reject WHERE closed_at IS NULL"
		    "   AND reason = '" WAITS_IN_VAIN "') GROUP BY w.record");

	while (stmt_row(row)) {
		char *message = xasprintf("it waits for %s, which does not come: %s",
					  col_text(row, 2), col_text(row, 3));
		char *hint = xasprintf("./run.sh explain %s tells more; ./run.sh retry %s takes up"
				       " again what was ignored; ./run.sh ignore %s --why TEXT"
				       " leaves this out too",
				       col_text(row, 2), col_text(row, 2), col_text(row, 1));
		reject_open(&job, col_text(row, 0), col_text(row, 1), WAITS_IN_VAIN, message, hint);
		free(hint);
		free(message);
	}
}

void waits_tell(struct db *db, int64_t run)
{
	db_begin(db);
	find_faults(db);
	db_run(db,
	       "UPDATE reject SET closed_at = ? WHERE closed_at IS NULL AND reason = '" WAITS_IN_VAIN
	       "' AND key NOT IN (SELECT record FROM temp.wait)",
	       "i", clock_now() / 1000);
	open_rejects(db, run);
	db_commit(db);
}
