/* What a run did, in words that a person understands. */
#include "jobs/commands/commands.h"
#include "jobs/commands/reconcile_print.h"
#include "jobs/job.h"
#include "jobs/records.h"
#include "lib/clock.h"
#include "lib/show.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *verdict(int code)
{
	switch (code) {
	case 0:
		return "done, books balanced";
	case EX_DATAERR:
		return "done, but something waits for a person";
	case EX_TEMPFAIL:
		return "not finished: run again";
	case EX_NOPERM:
		return "credentials or a permission were refused";
	case EX_CONFIG:
		return "mappings, settings or environment are wrong";
	case EX_IOERR:
	case EX_CANTCREAT:
		return "the disk failed";
	case EX_OSERR:
		return "the machine has no memory or no process left: run again";
	case EX_UNAVAILABLE:
		return "a Debian package is missing";
	case EXIT_INJECTED:
		return "a test made it crash";
	default:
		return "it failed: this is a bug of ours";
	}
}

static int64_t of_stage(struct db *db, int64_t run, const char *stage, const char *column)
{
	char *sql = xasprintf("SELECT %s FROM stage WHERE run_id = ? AND name = ?", column);
	int64_t value = db_int(db, 0, sql, "it", run, stage);

	free(sql);
	return value;
}

static void print_skips(struct db *db)
{
	STMT st = db_prepare(db, "SELECT count(*), job, reason FROM skip"
				 " GROUP BY job, reason ORDER BY 1 DESC, 2, 3 LIMIT 6");

	while (stmt_row(st))
		show("    %6lld skipped in %s: %s\n", (long long)col_int(st, 0), col_text(st, 1),
		     col_text(st, 2));
}

/* What going live left as it was, and the command that carries it. */
static void print_left(struct db *db)
{
	STMT st = db_prepare(
		db,
		"SELECT count(*), iif(job = 'fulfillment', 'shipments', job) FROM skip"
		" WHERE reason LIKE 'differed before%' OR reason IN"
		" ('shipped before fulfillment began', 'had that status when fulfillment began')"
		" GROUP BY job ORDER BY job");

	while (stmt_row(st))
		show("    %6lld %s are from before that was on: ./run.sh catch-up %s --from DATE"
		     " shows what it would send\n",
		     (long long)col_int(st, 0), col_text(st, 1), col_text(st, 1));
}

/* ", 3 skipped", nothing for none. */
static void add_count(struct buf *line, int64_t count, const char *what)
{
	if (count)
		buf_printf(line, "%s%lld %s", line->size ? ", " : "", (long long)count, what);
}

/* Whether some switch of the job is not on no; *sends: some is on yes; held: those on plan. */
static bool read_switches(struct db *db, const char *job, const struct options *o, bool *sends,
			  struct buf *held)
{
	bool on = false;

	*sends = false;
	for (const struct record_kind *kind = record_kinds; kind->job; kind++) {
		if (strcmp(kind->job, job) != 0)
			continue;
		char *key = xasprintf("%s.enabled", kind->enabled), *value = setting_text(db, key);
		bool yes = !strcmp(value, "yes"), no = !strcmp(value, "no");
		on = on || !no;
		*sends = *sends || (yes && !o->plan);
		if (!yes && !no && (!held->size || !strstr(held->data, kind->enabled)))
			buf_printf(held, "%s%s", held->size ? ", " : "", kind->enabled);
		free(value);
		free(key);
	}
	return on;
}

/* "49 sent, 2 already there, 3 waiting; reservations: 49 sent": what the load did with what was to be
 * brought over, then what it counts apart.  Sent = made there; what was found there is not. */
