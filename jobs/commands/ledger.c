#include "jobs/commands/ledger.h"

#include "jobs/commands/open_run.h"
#include "jobs/stages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 64 /* stages */

static bool is_named(char **names, int count, const char *stage)
{
	for (int i = 0; i < count; i++)
		if (stage_belongs(stage, names[i]))
			return true;
	return false;
}

/* A stage's needs stand before it in the table. */
static void add_needs(bool *wanted, const char *needs)
{
	for (int i = 0; stages[i].name; i++) {
		size_t length = strlen(stages[i].name);
		for (const char *at = needs; (at = strstr(at, stages[i].name)); at += length)
			if ((at == needs || at[-1] == ' ') && (!at[length] || at[length] == ' '))
				wanted[i] = true;
	}
}

void ledger_want(struct db *db, char **names, int count, bool needs)
{
	bool wanted[MOST] = {false};
	int last = 0;

	for (; stages[last].name; last++)
		wanted[last] = !count || is_named(names, count, stages[last].name);
	db_begin(db);
	db_script(db, "DROP TABLE IF EXISTS temp.wanted; CREATE TEMP TABLE wanted(name TEXT)");
	for (int i = last - 1; i >= 0; i--)
		if (wanted[i]) {
			if (needs)
				add_needs(wanted, stages[i].needs);
			db_run(db, "INSERT INTO temp.wanted VALUES(?)", "t", stages[i].name);
		}
	db_commit(db);
}

void ledger_owe(struct db *db, const struct options *o, int64_t run)
{
	STMT st = db_prepare(db, "SELECT name FROM temp.wanted");
	const char *owe = "UPDATE stage SET due = 1 WHERE run_id = ? AND name = ?";

	db_begin(db);
	while (stmt_row(st)) {
		char *stamp = open_run_stamp(o, col_text(st, 0));
		if (access(stamp, F_OK) != 0)
			db_run(db, owe, "it", run, col_text(st, 0));
		free(stamp);
	}
	db_commit(db);
}

char *ledger_missing(struct db *db, int64_t run)
{
	STMT st = db_prepare(
		db,
		"SELECT w.name FROM temp.wanted w LEFT JOIN stage s"
		"    ON s.run_id = :run AND s.name = w.name"
		" WHERE s.name IS NULL OR s.due OR s.outcome = 'running' ORDER BY w.rowid DESC");
	struct buf text = buf_new(SIZE_MAX / 2);

	bind(st, ":run", run);
	while (stmt_row(st))
		if (!stages_rest(db, stage_find(col_text(st, 0))))
			buf_printf(&text, "%s%s", text.size ? ", " : "", col_text(st, 0));
	char *names = text.size ? xstrdup(text.data) : NULL;
	buf_free(&text);
	return names;
}

int ledger_code(struct db *db, int64_t run)
{
	STMT st = db_prepare(db, "SELECT code, outcome FROM stage WHERE run_id = :run AND NOT due"
				 " AND name IN (SELECT name FROM temp.wanted)");
	int code = 0;

	bind(st, ":run", run);
	while (stmt_row(st)) {
		code = stage_worse(code, (int)col_int(st, 0));
		if (strcmp(col_text(st, 1), "ok") != 0) /* failed, later, running */
			code = stage_worse(code, EX_TEMPFAIL);
	}
	return code;
}
