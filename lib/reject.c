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

void reject_settle(struct job *job, const char *name)
{
	int64_t last = db_int(job->db, 0, "SELECT max(id) FROM reject", "");

	db_run(job->db,
	       "UPDATE reject SET closed_at = ? WHERE job = ? AND closed_at IS NULL"
	       " AND iif(by_load, EXISTS (SELECT 1 FROM skip s WHERE s.job = reject.job"
	       "                           AND s.key = reject.key),"
	       "     NOT EXISTS (SELECT 1 FROM temp.problem p WHERE p.key = reject.key"
	       "                  AND p.reason = reject.reason))",
	       "it", now(), name);
	db_run(job->db,
	       "INSERT INTO reject(job, key, reason, message, hint, csv_line, opened_at, "
	       "opened_run)"
	       " SELECT ?, key, reason, min(message), min(hint), min(csv_line), ?, ? FROM "
	       "temp.problem"
	       " GROUP BY key, reason"
	       " ON CONFLICT(job, key, reason) WHERE closed_at IS NULL DO UPDATE"
	       " SET message = excluded.message, hint = excluded.hint, csv_line = excluded.csv_line"
	       " WHERE message IS NOT excluded.message OR hint IS NOT excluded.hint"
	       " OR csv_line IS NOT excluded.csv_line",
	       "tii", name, now(), job->run);
	log_new(job, last);
}

void reject_open(struct job *job, const char *name, const char *key, const char *reason,
		 const char *message, const char *hint)
{
	db_run(job->db,
	       "INSERT INTO reject(job, key, reason, message, hint, by_load, opened_at, opened_run)"
	       " VALUES(?, ?, ?, ?, ?, 1, ?, ?)"
	       " ON CONFLICT(job, key, reason) WHERE closed_at IS NULL DO UPDATE"
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
