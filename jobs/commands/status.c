/* First line the verdict, then stages, what waits, rejects by reason, and the next command. */
#include "jobs/commands/commands.h"
#include "jobs/commands/reconcile_print.h"
#include "jobs/job.h"
#include "jobs/records.h"
#include "lib/clock.h"
#include "lib/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_stages(struct db *db, int64_t run)
{
	STMT st = db_prepare(
		db, "SELECT name, iif(due, 'due', outcome), coalesce(ended_at - started_at, 0), "
		    "extracted, considered, planned, done,"
		    " rejected, remaining, iif(due, '', coalesce(message, '')) FROM stage WHERE "
		    "run_id = :run ORDER BY started_at, rowid");

	bind(st, ":run", run);
	show("%-21s %-8s %5s %9s %10s %8s %6s %8s %5s\n", "stage", "outcome", "s", "extracted",
	     "considered", "planned", "done", "rejected", "left");
	while (stmt_row(st))
		show("%-21s %-8s %5lld %9lld %10lld %8lld %6lld %8lld %5lld%s%s\n", col_text(st, 0),
		     col_text(st, 1), (long long)col_int(st, 2), (long long)col_int(st, 3),
		     (long long)col_int(st, 4), (long long)col_int(st, 5),
		     (long long)col_int(st, 6), (long long)col_int(st, 7),
		     (long long)col_int(st, 8), *col_text(st, 9) ? "  " : "", col_text(st, 9));
}

/* Of each kind: how many rows wait in each state, and which of them has waited longest. */
static void print_waiting_of(struct db *db, const struct record_kind *kind)
{
	char *sql = xasprintf(
		"SELECT w.state, w.n, w.record, strftime('%%Y-%%m-%%d %%H:%%M', r.started_at, "
		"'unixepoch')"
		"  FROM (SELECT state, count(*) AS n, min(changed_run) AS run, record"
		"          FROM (SELECT state, changed_run, %s AS record FROM %s WHERE %s)"
		"         WHERE state IN ('pending', 'claimed') GROUP BY state) w"
		"  LEFT JOIN run r ON r.id = w.run",
		kind->record, kind->table, kind->rows);
	STMT st = db_prepare(db, sql);
	char *key = xasprintf("%s.enabled", kind->enabled), *enabled = setting_text(db, key);
	bool sends = !strcmp(enabled, "yes");

	free(sql);
	while (stmt_row(st))
		show("waiting: %lld %s %s; the longest: %s since %s UTC%s%s%s%s\n",
		     (long long)col_int(st, 1), kind->units,
		     strcmp(col_text(st, 0), "claimed") ? "to be sent" : "in doubt",
		     col_text(st, 2), col_null(st, 3) ? "-" : col_text(st, 3), sends ? "" : "; ",
		     sends ? "" : key, sends ? "" : " is ", sends ? "" : enabled);
	free(enabled);
	free(key);
}

static void print_waiting(struct db *db)
{
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		print_waiting_of(db, kind);
	int64_t ignored = db_int(db, 0, "SELECT count(*) FROM decision WHERE what = 'ignored'", "");
	if (ignored)
		show("ignored by hand: %lld (table decision has the reasons)\n",
		     (long long)ignored);
	char *oldest = db_text(
		db,
		"SELECT key || ' since ' || strftime('%Y-%m-%d %H:%M UTC', opened_at, 'unixepoch')"
		" FROM reject WHERE closed_at IS NULL ORDER BY opened_at, id LIMIT 1",
		"");
	if (oldest)
		show("oldest reject: %s\n", oldest);
	free(oldest);
}

static void print_reconciled(struct db *db)
{
	int64_t at = db_int(db, 0, "SELECT max(at) FROM reconcile_run WHERE state = 'done'", "");
	char *verdict = reconcile_verdict(db, 0);

	if (verdict)
		show("reconciled %lld h ago: %s\n",
		     (long long)((clock_now() / 1000 - at +
				  db_int(db, 0, "SELECT seconds FROM clock_ahead", "")) /
				 3600),
		     verdict);
	free(verdict);
}

static const char *next_command(int code, bool open, bool under_way)
{
	if (under_way)
		return "wait until it ends, or end it with ./run.sh stop";
	switch (code) {
	case 0:
		return open ? "./run.sh" : "nothing to do until the next run";
	case EX_DATAERR:
		return "./run.sh rejects";
	case EX_CONFIG:
		return "./run.sh mappings check";
	case EX_NOPERM:
		return "mend the credentials, then ./run.sh";
	default:
		return "./run.sh";
	}
}

int command_status(const struct options *o)
{
	struct db *db = store_peek(o);
	int64_t run = db ? db_int(db, 0, "SELECT max(id) FROM run", "") : 0;

	if (!run) {
		show("%s\n",
		     o->json ? "{\"run\":null}" : "nothing was run yet; begin with ./run.sh");
		db_close(db);
		return 0;
	}
	int code = (int)db_int(db, EX_TEMPFAIL, "SELECT code FROM run WHERE id = ?", "i", run);
	bool open = db_int(db, 0, "SELECT state = 'open' FROM run WHERE id = ?", "i", run);
	if (o->json)
		summary_print(db, run, code, o);
	else {
		bool under_way = open && store_is_locked(o);
		if (under_way)
			show("a run is under way: run %lld\n", (long long)run);
		else
			show("%s: run %lld is %s, exit code %d\n", code == 0 ? "fine" : "look",
			     (long long)run, open ? "open" : "closed", code);
		print_stages(db, run);
		print_waiting(db);
		summary_reservations(db);
		print_reconciled(db);
		summary_rejects(db);
		show("next: %s\n", next_command(code, open, under_way));
	}
	db_close(db);
	return 0;
}
