/* catch-up: what was left as it was when a job went live is carried after all, a few at a time.
 *
 * Nothing is sent here: what is chosen is written to table catch_up, which the transforms obey, and the
 * job runs as ever, brakes and all. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/fulfillment/fulfillment.h"
#include "lib/clock.h"
#include "lib/server_clock.h"
#include "lib/stop.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST    50 /* of a run */
#define DAY     86400
#define OLD     (14 * DAY) /* as in catch_up.sql */
#define LOOK_MS 200

/* A row of temp.turn that goes with this run. */
#define NOW "before + pieces <= 50 OR before = 0"

extern const char sql_commands_catch_up[], sql_fulfillment_scope[];

struct kind {
	const char *name, *job; /* what is typed; the job that runs */
	const char *units;
	const char *switches[2]; /* one of them must be on yes */
};

static const struct kind kinds[] = {
	{"notes", "notes", "notes", {"notes.to_brightpearl", "notes.to_bigcommerce"}},
	{"statuses",
	 "statuses",
	 "statuses",
	 {"statuses.to_bigcommerce", "statuses.to_brightpearl"}},
	{"shipments", "fulfillment", "shipped notes", {"fulfillment", "fulfillment"}},
	{0},
};

static const struct kind *kind_of(const struct options *o)
{
	if (o->count == 1)
		for (const struct kind *k = kinds; k->name; k++)
			if (!strcmp(k->name, o->arguments[0]))
				return k;
	command_misuse("catch-up", "say notes, statuses or shipments");
}

static int64_t read_from(const struct options *o)
{
	int64_t at = 0;

	if (!o->from)
		command_misuse("catch-up", "say --from DATE");
	if (!clock_parse(o->from, &at))
		command_misuse("catch-up",
			       "\"%s\" is no date, like 2026-01-01 or 2026-01-01T00:00:00Z",
			       o->from);
	return at;
}

static void check_switch(struct job *job, const struct kind *k)
{
	for (int i = 0; i < 2; i++) {
		char *enabled = job_enabled(job, k->switches[i]);
		bool on = !strcmp(enabled, "yes");
		free(enabled);
		if (on)
			return;
	}
	die(EX_CONFIG,
	    "%s.enabled is not on yes, so nothing would be sent: write yes in settings.csv",
	    k->switches[0]);
}

static void choose(struct job *job, const struct kind *k, int64_t from)
{
	int64_t now = server_now(job, BRIGHTPEARL);

	if (!strcmp(k->job, "fulfillment") &&
	    setting_is(job->db, "fulfillment.trigger", "goods_out_note") &&
	    !notes_find_since(job, from > now - OLD ? from : now - OLD))
		die(job->code ? job->code : EX_TEMPFAIL, "%s", job->message);
	db_begin(job->db);
	db_script(job->db, sql_fulfillment_scope);
	db_script(job->db, "DROP TABLE IF EXISTS temp.wish;"
			   "CREATE TEMP TABLE wish(job TEXT, from_at INTEGER, now INTEGER)");
	db_run(job->db, "INSERT INTO temp.wish VALUES(?, ?, ?)", "tii", k->name, from, now);
	db_script(job->db, sql_commands_catch_up);
	db_commit(job->db);
}

static int64_t count(struct job *job, const char *what)
{
	char *sql = xasprintf("SELECT coalesce((SELECT %s), 0)", what);
	int64_t result = db_int(job->db, 0, sql, "");

	free(sql);
	return result;
}

#define SHOPPERS "count(DISTINCT iif(mails, email, NULL)) FROM temp.turn WHERE "

