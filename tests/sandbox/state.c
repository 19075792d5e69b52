/* The database: one connection, used under server.c's lock.  An SQL error here is a bug of the
 * sandbox, so every function prints the statement and exits; only scripts of others may fail. */
#include "state.h"
#include "lib/clock.h"
#include "sandbox.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char sql_sandbox_schema[], sql_sandbox_schema_brightpearl[],
	sql_sandbox_schema_goods_out[], sql_sandbox_schema_moves[], sql_sandbox_schema_stock[];

sqlite3 *state_db;

static _Noreturn void fail(const char *sql)
{
	fprintf(stderr, "sandbox: %s\n  in: %s\n", sqlite3_errmsg(state_db), sql);
	exit(70);
}

static void execute(const char *sql)
{
	if (sqlite3_exec(state_db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail(sql);
}

/* server_time(): for scripts sent to /sandbox/sql */
static void server_time(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count, (void)values;
	sqlite3_result_int64(context, sandbox_now());
}

void state_open(const char *path)
{
	if (sqlite3_open(path, &state_db) != SQLITE_OK)
		fail(path);
	sqlite3_create_function(state_db, "server_time", 0, SQLITE_UTF8, NULL, server_time, NULL,
				NULL);
	/* the tests read and write beside us: wait for them instead of failing */
	sqlite3_busy_timeout(state_db, 20000);
	execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;");
	state_begin();
	execute(sql_sandbox_schema);
	execute(sql_sandbox_schema_moves);
	execute(sql_sandbox_schema_brightpearl);
	execute(sql_sandbox_schema_goods_out);
	execute(sql_sandbox_schema_stock);
	state_commit();
}

void state_close(void)
{
	sqlite3_stmt *q;

	while ((q = sqlite3_next_stmt(state_db, NULL)))
		sqlite3_finalize(q);
	sqlite3_close(state_db);
	state_db = NULL;
}

void state_begin(void)
{
	execute("BEGIN IMMEDIATE");
}

void state_commit(void)
{
	execute("COMMIT");
}

bool state_script(const char *sql, char **error)
{
	*error = NULL;
	state_begin();
	bool ok = sqlite3_exec(state_db, sql, NULL, NULL, NULL) == SQLITE_OK;
	if (!ok)
		*error = strdup(sqlite3_errmsg(state_db));
	/* the script may have ended the transaction itself, or an error may have */
	if (!sqlite3_get_autocommit(state_db))
		execute(ok ? "COMMIT" : "ROLLBACK");
	return ok;
}

sqlite3_stmt *state_prepare(const char *sql)
{
	sqlite3_stmt *q;

	if (sqlite3_prepare_v2(state_db, sql, -1, &q, NULL) != SQLITE_OK)
		fail(sql);
	return q;
}

/* The statement for this text, kept from call to call: the state_* functions below always run it
 * to its end before they return. */
static sqlite3_stmt *prepare_kept(const char *sql)
{
	static sqlite3_stmt *kept[512];
	unsigned hash = 5381;

	for (const char *p = sql; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	sqlite3_stmt **place = &kept[hash % 512];
	if (*place && !strcmp(sqlite3_sql(*place), sql))
		return *place;
	sqlite3_finalize(*place);
	return *place = state_prepare(sql);
}

static sqlite3_stmt *prepare_bound(const char *sql, const char *fmt, va_list args)
{
	sqlite3_stmt *q = prepare_kept(sql);

	for (int i = 1; *fmt; i++, fmt++)
		if (*fmt == 'i')
			sqlite3_bind_int64(q, i, va_arg(args, int64_t));
		else
			sqlite3_bind_text(q, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
	return q;
}

static bool step(sqlite3_stmt *q)
{
	int result = sqlite3_step(q);

	if (result != SQLITE_ROW && result != SQLITE_DONE)
		fail(sqlite3_sql(q));
	return result == SQLITE_ROW;
}

void state_run(const char *sql, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sqlite3_stmt *q = prepare_bound(sql, fmt, args);
	va_end(args);
	while (step(q))
		;
	sqlite3_reset(q);
}

int64_t state_int(int64_t otherwise, const char *sql, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sqlite3_stmt *q = prepare_bound(sql, fmt, args);
	va_end(args);
	if (step(q) && sqlite3_column_type(q, 0) != SQLITE_NULL)
		otherwise = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return otherwise;
}

char *state_text(const char *sql, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, fmt);
	sqlite3_stmt *q = prepare_bound(sql, fmt, args);
	va_end(args);
	if (step(q) && sqlite3_column_type(q, 0) != SQLITE_NULL)
		text = strdup(state_column_text(q, 0));
	sqlite3_reset(q);
	return text;
}

int64_t switch_int(const char *name)
{
	return state_int(0, "SELECT value FROM switch WHERE name = ?", "t", name);
}

bool switch_is(const char *name, const char *value)
{
	return state_int(0, "SELECT 1 FROM switch WHERE name = ? AND value = ?", "tt", name, value);
}

int64_t sandbox_now(void)
{
	return clock_now() + switch_int("clock_offset_s") * 1000;
}
