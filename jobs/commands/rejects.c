/* rejects: what could not be brought over, grouped by reason; a reason's hint is told once. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"
#include "lib/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_json(struct db *db)
{
	STMT st = db_prepare(
		db,
		"SELECT json_object('job', job, 'key', key, 'reason', reason, 'message', message,"
		" 'hint', hint, 'csv_line', csv_line, 'since', opened_at)"
		" FROM reject WHERE closed_at IS NULL ORDER BY job, reason, id");

	while (stmt_row(st))
		show_json(col_text(st, 0));
}

static void print_group(struct db *db, const char *job, const char *reason, const char *hint)
{
	STMT st = db_prepare(
		db,
		"SELECT key, strftime('%Y-%m-%d %H:%M', opened_at, 'unixepoch'), message, csv_line"
		" FROM reject WHERE closed_at IS NULL AND job = :job AND reason = :reason"
		"   AND hint = :hint ORDER BY id");

	bind(st, ":job", job);
	bind(st, ":reason", reason);
	bind(st, ":hint", hint);
	while (stmt_row(st)) {
		show("  %s  since %s UTC: %s\n", col_text(st, 0), col_text(st, 1), col_text(st, 2));
		if (!col_null(st, 3))
			show("    %s\n", col_text(st, 3));
	}
}

static void print_groups(struct db *db)
{
	STMT st = db_prepare(db, "SELECT job, reason, hint, count(*) FROM reject"
				 " WHERE closed_at IS NULL GROUP BY job, reason, hint"
				 " ORDER BY min(id)");
	bool any = false;

	for (; stmt_row(st); any = true) {
		show("%s, %s: %lld\n  what to do: %s\n", col_text(st, 0), col_text(st, 1),
		     (long long)col_int(st, 3), col_text(st, 2));
		print_group(db, col_text(st, 0), col_text(st, 1), col_text(st, 2));
	}
	if (!any)
		show("no rejects: nothing waits for a person\n");
}

int command_rejects(const struct options *o)
{
	struct db *db = store_peek(o);

	if (!db)
		return 0;
	if (o->json)
		print_json(db);
	else
		print_groups(db);
	db_close(db);
	return 0;
}
