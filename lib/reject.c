#include "lib/reject.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"

#include <stdlib.h>

static int64_t now(void)
{
	return clock_now() / 1000;
}

static void log_new(struct job *job, int64_t after)
{
	STMT st = db_prepare(
		job->db,
		"SELECT key, message, hint FROM reject WHERE id > :after ORDER BY id LIMIT 50");

	bind(st, ":after", after);
	while (stmt_row(st))
		log_warn(col_text(st, 0), "rejected: %s; %s", col_text(st, 1), col_text(st, 2));
}

/* What several records wait for is one reject, under the record that has it already, else the first. */
static void collect(struct job *job, const char *name)
{
	db_script(job->db,
		  "CREATE TEMP TABLE IF NOT EXISTS common(cause TEXT, key TEXT, reason TEXT,"
		  " message TEXT, hint TEXT, csv_line TEXT);"
		  "DROP TABLE IF EXISTS temp.due_reject");
	db_run(job->db,
	       "CREATE TEMP TABLE due_reject AS"
	       " SELECT key, reason, '' AS cause, min(message) AS message, min(hint) AS hint,"
	       "  min(csv_line) AS csv_line FROM temp.problem WHERE message IS NOT NULL"
	       "  GROUP BY key, reason"
	       " UNION ALL SELECT key, reason, cause, message || iif(records = 1, '',"
	       "   printf('; %d wait for it: %s', records, (SELECT group_concat(key, ', ') FROM"
	       "    (SELECT DISTINCT key FROM temp.common o WHERE o.cause = c.cause AND"
	       "      o.reason = c.reason ORDER BY length(key), key LIMIT 5))"
	       "    || iif(records > 5, ' ...', ''))), hint, csv_line"
	       "  FROM (SELECT c.*, row_number() OVER (PARTITION BY c.cause, c.reason ORDER BY"
	       "     r.id IS NULL, length(c.key), c.key) AS rank, (SELECT count(DISTINCT o.key)"
	       "     FROM temp.common o WHERE o.cause = c.cause AND o.reason = c.reason) AS records"
	       "    FROM temp.common c LEFT JOIN reject r ON r.job = ? AND r.key = c.key"
	       "     AND r.reason = c.reason AND r.cause = c.cause AND r.closed_at IS NULL) c"
	       "  WHERE rank = 1",
	       "t", name);
}

/* Who waits for each of them, and since which run. */
static void note_records(struct job *job, const char *name)
{
	db_run(job->db,
	       "DELETE FROM reject_record WHERE reject_id IN (SELECT id FROM reject WHERE job = ?1)"
	       " AND NOT EXISTS (SELECT 1 FROM temp.common c JOIN reject r ON r.cause = c.cause"
	       "  AND r.reason = c.reason WHERE r.id = reject_id AND r.closed_at IS NULL"
	       "  AND c.key = reject_record.key)",
	       "t", name);
	db_run(job->db,
	       "INSERT OR IGNORE INTO reject_record(reject_id, key, opened_run)"
	       " SELECT r.id, c.key, ? FROM temp.common c JOIN reject r ON r.job = ? AND"
	       "  r.cause = c.cause AND r.reason = c.reason AND r.closed_at IS NULL",
	       "it", job->run, name);
}

void reject_settle(struct job *job, const char *name)
{
	int64_t last = db_int(job->db, 0, "SELECT max(id) FROM reject", "");

	collect(job, name);
	db_run(job->db,
	       "UPDATE reject SET closed_at = ? WHERE job = ? AND closed_at IS NULL"
	       " AND iif(by_load, EXISTS (SELECT 1 FROM skip s WHERE s.job = reject.job"
	       "                           AND s.key = reject.key),"
	       "     NOT EXISTS (SELECT 1 FROM temp.due_reject p WHERE p.key = reject.key"
	       "                  AND p.reason = reject.reason AND p.cause = reject.cause))",
	       "it", now(), name);
	db_run(job->db,
	       "INSERT INTO reject(job, key, reason, cause, message, hint, csv_line, opened_at, "
	       "opened_run)"
	       " SELECT ?, key, reason, cause, message, hint, csv_line, ?, ? FROM temp.due_reject"
	       " WHERE true"
	       " ON CONFLICT(job, key, reason, cause) WHERE closed_at IS NULL DO UPDATE"
	       " SET message = excluded.message, hint = excluded.hint, csv_line = excluded.csv_line"
	       " WHERE message IS NOT excluded.message OR hint IS NOT excluded.hint"
	       " OR csv_line IS NOT excluded.csv_line",
	       "tii", name, now(), job->run);
	note_records(job, name);
	log_new(job, last);
}

void reject_open(struct job *job, const char *name, const char *key, const char *reason,
		 const char *message, const char *hint)
{
	db_run(job->db,
	       "INSERT INTO reject(job, key, reason, message, hint, by_load, opened_at, opened_run)"
	       " VALUES(?, ?, ?, ?, ?, 1, ?, ?)"
	       " ON CONFLICT(job, key, reason, cause) WHERE closed_at IS NULL DO UPDATE"
	       " SET message = excluded.message, hint = excluded.hint",
	       "tttttii", name, key, reason, message, hint, now(), job->run);
	log_warn(key, "rejected: %s; %s", message, hint);
}

void reject_close(struct job *job, const char *name, const char *key)
{
	db_run(job->db,
	       "UPDATE reject SET closed_at = ? WHERE job = ? AND key = ? AND closed_at IS NULL",
	       "itt", now(), name, key);
}

void reject_close_settled(struct job *job, const char *name, const char *table, const char *record)
{
	char *sql = xasprintf("UPDATE reject SET closed_at = ? WHERE job = ? AND by_load"
			      " AND closed_at IS NULL AND reason = 'refused' AND key NOT IN"
			      " (SELECT %s FROM %s WHERE state = 'rejected')",
			      record, table);

	db_run(job->db, sql, "it", now(), name);
	free(sql);
}
