#include "jobs/commands/reconcile_print.h"

#include "lib/clock.h"
#include "lib/csv_write.h"
#include "lib/paste.h"
#include "lib/show.h"

#include <stdio.h>
#include <stdlib.h>

#define NAMED_MOST 5 /* records named of those that are expected */

#define LAST "(SELECT max(id) FROM reconcile_run WHERE state = 'done')"

extern const char sql_commands_reconcile_json[];

char *reconcile_verdict(struct db *db, int64_t run)
{
	return db_text(
		db,
		"SELECT orders || ' orders, sums ' || iif(EXISTS (SELECT 1 FROM reconcile_sum"
		"  WHERE bc_sum <> bp_sum), 'differ', 'equal') || ', ' || differences ||"
		" ' difference' || iif(differences = 1, '', 's') || iif(waiting, ', ' || waiting ||"
		" ' known already', '') FROM reconcile_run WHERE id = " LAST
		" AND ?1 IN (0, iif(asked, -1, run_id))",
		"i", run);
}

/* For a person -------------------------------------------------------------------------------- */

static void print_head(struct db *db)
{
	STMT st = db_prepare(db, "SELECT strftime('%Y-%m-%d %H:%M', from_at, 'unixepoch'),"
				 " strftime('%Y-%m-%d %H:%M', until_at, 'unixepoch'), zone, stock"
				 "  FROM reconcile_run WHERE id = " LAST);
	char *verdict = reconcile_verdict(db, 0);

	stmt_row(st);
	show("%s\n", verdict ? verdict : "");
	show("orders placed from %s to %s UTC; days of %s; stock %s\n", col_text(st, 0),
	     col_text(st, 1), col_text(st, 2),
	     col_int(st, 3) ? "compared" : "not compared (inventory.enabled is not yes)");
	free(verdict);
}

static void print_section(struct db *db, const char *section, const char *title)
{
	STMT st = db_prepare(db, "SELECT name, currency, bc_count, bc_sum, left_count, left_sum,"
				 " bp_count, bp_sum, iif(difference = '0.00', '-', difference)"
				 " FROM reconcile_sheet WHERE section = :section"
				 " ORDER BY name, currency");

	bind(st, ":section", section);
	show("\n%-24s %-4s %19s %19s %19s %13s\n", title, "", "BigCommerce", "left out",
	     "Brightpearl", "difference");
	while (stmt_row(st))
		show("%-24s %-4s %6lld %12s %6lld %12s %6lld %12s %13s\n", col_text(st, 0),
		     col_text(st, 1), (long long)col_int(st, 2), col_text(st, 3),
		     (long long)col_int(st, 4), col_text(st, 5), (long long)col_int(st, 6),
		     col_text(st, 7), col_text(st, 8));
}

static void print_differences(struct db *db)
{
	STMT st = db_prepare(db, "SELECT key, message, bigcommerce, brightpearl, hint"
				 "  FROM reconcile_difference WHERE reconcile_id = " LAST
				 "   AND class = 'difference' ORDER BY kind, length(key), key");

	while (stmt_row(st)) {
		show("%s: %s\n", col_text(st, 0), col_text(st, 1));
		if (*col_text(st, 2) || *col_text(st, 3))
			show("    BigCommerce: %s; Brightpearl: %s\n",
			     *col_text(st, 2) ? col_text(st, 2) : "-",
			     *col_text(st, 3) ? col_text(st, 3) : "-");
		show("    %s\n", col_text(st, 4));
	}
}

/* By reason, with the first few of them. */
static void print_explained(struct db *db, const char *class, const char *title)
{
	STMT st = db_prepare(
		db, "SELECT count(*), message, hint, group_concat(iif(n <= :most, key, NULL), ' ')"
		    "  FROM (SELECT *, row_number() OVER (PARTITION BY message, hint"
		    "               ORDER BY length(key), key) AS n FROM reconcile_difference"
		    "         WHERE reconcile_id = " LAST " AND class = :class)"
		    " GROUP BY message, hint ORDER BY 1 DESC, 2, 3");

	bind(st, ":most", NAMED_MOST);
	bind(st, ":class", class);
	for (bool first = true; stmt_row(st); first = false) {
		if (first)
			show("%s\n", title);
		show("%6lld  %s: %s (%s%s)\n", (long long)col_int(st, 0), col_text(st, 1),
		     col_text(st, 2), col_text(st, 3), col_int(st, 0) > NAMED_MOST ? " ..." : "");
	}
}

static void print_table(struct db *db)
{
	print_head(db);
	print_section(db, "day", "by day");
	print_section(db, "status", "by status in BigCommerce");
	print_section(db, "payment", "paid, by payment method");
	show_line_end();
	print_differences(db);
	print_explained(db, "waiting", "known already, or done by the next run");
	print_explained(db, "expected", "expected");
}

/* For programs -------------------------------------------------------------------------------- */

static void print_json(struct db *db)
{
	char *json = db_text(db, sql_commands_reconcile_json, "");

	show_json(json);
	free(json);
}

static void print_records(sqlite3_stmt *st, int first_number, int last_number)
{
	while (stmt_row(st)) {
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			if (i)
				csv_write_next(stdout);
			if (i >= first_number && i <= last_number)
				csv_write_number(stdout, col_text(st, i));
			else
				csv_write_text(stdout, col_text(st, i));
		}
		csv_write_end(stdout);
	}
}

static void print_csv(struct db *db)
{
	STMT sums = db_prepare(db, "SELECT section, name, currency, bc_count, bc_sum, left_count,"
				   " left_sum, bp_count, bp_sum, difference, NULL, NULL, NULL, NULL"
				   " FROM reconcile_sheet ORDER BY section, name, currency");
	STMT differences = db_prepare(
		db, "SELECT class, key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
		    " bigcommerce, brightpearl, kind || ': ' || message, hint"
		    "  FROM reconcile_difference WHERE reconcile_id = " LAST
		    " ORDER BY class, kind, length(key), key");

	paste_leave_stdout();
	show("section,name,currency,bigcommerce_count,bigcommerce_sum,left_out_count,left_out_"
	     "sum,brightpearl_count,brightpearl_sum,difference,bigcommerce,brightpearl,message,"
	     "hint\r\n");
	print_records(sums, 3, 9);
	print_records(differences, 3, 9);
}

void reconcile_print(struct db *db, const struct options *o)
{
	if (o->json)
		print_json(db);
	else if (o->csv)
		print_csv(db);
	else if (!o->quiet)
		print_table(db);
}
