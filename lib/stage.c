#define _GNU_SOURCE
#include "lib/stage.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"
#include "lib/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct job *current; /* for the hook of die() */
static const char *opening; /* the stage that has not begun yet */

static int64_t now(void)
{
	return clock_now() / 1000;
}

/* The run's driver learns each end by a pipe as well: the table cannot tell of a full disk. */
static void report_code(const char *stage, int code)
{
	const char *fd = getenv("PEARLBRIDGE_REPORT_FD");
	char line[128];

	if (!fd || !*fd)
		return;
	int length = snprintf(line, sizeof line, "%s %d\n", stage, code);
	if (write(atoi(fd), line, (size_t)length) < 0)
		log_warn("", "cannot tell the run how %s ended", stage);
}

static void record_end(struct job *job, const char *outcome)
{
	const struct counts *c = &job->counts;

	db_begin(job->db);
	db_run(job->db,
	       "UPDATE stage SET outcome = ?, code = ?, message = ?, ended_at = ?, extracted = ?,"
	       " changed = ?, considered = ?, planned = ?, unchanged = ?, skipped = ?, rejected = "
	       "?,"
	       " done = ?, already_there = ?, changed_there = ?, short_there = ?, ignored = ?, remaining = ?"
	       " WHERE run_id = ? AND name = ?",
	       "titiiiiiiiiiiiiiiit", outcome, (int64_t)job->code, job->message, now(),
	       c->extracted, c->changed, c->considered, c->planned, c->unchanged, c->skipped,
	       c->rejected, c->done, c->already_there, c->changed_there, c->short_there, c->ignored,
	       c->remaining, job->run, job->stage);
	db_commit(job->db);
}

/* Runs when something dies: what is open is rolled back, then the end is recorded, unless it is the
 * database itself that failed. */
static void on_death(int code, const char *message)
{
	struct job *job = current;

	if (!job && opening)
		report_code(opening, code);
	if (!job)
		return;
	current = NULL; /* a second death must not come here again */
	report_code(job->stage, code);
	if (code == EX_IOERR || code == EX_CANTCREAT || !job->db)
		return;
	if (job->db->begun_at)
		sqlite3_exec(job->db->handle, "ROLLBACK", NULL, NULL, NULL);
	job->db->begun_at = NULL;
	job->code = code;
	job->message = xstrdup(message);
	record_end(job, "failed");
}

void stage_open(const char *stage)
{
	opening = stage;
	die_hook = on_death;
}

void stage_begin(struct job *job)
{
	current = job;
	opening = NULL;
	die_hook = on_death;
	const char *run = getenv("PEARLBRIDGE_RUN");

	job->run = db_int(job->db, 0, "SELECT max(id) FROM run WHERE state = 'open'", "");
	if (!run || !job->run || strtoll(run, NULL, 10) != job->run)
		die(EX_TEMPFAIL,
		    "run %s is not open in this database, which was replaced or moved meanwhile: run"
		    " again: ./run.sh",
		    run ? run : "");
	db_begin(job->db);
	db_run(job->db,
	       "INSERT INTO stage(run_id, name, outcome, started_at) VALUES(?, ?, 'running', ?)"
	       " ON CONFLICT DO UPDATE SET outcome = 'running', code = 0, message = NULL, due = 0,"
	       " attempts = attempts + 1, started_at = excluded.started_at, ended_at = NULL",
	       "iti", job->run, job->stage, now());
	db_run(job->db, "DELETE FROM stage_part WHERE run_id = ? AND name = ?", "it", job->run,
	       job->stage);
	db_commit(job->db);
}

static void check_books(const struct job *job)
{
	const struct counts *c = &job->counts;

	if (strstr(job->stage, ".transform") &&
	    c->considered != c->planned + c->unchanged + c->skipped + c->rejected)
		bug("books do not balance: %lld considered, but %lld planned + %lld unchanged + "
		    "%lld skipped"
		    " + %lld rejected",
		    (long long)c->considered, (long long)c->planned, (long long)c->unchanged,
		    (long long)c->skipped, (long long)c->rejected);
	if (strstr(job->stage, ".load") &&
	    c->planned != c->done + c->rejected + c->ignored + c->remaining)
		bug("books do not balance: %lld planned, but %lld done + %lld rejected + %lld "
		    "ignored + %lld"
		    " left",
		    (long long)c->planned, (long long)c->done, (long long)c->rejected,
		    (long long)c->ignored, (long long)c->remaining);
}

int stage_end(struct job *job, bool failed)
{
	if (!failed)
		check_books(job);
	if (job->later)
		job->code = stage_worse(job->code, EX_TEMPFAIL);
	if (failed && !job->code)
		job->code = EX_SOFTWARE;
	record_end(job, failed ? "failed" : job->later ? "later" : "ok");
	if (job->code)
		log_line(failed ? LOG_ERROR : LOG_WARN, "", "%s", job->message ? job->message : "");
	report_code(job->stage, job->code);
	current = NULL;
	return failed ? job->code : 0;
}

static void keep_message(struct job *job, const char *fmt, va_list args)
{
	if (job->message)
		return;
	if (vasprintf(&job->message, fmt, args) < 0)
		die(EX_OSERR, "out of memory");
}

void job_later(struct job *job, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	keep_message(job, fmt, args);
	va_end(args);
	job->later = true;
}

void job_note(struct job *job, int code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	keep_message(job, fmt, args);
	va_end(args);
	job->code = stage_worse(job->code, code);
}

char *job_enabled(struct job *job, const char *name)
{
	char *setting = xasprintf("%s.enabled", name);
	char *value = setting_text(job->db, setting);

	free(setting);
	if (job->plan && !strcmp(value, "yes")) {
		free(value);
		value = xstrdup("plan");
	}
	return value;
}

bool job_is_off(struct job *job, const char *name)
{
	char *value = job_enabled(job, name);
	bool off = !strcmp(value, "no");

	free(value);
	return off;
}

int stage_worse(int code, int other)
{
	static const int order[] = {EX_SOFTWARE,  EX_CONFIG,   EX_NOPERM,  EX_IOERR,
				    EX_CANTCREAT, EX_TEMPFAIL, EX_DATAERR, 0};
	int a = -1, b = -1;

	for (int i = 0; i < (int)(sizeof order / sizeof *order); i++) {
		if (order[i] == code)
			a = i;
		if (order[i] == other)
			b = i;
	}
	return a <= b ? code : other;
}
