/* What a run did, in words that a person understands. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"
#include "jobs/records.h"
#include "lib/clock.h"

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
	STMT st = db_prepare(db, "SELECT count(*), reason FROM skip WHERE job = 'orders'"
				 " GROUP BY reason ORDER BY 1 DESC LIMIT 8");

	while (stmt_row(st))
		printf("    %6lld skipped: %s\n", (long long)col_int(st, 0), col_text(st, 1));
}

static void print_job(struct db *db, int64_t run, const struct record_kind *kind,
		      const struct options *o)
{
	const char *job = kind->job;
	char *transform = xasprintf("%s.transform", job), *load = xasprintf("%s.load", job);
	char *key = xasprintf("%s.enabled", kind->enabled), *enabled = setting_text(db, key);

	printf("  %-11s  %lld %s considered: %lld to bring over, %lld unchanged, %lld skipped, "
	       "%lld "
	       "rejected\n",
	       job, (long long)of_stage(db, run, transform, "considered"), kind->units,
	       (long long)of_stage(db, run, transform, "planned"),
	       (long long)of_stage(db, run, transform, "unchanged"),
	       (long long)of_stage(db, run, transform, "skipped"),
	       (long long)of_stage(db, run, transform, "rejected"));
	if (o->plan && strcmp(enabled, "no") != 0)
		printf("               NOTHING SENT: this is ./run.sh plan\n");
	else if (strcmp(enabled, "yes") != 0)
		printf("               NOTHING SENT: %s is on %s\n", kind->enabled, enabled);
	else
		printf("               in %s: %lld now there, %lld refused, %lld waiting\n",
		       api_title[kind->to], (long long)of_stage(db, run, load, "done"),
		       (long long)of_stage(db, run, load, "rejected"),
		       (long long)of_stage(db, run, load, "remaining"));
	free(transform);
	free(load);
	free(key);
	free(enabled);
}

/* Reservations are part of orders.load, whose counts have them. */
static void print_reservations(struct db *db)
{
	int64_t reserved = db_int(db, 0,
				  "SELECT count(*) FROM out_reservation WHERE holder = 'us' AND"
				  " body <> '{\"products\":[]}'",
				  "");
	STMT st = db_prepare(db, "SELECT count(*), sum(pieces), min(key) FROM order_short");

	if (reserved)
		printf("  reserved     stock for %lld orders\n", (long long)reserved);
	if (stmt_row(st) && col_int(st, 0))
		printf("  short        %lld orders (%s ...) lack %lld pieces, which are "
		       "reserved as stock comes in\n",
		       (long long)col_int(st, 0), col_text(st, 2), (long long)col_int(st, 1));
}

static void print_stages(struct db *db, int64_t run)
{
	STMT st = db_prepare(db, "SELECT name, outcome, message FROM stage WHERE run_id = :run"
				 " AND (outcome <> 'ok' OR code <> 0) ORDER BY started_at, rowid");

	bind(st, ":run", run);
	while (stmt_row(st))
		printf("  ! %s %s: %s\n", col_text(st, 0), col_text(st, 1),
		       col_text(st, 2) ? col_text(st, 2) : "");
}

void summary_rejects(struct db *db, const struct options *o)
{
	STMT reason = db_prepare(
		db, "SELECT job, reason, count(*), min(key), min(message), min(hint), min(csv_line)"
		    " FROM reject WHERE closed_at IS NULL GROUP BY job, reason ORDER BY 3 DESC");

	(void)o;
	while (stmt_row(reason)) {
		printf("  rejected: %lld in %s: %s\n", (long long)col_int(reason, 2),
		       col_text(reason, 0), col_text(reason, 1));
		printf("            %s: %s\n            %s\n", col_text(reason, 3),
		       col_text(reason, 4), col_text(reason, 5));
		if (!col_null(reason, 6))
			printf("            %s\n", col_text(reason, 6));
	}
}

static void print_requests(struct db *db, int64_t run)
{
	STMT st = db_prepare(
		db, "SELECT api, count(*), sum(method <> 'GET') FROM request WHERE run_id = :run"
		    " GROUP BY api");

	bind(st, ":run", run);
	while (stmt_row(st))
		printf("  requests   %s: %lld, of these %lld writes\n", col_text(st, 0),
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
		"   'done', done, 'ignored', ignored, 'remaining', remaining)) FROM stage WHERE "
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
		printf("%s\n", col_text(st, 0));
}

void summary_print(struct db *db, int64_t run, int code, const struct options *o)
{
	if (o->json) {
		print_json(db, run, code);
		return;
	}
	if (o->quiet)
		return;
	printf("run %lld: %s (exit %d)\n", (long long)run, verdict(code), code);
	print_stages(db, run);
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		if (kind == record_kinds || strcmp(kind->enabled, kind[-1].enabled) != 0)
			print_job(db, run, kind, o);
	print_reservations(db);
	print_skips(db);
	summary_rejects(db, o);
	print_requests(db, run);
}
