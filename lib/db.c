#define _GNU_SOURCE
#include "lib/db.h"

#include "lib/db_migrate.h"
#include "lib/db_wait.h"
#include "lib/die.h"
#include "lib/file.h"
#include "lib/func.h"
#include "lib/step.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LONGEST_VALUE (64 << 20) /* bytes in one cell: a page of orders fits, a bomb does not */

static int exit_code(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return EX_IOERR;
	case SQLITE_CANTOPEN:
		return EX_CANTCREAT;
	case SQLITE_NOMEM:
		return EX_OSERR;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return EX_TEMPFAIL;
	default:
		return EX_SOFTWARE;
	}
}

/* What a person can do about it; NULL: nothing, the statement itself must be told. */
static const char *advice(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "holds it for writing: save or undo the changes in the SQLite tool that has it"
		       " open, or close the tool, then run again";
	case SQLITE_FULL:
		return "the disk is full: make room, then run again";
	case SQLITE_NOMEM:
		return "let the program have more memory, then run again";
	case SQLITE_READONLY:
		return "it cannot be written: see whose file it is and what its folder allows";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "it is damaged: put it aside with its -wal and -shm files and bring back a backup,"
		       " or run with a new one: what was sent is found again";
	default:
		return NULL;
	}
}

static void fail(sqlite3 *handle, int rc, const char *sql) __attribute__((noreturn));
static void fail(sqlite3 *handle, int rc, const char *sql)
{
	const char *file = handle ? sqlite3_db_filename(handle, "main") : NULL,
		   *what = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(rc);

	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		die(exit_code(rc), "database %s: %s; %s %s", file ? file : "", what,
		    handle ? db_wait_holder(handle) : "another program", advice(rc));
	if (advice(rc))
		die(exit_code(rc), "database %s: %s; %s", file ? file : "", what, advice(rc));
	die(exit_code(rc), "database %s: %s, in: %.*s", file ? file : "", what, 400, sql);
}

static void configure(struct db *db)
{
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
	db_wait_set(db->handle);
	func_register(db->handle);
}

/* SQLite would wait for a named pipe; and a link to a database is another one than its own -wal. */
static void refuse_other_kinds(const char *path)
{
	static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		die(EX_CANTCREAT, "%s is a symbolic link: a database must be a plain file", path);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *part = xasprintf("%s%s", path, parts[i]);
		file_must_be_plain(part, EX_CANTCREAT);
		free(part);
	}
}

struct db *db_open(const char *path)
{
	struct db *db = xcalloc(1, sizeof *db);

	refuse_other_kinds(path);
	int rc = sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
				 NULL);
	if (rc != SQLITE_OK)
		die(exit_code(rc), "cannot open the database %s: %s", path,
		    sqlite3_errmsg(db->handle));
	configure(db);
	static const char pragmas[] =
		"PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = "
		"ON;"
		"PRAGMA cache_size = -8000; PRAGMA temp_store = FILE;";
	rc = sqlite3_exec(db->handle, pragmas, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		fail(db->handle, rc, pragmas);
	db_migrate(db);
	return db;
}

struct db *db_open_readonly(const char *path)
{
	struct db *db = xcalloc(1, sizeof *db);

	refuse_other_kinds(path);
	if (sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		sqlite3_close(db->handle);
		free(db);
		return NULL;
	}
	configure(db);
	return db;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	sqlite3_close_v2(db->handle);
	free(db);
}

/* A statement that is still being stepped holds an old state of the database: once another process has
 * written since, no wait lets this one write. */
static void refuse_open_statement(struct db *db, const char *where)
{
	for (sqlite3_stmt *st = NULL; (st = sqlite3_next_stmt(db->handle, st));)
		if (sqlite3_stmt_busy(st))
			bug("transaction at %s begins while a statement is open: %.300s", where,
			    sqlite3_sql(st));
}

