/* The pipeline: continue the open run or begin one, let Make order the stages, tell what came of
 * it. */
#include "jobs/commands/chain.h"
#include "jobs/commands/commands.h"
#include "jobs/stages.h"
#include "jobs/waits.h"
#include "lib/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define VERSION "0.1"

struct pipeline {
	const struct options *options;
	struct db *db;
	int64_t run;
	bool begun; /* by us, not continued */
	int code;
};

static int64_t now(void)
{
	return clock_now() / 1000;
}

static char *stamp_of(const struct options *o, const char *stage)
{
	char *name = xasprintf("run/%s.ok", stage), *path = store_path(o, name);

	free(name);
	return path;
}

static void remove_stamp(const struct options *o, const char *stage)
{
	char *path = stamp_of(o, stage);

	if (unlink(path) < 0 && errno != ENOENT)
		die(EX_IOERR, "cannot remove %s: %s", path, strerror(errno));
	free(path);
}

/* data/run -> data/runs/<UTC>.<n>; a run is open exactly while data/run is there.  Several runs may
 * end in one second, so the first n that is free is taken. */
static void put_away(const struct options *o)
{
	char *from = store_path(o, "run"), *folder = store_path(o, "runs");
	char name[64];
	time_t t = now();
	struct tm tm;
	int done = -1;

	mkdir(folder, 0700);
	gmtime_r(&t, &tm);
	strftime(name, sizeof name, "%Y%m%dT%H%M%SZ", &tm);
	for (int n = 0; done < 0 && n < 1000; n++) {
		char *to = xasprintf("%s/%s.%d", folder, name, n);
		done = rename(from, to);
		free(to);
		if (done < 0 && errno != ENOTEMPTY && errno != EEXIST)
			break;
	}
	if (done < 0 && errno != ENOENT)
		die(EX_IOERR, "cannot put %s away: %s", from, strerror(errno));
	free(from);
	free(folder);
}

static void close_run(struct pipeline *p, const char *state, int code)
{
	db_begin(p->db);
	db_run(p->db, "UPDATE run SET state = ?, code = ?, ended_at = ? WHERE id = ?", "tiii",
	       state, (int64_t)code, now(), p->run);
	db_commit(p->db);
	put_away(p->options);
}

static void begin_run(struct pipeline *p)
{
	char *folder = store_path(p->options, "run");

	put_away(p->options); /* of a database that was lost, if there is any */
	if (mkdir(folder, 0700) < 0)
		die(EX_CANTCREAT, "cannot make %s: %s", folder, strerror(errno));
	free(folder);
	db_begin(p->db);
	db_run(p->db, "INSERT INTO run(started_at, state, version) VALUES(?, 'open', ?)", "it",
	       now(), VERSION);
	p->run = db_int(p->db, 0, "SELECT max(id) FROM run", "");
	db_commit(p->db);
	p->begun = true;
}

/* Stages that did not end ok are repeated, and those that must always be made afresh. */
static void continue_run(struct pipeline *p)
{
	char *folder = store_path(p->options, "run");

	mkdir(folder, 0700); /* it may have died before it made one */
	free(folder);
	for (const struct stage_entry *s = stages; s->name; s++) {
		char *outcome = db_text(p->db,
					"SELECT outcome FROM stage WHERE run_id = ? AND name = ?",
					"it", p->run, s->name);
		if (s->fresh || !outcome || strcmp(outcome, "ok") != 0)
			remove_stamp(p->options, s->name);
		free(outcome);
	}
}

static void open_run(struct pipeline *p)
{
	int64_t age = now() -
		      db_int(p->db, 0, "SELECT started_at FROM run WHERE state = 'open'", "");

	p->run = db_int(p->db, 0, "SELECT max(id) FROM run WHERE state = 'open'", "");
	if (p->run && age >= 60 * setting_int(p->db, "run.resume_minutes", 60)) {
		close_run(p, "unfinished",
			  (int)db_int(p->db, EX_TEMPFAIL, "SELECT code FROM run WHERE id = ?", "i",
				      p->run));
		p->run = 0;
	}
	if (p->run)
		continue_run(p);
	else
		begin_run(p);
}

/* "orders" -> every stage of the job, "orders.load" -> itself; their stamps as Make goals. */
static int add_goals(const struct options *o, const char *name, char **goals, int count, bool redo)
{
	size_t length = strlen(name);
	int added = 0;

	for (const struct stage_entry *s = stages; s->name; s++)
		if (!strcmp(s->name, name) ||
		    (!strncmp(s->name, name, length) && s->name[length] == '.')) {
			goals[count + added++] = xasprintf("data/run/%s.ok", s->name);
			if (redo)
				remove_stamp(o, s->name);
		}
	return added;
}

