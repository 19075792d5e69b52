/* The store's database.
 *
 * Nothing here fails visibly: any SQL error prints the statement and dies (74 for a full or broken
 * disk, 75 when another process keeps the database locked, else 70).  SQLite then rolls back.
 *
 *   db_begin(db);
 *   STMT put = db_prepare(db, "INSERT INTO cursor(feed, position) VALUES(:feed, :position)");
 *   bind(put, ":feed", "orders");
 *   bind(put, ":position", 17);
 *   stmt_run(put);
 *   db_commit(db);
 *
 * Text got from a statement is valid until the statement moves on.  Transactions do not nest;
 * no request may be waited for inside one, and none begins while a statement is being stepped (a
 * bug, which dies): what is next is looked up anew instead.
 */
#ifndef LIB_DB_H
#define LIB_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h> /* before `bind` below becomes a macro */

struct db {
	sqlite3 *handle;
	const char *begun_at; /* where the open transaction began, NULL = none */
	/* Called inside every transaction just before its COMMIT (the request journal). */
	void (*before_commit)(void *context);
	void *before_commit_context;
};

/* Open, create or migrate the database; dies when it is of a newer Pearlbridge (78). */
struct db *db_open(const char *path);
struct db *db_open_readonly(const char *path); /* NULL when there is none */
void db_close(struct db *);                    /* NULL is fine */

#define DB_STRING(x) #x
#define DB_LINE(x)   DB_STRING(x)
#define db_begin(db) db_begin_at(db, __FILE__ ":" DB_LINE(__LINE__))
void db_begin_at(struct db *, const char *where);
void db_commit(struct db *);

/* A script of any number of statements, in a transaction of its own unless one is open. */
void db_script(struct db *, const char *sql);

#define STMT __attribute__((cleanup(stmt_close))) sqlite3_stmt *
sqlite3_stmt *db_prepare(struct db *, const char *sql);
void stmt_close(sqlite3_stmt **);
bool stmt_row(
	sqlite3_stmt *); /* true: a row is there; false: the end, and the statement is reset */
void stmt_run(sqlite3_stmt *); /* to the end, result rows unread, and reset */

#define bind(st, name, value)                                                                      \
	_Generic((value), char *: bind_text, const char *: bind_text, default: bind_int)(st, name, value)
void bind_int(sqlite3_stmt *, const char *name, int64_t);
void bind_text(sqlite3_stmt *, const char *name, const char *); /* NULL binds NULL; copied */
void bind_null(sqlite3_stmt *, const char *name);

int64_t col_int(sqlite3_stmt *, int column);
const char *col_text(sqlite3_stmt *, int column); /* NULL for NULL */
bool col_null(sqlite3_stmt *, int column);

/* One-liners.  fmt has one letter per "?": i int64_t, t const char * (NULL binds NULL). */
void db_run(struct db *, const char *sql, const char *fmt, ...);
int64_t db_int(struct db *, int64_t otherwise, const char *sql, const char *fmt, ...);
char *db_text(struct db *, const char *sql, const char *fmt,
	      ...);              /* malloc'ed, NULL: no row or NULL */
int64_t db_changes(struct db *); /* rows changed by the last statement */

#endif
