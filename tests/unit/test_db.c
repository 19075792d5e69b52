/* The database layer: migration only adds, and misuse dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/db.h"
#include "tests/unit/dies.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/pearlbridge-db-XXXXXX", path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/test.db", folder);
	return 0;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static int64_t count(struct db *db, const char *sql)
{
	return db_int(db, -1, sql, "");
}

/* A database as an older Pearlbridge would have left it: a table without its newest columns, another
 * table missing, an index and a view missing; rows must survive. */
static void migrates(void **state)
{
	(void)state;
	struct db *db = db_open(path);
	db_script(
		db,
		"INSERT INTO cursor(feed, position) VALUES('old', '7');"
		"DROP VIEW order_naming; DROP VIEW order_choice; DROP TABLE skip; DROP INDEX reject_open;"
		"ALTER TABLE reject DROP COLUMN csv_line; ALTER TABLE stage DROP COLUMN remaining");
	db_script(db, "INSERT INTO reject(job, key, reason, message, hint, opened_at, opened_run)"
		      " VALUES('orders', 'order:1', 'r', 'm', 'h', 1, 1); PRAGMA user_version = 0");
	db_close(db);
	db = db_open(path);
	assert_int_equal(count(db, "SELECT position FROM cursor WHERE feed = 'old'"), 7);
	assert_int_equal(count(db, "SELECT count(*) FROM reject WHERE csv_line IS NULL"), 1);
	assert_int_equal(count(db, "SELECT count(*) FROM skip"), 0);
	assert_int_equal(count(db, "SELECT count(*) FROM order_choice"), 0);
	assert_int_equal(count(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'reject_open'"),
			 1);
	assert_int_equal(
		count(db,
		      "SELECT dflt_value FROM pragma_table_info('stage') WHERE name = 'remaining'"),
		0);
	db_close(db);
}

static void open_newer(void *unused)
{
	(void)unused;
	struct db *db = db_open(path);
	db_script(db, "PRAGMA user_version = 99");
	db_close(db);
	db_open(path);
}

static void refuses_newer(void **state)
{
	(void)state;
	assert_dies(EX_CONFIG, "newer Pearlbridge", open_newer, NULL);
	struct db *db = db_open_readonly(path);
	sqlite3_close(db->handle);
	free(db);
	sqlite3 *raw;
	assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
	sqlite3_exec(raw, "PRAGMA user_version = 0", NULL, NULL, NULL);
	sqlite3_close(raw);
}

static void begin_twice(void *unused)
{
	(void)unused;
	struct db *db = db_open(path);
	db_begin(db);
	db_begin(db);
}

/* What it reads is old once another process wrote: no wait would let this one write then. */
static void begin_while_reading(void *unused)
{
	(void)unused;
	struct db *db = db_open(path);
	STMT st = db_prepare(db, "SELECT 1 UNION ALL SELECT 2");
	stmt_row(st);
	db_begin(db);
}

static void misuse_dies(void **state)
{
	(void)state;
	assert_dies(EX_SOFTWARE, "begins inside", begin_twice, NULL);
	assert_dies(EX_SOFTWARE, "while a statement is open", begin_while_reading, NULL);
}

static void open_link(void *link)
{
	db_open(link);
}

static void refuses_symlink(void **state)
{
	char link[64];

	(void)state;
	snprintf(link, sizeof link, "%s/link.db", folder);
	assert_int_equal(symlink(path, link), 0);
	assert_dies(EX_CANTCREAT, "symbolic link", open_link, link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(migrates), cmocka_unit_test(refuses_newer),
		cmocka_unit_test(misuse_dies), cmocka_unit_test(refuses_symlink)};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