void db_begin_at(struct db *db, const char *where)
{
	if (db->begun_at)
		bug("transaction at %s begins inside the one of %s", where, db->begun_at);
	refuse_open_statement(db, where);
	int rc = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		fail(db->handle, rc, "BEGIN IMMEDIATE");
	db->begun_at = where;
}

void db_commit(struct db *db)
{
	const char *where = db->begun_at;

	if (!where)
		bug("commit without a transaction");
	if (db->before_commit)
		db->before_commit(db->before_commit_context);
	step(where);
	int rc = sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		fail(db->handle, rc, "COMMIT");
	db->begun_at = NULL;
	step(where);
}

void db_script(struct db *db, const char *sql)
{
	bool own = !db->begun_at;
	if (own)
		db_begin(db);
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		fail(db->handle, rc, sql);
	if (own)
		db_commit(db);
}

sqlite3_stmt *db_prepare(struct db *db, const char *sql)
{
	sqlite3_stmt *st = NULL;

	int rc = sqlite3_prepare_v2(db->handle, sql, -1, &st, NULL);
	if (rc != SQLITE_OK)
		fail(db->handle, rc, sql);
	return st;
}

void stmt_close(sqlite3_stmt **st)
{
	sqlite3_finalize(*st);
	*st = NULL;
}

bool stmt_row(sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		fail(sqlite3_db_handle(st), rc, sqlite3_sql(st));
	sqlite3_reset(st);
	return false;
}

void stmt_run(sqlite3_stmt *st)
{
	while (stmt_row(st))
		;
}

static int parameter(sqlite3_stmt *st, const char *name)
{
	int index = sqlite3_bind_parameter_index(st, name);
	if (!index)
		bug("no parameter %s in: %s", name, sqlite3_sql(st));
	return index;
}

static void bound(sqlite3_stmt *st, int rc)
{
	if (rc != SQLITE_OK)
		fail(sqlite3_db_handle(st), rc, sqlite3_sql(st));
}

void bind_int(sqlite3_stmt *st, const char *name, int64_t value)
{
	bound(st, sqlite3_bind_int64(st, parameter(st, name), value));
}

void bind_text(sqlite3_stmt *st, const char *name, const char *value)
{
	bound(st, sqlite3_bind_text(st, parameter(st, name), value, -1, SQLITE_TRANSIENT));
}

void bind_null(sqlite3_stmt *st, const char *name)
{
	bound(st, sqlite3_bind_null(st, parameter(st, name)));
}

int64_t col_int(sqlite3_stmt *st, int column)
{
	return sqlite3_column_int64(st, column);
}

const char *col_text(sqlite3_stmt *st, int column)
{
	return (const char *)sqlite3_column_text(st, column);
}

bool col_null(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL;
}

static sqlite3_stmt *prepare_with(struct db *db, const char *sql, const char *fmt, va_list args)
{
	sqlite3_stmt *st = db_prepare(db, sql);

	for (int i = 0; fmt[i]; i++)
		if (fmt[i] == 'i')
			bound(st, sqlite3_bind_int64(st, i + 1, va_arg(args, int64_t)));
		else
			bound(st, sqlite3_bind_text(st, i + 1, va_arg(args, const char *), -1,
						    SQLITE_TRANSIENT));
	return st;
}

void db_run(struct db *db, const char *sql, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	STMT st = prepare_with(db, sql, fmt, args);
	va_end(args);
	stmt_run(st);
}

int64_t db_int(struct db *db, int64_t otherwise, const char *sql, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	STMT st = prepare_with(db, sql, fmt, args);
	va_end(args);
	return stmt_row(st) && !col_null(st, 0) ? col_int(st, 0) : otherwise;
}

char *db_text(struct db *db, const char *sql, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	STMT st = prepare_with(db, sql, fmt, args);
	va_end(args);
	const char *text = stmt_row(st) ? col_text(st, 0) : NULL;
	return text ? xstrdup(text) : NULL;
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}