static void add_sent(struct db *db, int64_t run, const char *load, struct buf *line)
{
	static const char sql[] =
		"SELECT '', s.done - s.already_there - s.changed_there - s.short_there"
		"        - coalesce(sum(p.done - p.already_there - p.changed_there - p.short_there), 0),"
		"       s.rejected - coalesce(sum(p.rejected), 0),"
		"       s.remaining - coalesce(sum(p.remaining), 0),"
		"       s.already_there - coalesce(sum(p.already_there), 0),"
		"       s.changed_there - coalesce(sum(p.changed_there), 0),"
		"       s.short_there - coalesce(sum(p.short_there), 0)"
		"  FROM stage s LEFT JOIN stage_part p USING (run_id, name)"
		" WHERE s.run_id = :run AND s.name = :load GROUP BY s.name"
		" UNION ALL SELECT units || ': ', done - already_there - changed_there - short_there, rejected,"
		"  remaining, already_there, changed_there, short_there FROM stage_part"
		" WHERE run_id = :run AND name = :load ORDER BY 1";
	STMT st = db_prepare(db, sql);

	bind(st, ":run", run);
	bind(st, ":load", load);
	while (stmt_row(st)) {
		BUF part = buf_new(1000);
		add_count(&part, col_int(st, 1), "sent");
		add_count(&part, col_int(st, 5), "changed");
		add_count(&part, col_int(st, 4), "already there");
		add_count(&part, col_int(st, 6), "short of stock");
		add_count(&part, col_int(st, 2), "refused");
		add_count(&part, col_int(st, 3), "waiting");
		if (part.size)
			buf_printf(line, "%s%s%s", line->size ? "; " : "", col_text(st, 0),
				   part.data);
	}
}

static void print_job(struct db *db, int64_t run, const char *job, bool sends, const char *held)
{
	char *transform = xasprintf("%s.transform", job), *load = xasprintf("%s.load", job);
	BUF line = buf_new(1000);

	bool reached = db_int(db, 0, "SELECT 1 FROM stage WHERE run_id = ? AND name = ?", "it", run,
			      transform);
	add_count(&line, of_stage(db, run, transform, "planned"), "to bring over");
	add_count(&line, of_stage(db, run, transform, "unchanged"), "unchanged");
	add_count(&line, of_stage(db, run, transform, "skipped"), "skipped");
	add_count(&line, of_stage(db, run, transform, "rejected"), "rejected");
	show("  %-11s  %s", job, line.size ? line.data : reached ? "nothing new" : "not reached");
	buf_clear(&line);
	if (sends)
		add_sent(db, run, load, &line);
	show("%s%s%s%s%s\n", line.size ? "; " : "", line.size ? line.data : "",
	     held ? "; NOTHING SENT: " : "", held ? held : "", held ? " is on plan" : "");
	free(transform);
	free(load);
}

/* A line for each job that is on, one for all that are off. */
static void print_jobs(struct db *db, int64_t run, const struct options *o)
{
	BUF off = buf_new(1000);

	for (const struct record_kind *kind = record_kinds; kind->job; kind++) {
		BUF held = buf_new(1000);
		bool sends;
		if (kind > record_kinds && !strcmp(kind->job, kind[-1].job))
			continue;
		if (read_switches(db, kind->job, o, &sends, &held))
			print_job(db, run, kind->job, sends, o->plan ? NULL : held.data);
		else
			buf_printf(&off, " %s", kind->job);
	}
	if (o->plan)
		show("  NOTHING SENT: this is ./run.sh plan\n");
	if (off.size)
		show("  switched off:%s\n", off.data);
}

/* Reservations are part of orders.load, whose counts have them. */
void summary_reservations(struct db *db)
{
	int64_t reserved = db_int(db, 0,
				  "SELECT count(*) FROM out_reservation WHERE holder = 'us' AND"
				  " body <> '{\"products\":[]}'",
				  "");
	STMT st = db_prepare(db, "SELECT count(*), sum(pieces), min(key) FROM order_short");

	if (reserved)
		show("  reserved     stock for %lld orders\n", (long long)reserved);
	if (stmt_row(st) && col_int(st, 0))
		show("  short        %lld orders (%s ...) lack %lld pieces, which are "
		     "reserved as stock comes in\n",
		     (long long)col_int(st, 0), col_text(st, 2), (long long)col_int(st, 1));
}

static void print_stages(struct db *db, int64_t run)
{
	STMT st = db_prepare(
		db, "SELECT name, outcome, message FROM stage WHERE run_id = :run"
		    " AND NOT due AND (outcome <> 'ok' OR code <> 0) ORDER BY started_at, rowid");

	bind(st, ":run", run);
	while (stmt_row(st))
		show("  ! %s %s: %s\n", col_text(st, 0), col_text(st, 1),
		     col_text(st, 2) ? col_text(st, 2) : "");
}

