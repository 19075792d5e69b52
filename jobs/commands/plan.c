/* Dry run: read and transform everything, send nothing, and show what would be sent. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_rows(struct db *db, const char *job, const char *sql)
{
	STMT row = db_prepare(db, sql);
	STMT field = db_prepare(
		db, "SELECT substr(fullkey, 3), atom FROM json_tree(:body) WHERE atom IS NOT NULL");

	while (stmt_row(row)) {
		printf("%s: would create %s%s%s\n", job, col_text(row, 0),
		       col_null(row, 2) ? "" : ", after ",
		       col_null(row, 2) ? "" : col_text(row, 2));
		bind(field, ":body", col_text(row, 1));
		while (stmt_row(field))
			printf("    %s: %s\n", col_text(field, 0), col_text(field, 1));
	}
}

static void print_json(struct db *db, const char *sql)
{
	STMT row = db_prepare(db, sql);

	while (stmt_row(row))
		printf("%s\n", col_text(row, 0));
}

static void print_plan(struct db *db, const char *job, bool json)
{
	if (json && (!job || !strcmp(job, "customers")))
		print_json(
			db,
			"SELECT json_object('job', 'customers', 'key', key, 'create', json(body))"
			" FROM out_customer WHERE state = 'pending'");
	if (json && (!job || !strcmp(job, "orders")))
		print_json(db,
			   "SELECT json_object('job', 'orders', 'key', key, 'waits_for', waits_for,"
			   " 'create', json(body)) FROM out_order WHERE state = 'pending'");
	if (!json && (!job || !strcmp(job, "customers")))
		print_rows(db, "customers",
			   "SELECT key, body, NULL FROM out_customer WHERE state = 'pending'");
	if (!json && (!job || !strcmp(job, "orders")))
		print_rows(db, "orders",
			   "SELECT key, body, waits_for FROM out_order WHERE state = 'pending'");
}

int command_plan(const struct options *o)
{
	struct options run = *o;

	run.plan = true;
	run.count = 0;
	setenv("PEARLBRIDGE_PLAN", "1", 1);
	int code = command_run(&run);
	struct db *db = store_peek(o);
	if (db)
		print_plan(db, o->count ? o->arguments[0] : NULL, o->json);
	db_close(db);
	return code;
}
