/* The pipeline: continue the open run or begin one, let Make order the stages, tell what came of
 * it. */
#include "jobs/commands/chain.h"
#include "jobs/commands/commands.h"
#include "jobs/commands/ledger.h"
#include "jobs/commands/open_run.h"
#include "jobs/stages.h"
#include "jobs/waits.h"
#include "lib/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pipeline {
	const struct options *options;
	struct db *db;
	struct open_run run;
	int code;
};

/* "orders" -> every stage of the job, "orders.load" -> itself; their stamps as Make goals. */
static int add_goals(const struct options *o, const char *name, char **goals, int count)
{
	int added = 0;

	for (const struct stage_entry *s = stages; s->name; s++)
		if (stage_belongs(s->name, name)) {
			goals[count + added++] = xasprintf("data/run/%s.ok", s->name);
			open_run_unstamp(o, s->name);
		}
	return added;
}

/* Rejects that the last run did not know. */
static bool has_new_rejects(struct pipeline *p)
{
	return db_int(p->db, 0,
		      "SELECT count(*) FROM reject r WHERE closed_at IS NULL AND (opened_run = ?1 OR EXISTS"
		      " (SELECT 1 FROM reject_record m WHERE m.reject_id = r.id AND m.opened_run = ?1))",
		      "i", p->run.id) > 0;
}

/* An order that was named is not in BigCommerce, or would be sent and is not in Brightpearl. */
static bool lacks_an_order(struct pipeline *p)
{
	const int64_t *order = p->options->orders;

	if (order && db_int(p->db, 0, "SELECT max(absent) FROM order_named", ""))
		return true;
	if (!order || !setting_is(p->db, "orders.enabled", "yes") || p->options->plan)
		return false;
	for (; *order; order++)
		if (!db_int(p->db, 0, "SELECT EXISTS (SELECT 1 FROM link_order WHERE order_id = ?)",
			    "i", *order))
			return true;
	return false;
}

/* Exit 0 and 65 say that all of it was done: by the ledger, not by Make's word. */
static int check_ledger(struct pipeline *p)
{
	char *missing = ledger_missing(p->db, p->run.id);

	if (!missing)
		return 0;
	if (!stop_reason()) /* an end that was asked for was told; one that came too late ends nothing */
		log_error("",
			  "the run is not complete: the database has no row of %s: it was replaced"
			  " while the run was on, or Make left them out; run again: ./run.sh",
			  missing);
	free(missing);
	return EX_TEMPFAIL;
}

static int judge(struct pipeline *p)
{
	int code = stage_worse(p->code, ledger_code(p->db, p->run.id));

	if (has_new_rejects(p) || lacks_an_order(p))
		code = stage_worse(code, EX_DATAERR);
	if (code == 0 || code == EX_DATAERR)
		code = stage_worse(code, check_ledger(p));
	return code;
}

/* Before a run is opened for it. */
static void check_only(const struct options *o)
{
	for (int i = 0; o->only && i < o->count; i++) {
		if (!stage_find(o->arguments[i]))
			die(EX_USAGE, "--only takes stages, like orders.transform");
		if (strstr(o->arguments[i], ".load"))
			die(EX_USAGE,
			    "--only %s is refused: a load needs what was read just before it",
			    o->arguments[i]);
	}
}

static int run_only(const struct options *o, const char *name)
{
	char *arguments[] = {xstrdup(name)};
	struct options one = *o;
	one.count = 1;
	one.arguments = arguments;
	int code = command_stage(&one);
	free(arguments[0]);
	return code;
}

/* Say beforehand what else will run. */
static void announce(struct pipeline *p)
{
	const struct options *o = p->options;
	STMT st = db_prepare(p->db, "SELECT name FROM temp.wanted ORDER BY rowid DESC");
	BUF also = buf_new(2000);

	while (stmt_row(st)) {
		bool named = false;
		for (int i = 0; i < o->count; i++)
			named = named || stage_belongs(col_text(st, 0), o->arguments[i]);
		if (!named)
			buf_printf(&also, " %s", col_text(st, 0));
	}
	if (o->count && also.size && !o->only && !o->quiet && !o->json && !o->orders)
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
	       "ti", p->options->allow_large, p->run.id);
	db_commit(p->db);
	log_info("", "the brakes are off for this run: %s", p->options->allow_large);
}

static void go(struct pipeline *p)
{
	const struct options *o = p->options;
	char *goals[64];
	int count = 0;

	ledger_want(p->db, o->arguments, o->count, !o->only);
	announce(p);
	chain_name_run(p->run.id);
	if (o->only) {
		for (int i = 0; i < o->count; i++)
			p->code = stage_worse(p->code, run_only(o, o->arguments[i]));
		return;
	}
	for (int i = 0; i < o->count && count < 48; i++)
		count += add_goals(o, o->arguments[i], goals, count);
	ledger_owe(p->db, o, p->run.id);
	p->code = chain_make(o, p->db, goals, count);
	for (int i = 0; i < count; i++)
		free(goals[i]);
}

/* A run that did all it had to is closed; one of which only a part was asked for stays open. */
static void finish(struct pipeline *p, int code)
{
	bool complete = code == 0 || code == EX_DATAERR;

	db_begin(p->db);
	db_run(p->db, "UPDATE run SET code = ? WHERE id = ?", "ii", (int64_t)code, p->run.id);
	db_commit(p->db);
	if (complete && (!p->options->count || p->run.begun))
		open_run_close(p->db, p->options, p->run.id, "done", code);
}

static void watch(struct pipeline *p)
{
	char *mark = store_path(p->options, "stop");

	stop_watch(&(struct stop_options){.mark = mark});
	stop_after_minutes(setting_int(p->db, "run.max_minutes", 120));
	free(mark);
}

int command_run(const struct options *o)
{
	check_only(o);
	if (!store_lock(o)) {
		log_error("",
			  "another run of this store is under way: wait until it ends, or end it"
			  " with ./run.sh stop");
		return EX_TEMPFAIL;
	}
	struct config *config = config_load(o->store);
	struct pipeline p = {.options = o, .db = store_open(o)};
	store_check_binding(p.db, config);
	config_free(config);
	watch(&p);
	p.run = open_run_take(p.db, o);
	name_orders(p.db, o->orders);
	record_allowed(&p);
	go(&p);
	int code = judge(&p);
	if (!o->count && (code == 0 || code == EX_DATAERR)) {
		waits_tell(p.db, p.run.id);
		code = judge(&p);
	}
	finish(&p, code);
	summary_print(p.db, p.run.id, code, o);
	db_close(p.db);
	return code;
}