void summary_rejects(struct db *db)
{
	STMT reason = db_prepare(
		db, "SELECT job, reason, count(*), min(id), key, message, csv_line"
		    " FROM reject WHERE closed_at IS NULL GROUP BY job, reason ORDER BY 3 DESC, 4");
	bool any = false;

	for (; stmt_row(reason); any = true) {
		show("  rejected: %lld in %s: %s; %s: %s\n", (long long)col_int(reason, 2),
		     col_text(reason, 0), col_text(reason, 1), col_text(reason, 4),
		     col_text(reason, 5));
		if (!col_null(reason, 6))
			show("            %s\n", col_text(reason, 6));
	}
	if (any)
		show("  what to do about them: ./run.sh rejects\n");
}

static void print_allowed(struct db *db, int64_t run)
{
	char *jobs = db_text(db, "SELECT allow_large FROM run WHERE id = ?", "i", run);

	if (jobs)
		show("  --allow-large: no brake held %s\n", jobs);
	free(jobs);
}

static void print_fetched(struct db *db, int64_t run)
{
	char *message = db_text(db, "SELECT message FROM order_fetched WHERE run = ?", "i", run);

	if (message)
		show("  fetched      %s\n", message);
	free(message);
}

static void print_reconcile(struct db *db, int64_t run)
{
	char *verdict = reconcile_verdict(db, run);

	if (verdict)
		show("  reconcile    %s\n", verdict);
	free(verdict);
}

static void print_requests(struct db *db, int64_t run)
{
	STMT st = db_prepare(
		db, "SELECT api, count(*), sum(method <> 'GET') FROM request WHERE run_id = :run"
		    " GROUP BY api");

	bind(st, ":run", run);
	while (stmt_row(st))
		show("  requests   %s: %lld, of these %lld writes\n", col_text(st, 0),
		     (long long)col_int(st, 1), (long long)col_int(st, 2));
}

static void print_json(struct db *db, int64_t run, int code)
{
	static const char sql[] =
		"SELECT json_object('run', :run, 'code', :code, 'verdict', :verdict,"
		" 'stages', (SELECT json_group_array(json_object('name', name, 'outcome', outcome, "
		"'code', code,"
		"   'message', message, 'extracted', extracted, 'changed', changed, 'considered', "
		"considered,"
		"   'planned', planned, 'unchanged', unchanged, 'skipped', skipped, 'rejected', "
		"rejected,"
		"   'done', done, 'created', done - already_there - changed_there - short_there, 'already_there', "
		"already_there, 'changed_there', changed_there, 'short_there', short_there, 'ignored', ignored, 'remaining', remaining)) FROM stage WHERE "
		"run_id = :run),"
		" 'rejects', (SELECT json_group_array(json_object('job', job, 'key', key, "
		"'reason', reason,"
		"   'message', message, 'hint', hint, 'csv_line', csv_line)) FROM reject WHERE "
		"closed_at IS NULL),"
		" 'requests', (SELECT json_group_object(api, n) FROM (SELECT api, count(*) AS n "
		"FROM request"
		"   WHERE run_id = :run GROUP BY api)))";
	STMT st = db_prepare(db, sql);

	bind(st, ":run", run);
	bind(st, ":code", code);
	bind(st, ":verdict", verdict(code));
	if (stmt_row(st))
		show_json(col_text(st, 0));
}

void summary_print(struct db *db, int64_t run, int code, const struct options *o)
{
	if (o->json) {
		print_json(db, run, code);
		return;
	}
	if (o->quiet)
		return;
	show("run %lld: %s (exit %d)\n", (long long)run, verdict(code), code);
	print_allowed(db, run);
	print_stages(db, run);
	print_fetched(db, run);
	print_jobs(db, run, o);
	summary_reservations(db);
	print_skips(db);
	print_left(db);
	print_reconcile(db, run);
	summary_rejects(db);
	print_requests(db, run);
}
