/* Rejects: list them, and send again what the other system refused. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"
#include "jobs/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_rejects(const struct options *o)
{
	struct db *db = store_peek(o);

	if (!db)
		return 0;
	STMT st = db_prepare(
		db, "SELECT key, reason, message, hint, coalesce(csv_line, ''),"
		    " strftime('%Y-%m-%d %H:%M', opened_at, 'unixepoch'), json_object('job', job,"
		    " 'key', key, 'reason', reason, 'message', message, 'hint', hint, 'csv_line', "
		    "csv_line)"
		    " FROM reject WHERE closed_at IS NULL ORDER BY job, reason, id");
	while (stmt_row(st))
		if (o->json)
			printf("%s\n", col_text(st, 6));
		else
			printf("%s  %s  since %s\n    %s\n    %s\n%s%s%s", col_text(st, 0),
			       col_text(st, 1), col_text(st, 5), col_text(st, 2), col_text(st, 3),
			       *col_text(st, 4) ? "    " : "", col_text(st, 4),
			       *col_text(st, 4) ? "\n" : "");
	stmt_close(&st);
	db_close(db);
	return 0;
}

/* Rows that the other side refused go back to pending; returns how many. */
static int64_t retry_kind(struct db *db, const struct record_kind *kind, const char *key)
{
	char *sql = xasprintf("UPDATE %s SET state = 'pending', message = NULL"
			      " WHERE state = 'rejected' AND (%s) AND (?1 IS NULL OR %s = ?1)",
			      kind->table, kind->rows, kind->record);

	db_run(db, sql, "t", key);
	free(sql);
	return db_changes(db);
}

int command_retry(const struct options *o)
{
	const char *key = o->count ? o->arguments[0] : NULL;
	int64_t count = 0;

	if (!store_lock(o)) {
		log_error("", "another run of this store is under way: it holds data/lock");
		return EX_TEMPFAIL;
	}
	struct db *db = store_open(o);
	db_begin(db);
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		count += retry_kind(db, kind, key);
	db_commit(db);
	db_close(db);
	printf("%lld refused record%s will be sent again by the next run; other rejects close by "
	       "themselves\n",
	       (long long)count, count == 1 ? "" : "s");
	return count || !key ? 0 : EX_USAGE;
}