/* The worst code of this run's stages, 65 for rejects that the last run did not know. */
static int judge(struct pipeline *p)
{
	STMT st = db_prepare(p->db, "SELECT code, outcome FROM stage WHERE run_id = :run");
	int code = p->code;

	bind(st, ":run", p->run);
	while (stmt_row(st)) {
		code = stage_worse(code, (int)col_int(st, 0));
		if (!strcmp(col_text(st, 1), "later") || !strcmp(col_text(st, 1), "running"))
			code = stage_worse(code, EX_TEMPFAIL);
	}
	if (db_int(p->db, 0,
		   "SELECT count(*) FROM reject r WHERE closed_at IS NULL AND (opened_run = ?1 OR EXISTS"
		   " (SELECT 1 FROM reject_record m WHERE m.reject_id = r.id AND m.opened_run = ?1))",
		   "i", p->run))
		code = stage_worse(code, EX_DATAERR);
	return code;
}

static void run_only(const struct options *o, const char *name)
{
	const struct stage_entry *s = stage_find(name);

	if (!s)
		die(EX_USAGE, "--only takes stages, like orders.transform");
	if (strstr(name, ".load"))
		die(EX_USAGE, "--only %s is refused: a load needs what was read just before it",
		    name);
	char *arguments[] = {xstrdup(name)};
	struct options one = *o;
	one.count = 1;
	one.arguments = arguments;
	command_stage(&one);
	free(arguments[0]);
}

static bool is_named(const struct options *o, const char *stage)
{
	for (int i = 0; i < o->count; i++) {
		size_t length = strlen(o->arguments[i]);
		if (!strncmp(stage, o->arguments[i], length) &&
		    (!stage[length] || stage[length] == '.'))
			return true;
	}
	return false;
}

/* Say beforehand what else will run: the stages stand in the order of their needs. */
static void announce(const struct options *o)
{
	BUF also = buf_new(1024);
	int last = -1;

	for (int i = 0; stages[i].name; i++)
		if (is_named(o, stages[i].name))
			last = i;
	for (int i = 0; i < last; i++)
		if (!is_named(o, stages[i].name))
			buf_printf(&also, " %s", stages[i].name);
	if (also.size && !o->only && !o->quiet && !o->json && !o->orders)
		fprintf(stderr, "runs first what that needs:%s\n", also.data);
}

static void name_orders(struct db *db, const int64_t *orders)
{
	db_begin(db);
	db_run(db, "DELETE FROM order_named", "");
	while (orders && *orders)
		db_run(db, "INSERT OR IGNORE INTO order_named(id) VALUES(?)", "i", *orders++);
	db_commit(db);
}

/* Whose brakes were taken off stays with the run. */
static void record_allowed(struct pipeline *p)
{
	if (!p->options->allow_large)
		return;
	db_begin(p->db);
	db_run(p->db,
	       "UPDATE run SET allow_large = coalesce(allow_large || ',', '') || ? WHERE id = ?",
	       "ti", p->options->allow_large, p->run);
	db_commit(p->db);
	log_info("", "the brakes are off for this run: %s", p->options->allow_large);
}

int command_run(const struct options *o)
{
	char *goals[64];
	int count = 0;

	if (!store_lock(o)) {
		log_error("", "another run of this store is under way: it holds data/lock");
		return EX_TEMPFAIL;
	}
	struct config *config = config_load(o->store);
	struct pipeline p = {.options = o, .db = store_open(o)};
	store_check_binding(p.db, config);
	config_free(config);
	open_run(&p);
	name_orders(p.db, o->orders);
	record_allowed(&p);
	announce(o);
	if (o->only)
		for (int i = 0; i < o->count; i++)
			run_only(o, o->arguments[i]);
	else {
		for (int i = 0; i < o->count && count < 48; i++)
			count += add_goals(o, o->arguments[i], goals, count, true);
		p.code = chain_make(o, goals, count);
	}
	int code = judge(&p);
	if (!o->count && (code == 0 || code == EX_DATAERR)) {
		waits_tell(p.db, p.run);
		code = judge(&p);
	}
	db_begin(p.db);
	db_run(p.db, "UPDATE run SET code = ? WHERE id = ?", "ii", (int64_t)code, p.run);
	db_commit(p.db);
	bool complete = code == 0 || code == EX_DATAERR;
	if (complete && (!o->count || p.begun))
		close_run(&p, "done", code);
	summary_print(p.db, p.run, code, o);
	for (int i = 0; i < count; i++)
		free(goals[i]);
	db_close(p.db);
	return code;
}
