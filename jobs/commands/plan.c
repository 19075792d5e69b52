/* Dry run: read and transform everything, send nothing, and show what would be sent. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"
#include "jobs/records.h"
#include "lib/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each field of a body as a line: path, new value, and the old one when it was sent before; then
 * those that are there no more. */
static const char fields_sql[] =
	"SELECT substr(n.fullkey, 3), n.atom, o.atom, :sent IS NOT NULL"
	"  FROM json_tree(:body) n"
	"  LEFT JOIN json_tree(coalesce(:sent, 'null')) o ON o.fullkey = n.fullkey"
	" WHERE n.atom IS NOT NULL AND (:sent IS NULL OR n.atom IS NOT o.atom)"
	" UNION ALL SELECT substr(o.fullkey, 3), NULL, o.atom, 1 FROM json_tree(coalesce(:sent, "
	"'null')) o"
	"  WHERE o.atom IS NOT NULL AND NOT EXISTS"
	"        (SELECT 1 FROM json_tree(:body) n WHERE n.fullkey = o.fullkey)";

static void print_fields(sqlite3_stmt *field, const char *body, const char *sent)
{
	bind(field, ":body", body);
	bind(field, ":sent", sent);
	while (stmt_row(field))
		if (col_int(field, 3))
			show("    %s: %s -> %s\n", col_text(field, 0),
			     col_null(field, 2) ? "(none)" : col_text(field, 2),
			     col_null(field, 1) ? "(none)" : col_text(field, 1));
		else
			show("    %s: %s\n", col_text(field, 0), col_text(field, 1));
}

/* A new contact's body; of one that exists, the fields that change. */
#define CONTACT(made, column)                                                                      \
	"iif(remote_id IS NULL, " made ", (SELECT json_group_object(replace(substr(path, 2), '/'," \
	" '.'), json(iif(path LIKE '/post%' AND json_valid(" column "), " column ","               \
	" json_quote(" column ")))) FROM out_customer_change c WHERE c.key = out_customer.key))"

/* What the shop shows, not what it was last told. */
#define STOCK_BEFORE "iif(shown IS NULL, sent, json_set(body, '$.quantity', shown))"

/* What would go is added to sum, what a brake would hold to kept. */
static void print_kind(struct db *db, const struct record_kind *kind, bool json, struct buf *sum,
		       struct buf *kept)
{
	int64_t count = 0, held = 0;
	bool contacts = !strcmp(kind->table, "out_customer");
	bool stock = !strcmp(kind->table, "out_stock");
	const char *body = contacts ? CONTACT("body", "wanted") : "body";
	const char *before = contacts ? CONTACT("NULL", "seen") : stock ? STOCK_BEFORE : "sent";
	char *sql = xasprintf(
		"SELECT record, body, waits, before, json_object('job', '%s', 'key', record,"
		" 'waits_for', waits, 'held', held, '%s', json(body), 'before', json(before)), held"
		" FROM (SELECT %s AS record, %s AS body, %s AS waits, %s AS before, %s AS held"
		" FROM %s WHERE state = 'pending' AND (%s) ORDER BY key)",
		kind->job, kind->made, kind->record, body, kind->waits, before,
		record_held(db, kind), kind->table, kind->rows);
	STMT row = db_prepare(db, sql);
	STMT field = db_prepare(db, fields_sql);

	free(sql);
	while (stmt_row(row)) {
		if (json) {
			show_json(col_text(row, 4));
			continue;
		}
		show("%s: would %s %s%s%s\n", kind->job, col_null(row, 3) ? kind->made : "change",
		     col_text(row, 0), col_null(row, 2) ? "" : ", after ",
		     col_null(row, 2) ? "" : col_text(row, 2));
		if (!col_null(row, 5))
			show("    HELD by %s\n", col_text(row, 5));
		print_fields(field, col_text(row, 1), col_text(row, 3));
		*(col_null(row, 5) ? &count : &held) += 1;
	}
	if (count)
		buf_printf(sum, "%s%lld %s", sum->size ? ", " : "", (long long)count, kind->units);
	if (held)
		buf_printf(kept, "%s%lld %s", kept->size ? ", " : "", (long long)held, kind->units);
}

/* What was planned before the job was switched off is not sent. */
static bool is_off(struct db *db, const struct record_kind *kind)
{
	char *name = xasprintf("%s.enabled", kind->enabled);
	bool off = setting_is(db, name, "no");

	free(name);
	return off;
}

static void print_plan(struct db *db, const char *job, bool json)
{
	BUF sum = buf_new(1000), kept = buf_new(1000);

	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		if ((!job || !strcmp(job, kind->job)) && !is_off(db, kind))
			print_kind(db, kind, json, &sum, &kept);
	if (json)
		return;
	show("would be sent: %s\n", sum.size ? sum.data : "nothing");
	if (kept.size)
		show("a brake would hold: %s\n", kept.data);
}

static void check_job(const char *job)
{
	BUF known = buf_new(1000);

	for (const struct record_kind *kind = record_kinds; kind->job; kind++) {
		if (!strcmp(kind->job, job))
			return;
		if (!known.size || !strstr(known.data, kind->job))
			buf_printf(&known, " %s", kind->job);
	}
	command_misuse("plan", "\"%s\" is no job that sends anything; those are:%s", job,
		       known.data);
}

int command_plan(const struct options *o)
{
	struct options run = *o;

	if (o->count)
		check_job(o->arguments[0]);
	run.plan = true;
	run.count = 0;
	setenv("PEARLBRIDGE_PLAN", "1", 1);
	int code = command_run(&run);
	if (code == EX_TEMPFAIL && store_is_locked(o))
		return code; /* it was refused: another run is making the plan that stands there */
	struct db *db = store_peek(o);
	if (db)
		print_plan(db, o->count ? o->arguments[0] : NULL, o->json);
	db_close(db);
	return code;
}
