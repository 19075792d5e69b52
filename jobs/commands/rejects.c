/* rejects: what could not be brought over, grouped by reason. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"

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