static void show(struct job *job, const struct options *o, const struct kind *k)
{
	int64_t all = count(job, "count(*) FROM temp.turn"),
		now = count(job, "count(*) FROM temp.turn WHERE " NOW);
	int64_t mails = count(job, SHOPPERS NOW);
	STMT why = db_prepare(job->db, "SELECT count(*), why FROM temp.left_over"
				       " WHERE why IS NOT NULL GROUP BY why ORDER BY 1 DESC, 2");
	STMT row = db_prepare(job->db, "SELECT key, order_id, told FROM temp.turn WHERE " NOW
				       " ORDER BY before");

	command_say(o, "", "left", "%lld %s since %s were left as they are",
		    (long long)count(job, "count(*) FROM temp.left_over"), k->units, o->from);
	while (stmt_row(why))
		command_say(o, "", "stays", "  %lld stay so: %s", (long long)col_int(why, 0),
			    col_text(why, 1));
	while (stmt_row(row))
		command_say(o, col_text(row, 0), "may go", "  %s of order %lld: %s",
			    col_text(row, 0), (long long)col_int(row, 1), col_text(row, 2));
	if (all > now)
		command_say(
			o, "", "later",
			"  %lld more may go by later runs: at most %d at a time (%lld shoppers in all)",
			(long long)(all - now), MOST, (long long)count(job, SHOPPERS "true"));
	command_say(o, "", "shoppers", "%lld %s may go now; %lld shopper%s may be mailed",
		    (long long)now, k->units, (long long)mails, mails == 1 ? "" : "s");
}

/* The number that must be typed: how many shoppers, or where nobody is mailed how many records. */
static int64_t number(struct job *job)
{
	int64_t mails = count(job, SHOPPERS NOW);

	return mails ? mails : count(job, "count(*) FROM temp.turn WHERE " NOW);
}

/* Other numbers that were shown mean the same: those of all, and of the records. */
static bool is_meant(struct job *job, int64_t typed)
{
	return typed == number(job) || typed == count(job, "count(*) FROM temp.turn WHERE " NOW) ||
	       typed == count(job, SHOPPERS "true") ||
	       typed == count(job, "count(*) FROM temp.turn");
}

/* Until something comes, or the end is asked for: the store's lock is held meanwhile. */
static void wait_for_input(void)
{
	struct pollfd in = {.fd = 0, .events = POLLIN};

	while (poll(&in, 1, LOOK_MS) <= 0) {
		const char *why = stop_reason();
		if (why)
			die(EX_TEMPFAIL, "nothing was sent: %s", why);
	}
}

static const char *read_line(char *line, size_t size)
{
	size_t length = 0;

	while (length < size - 1 && !memchr(line, '\n', length)) {
		wait_for_input();
		ssize_t n = read(0, line + length, size - 1 - length);
		if (n <= 0)
			break;
		length += (size_t)n;
	}
	line[length] = 0;
	return length ? line : NULL;
}

/* What a person types, or what stands ready in a pipe; NULL: there is nobody to ask. */
static const char *read_number(struct job *job, char *line, size_t size)
{
	struct pollfd in = {.fd = 0, .events = POLLIN};

	if (isatty(0))
		fprintf(stderr, "type %lld to send it: ", (long long)number(job));
	else if (poll(&in, 1, 0) != 1 || !(in.revents & POLLIN))
		return NULL;
	return read_line(line, size);
}

static bool confirm(struct job *job, const struct options *o, const struct kind *k)
{
	char line[64] = "", *end = NULL;
	const char *typed = o->confirm;

	if (!typed)
		typed = read_number(job, line, sizeof line);
	if (!typed) {
		command_say(
			o, "", "next",
			"nothing was sent; ./run.sh catch-up %s --from %s --confirm %lld sends it",
			k->name, o->from, (long long)number(job));
		return false;
	}
	int64_t said = strtoll(typed, &end, 10);
	if (end == typed || end[strspn(end, " \r\n")] || !is_meant(job, said))
		die(EX_USAGE, "that is not the number: it is %lld, and nothing was sent",
		    (long long)number(job));
	return true;
}

static void ask_for(struct job *job)
{
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR IGNORE INTO catch_up(key, job, order_id, field, at)"
	       " SELECT key, job, order_id, field, ? FROM temp.turn WHERE " NOW,
	       "i", clock_now() / 1000);
	db_commit(job->db);
}

int command_catch_up(const struct options *o)
{
	const struct kind *k = kind_of(o);
	int64_t from = read_from(o);
	struct session *s = session_begin(o, "catch-up");
	struct job *job = session_job(s);
	char *goal = xstrdup(k->job);
	struct options run = *o;

	check_switch(job, k);
	choose(job, k, from);
	show(job, o, k);
	bool go = count(job, "count(*) FROM temp.turn") && confirm(job, o, k);
	if (go)
		ask_for(job);
	session_close(s);
	run.arguments = &goal;
	run.count = 1;
	int code = go ? command_run(&run) : 0;
	free(goal);
	return code;
}
