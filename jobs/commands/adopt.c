/* adopt: orders that another connector brought over become ours.
 *
 * Its orders are told by their reference, and taken only if total, currency and e-mail agree; what
 * looks like an order of ours but differs is kept in adopt_differs, so that no run sends that order
 * before a person said who is who.  Nothing is written to either system. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/customers/customers.h"
#include "jobs/orders/orders.h"
#include "jobs/orders/sales.h"
#include "jobs/reference/lists.h"
#include "lib/clock.h"
#include "lib/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char sql_commands_adopt_match[], sql_commands_adopt_judge[];

static void keep_patterns(struct db *db, const struct options *o, int64_t from)
{
	static const char *const usual[] = {"{id}", "#{id}", "BC{id}", "BC-{id}", "{prefix}{id}"};

	db_script(db, "CREATE TEMP TABLE pattern(text TEXT);"
		      "CREATE TEMP TABLE adopting(from_at INTEGER)");
	db_run(db, "INSERT INTO temp.adopting VALUES(?)", "i", from);
	if (o->pattern)
		db_run(db, "INSERT INTO temp.pattern VALUES(?)", "t", o->pattern);
	for (size_t i = 0; !o->pattern && i < sizeof usual / sizeof *usual; i++)
		db_run(db, "INSERT INTO temp.pattern VALUES(?)", "t", usual[i]);
}

/* The candidates in full, and their contacts where the order itself tells no e-mail. */
static bool read_candidates(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, sql_commands_adopt_match);
	db_script(job->db, "DROP TABLE IF EXISTS temp.asked;"
			   "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
			   "INSERT INTO temp.asked SELECT DISTINCT sale_id FROM temp.candidate");
	db_commit(job->db);
	if (!sales_read(job))
		return false;
	db_script(job->db, "DROP TABLE IF EXISTS temp.to_read; CREATE TEMP TABLE to_read("
			   "id INTEGER PRIMARY KEY, brief INTEGER DEFAULT 0);"
			   "INSERT INTO temp.to_read(id) SELECT DISTINCT s.contact_id"
			   "  FROM temp.candidate c JOIN stg_bp_sale s ON s.id = c.sale_id"
			   " WHERE s.contact_id IS NOT NULL AND NOT EXISTS"
			   "       (SELECT 1 FROM json_each(s.payload, '$.parties') p WHERE "
			   "p.value ->> '$.email' <> '')");
	return customers_read(job);
}

/* Which status means cancelled is not known before the first run; asked only where it may tell which of
 * several is meant. */
static bool read_configuration(struct job *job)
{
	return db_int(job->db, 0,
		      "SELECT EXISTS (SELECT 1 FROM ref_bp_configuration) OR NOT EXISTS (SELECT 1"
		      "  FROM temp.candidate c JOIN stg_bp_sale s ON s.id = c.sale_id"
		      "  GROUP BY c.order_id HAVING count(DISTINCT s.status_id) > 1)",
		      "") ||
	       list_read(job, BRIGHTPEARL, "configuration");
}

static void link_agreed(struct job *job)
{
	STMT st = db_prepare(job->db, "SELECT order_id, sale_id FROM temp.verdict"
				      " WHERE sale_id IS NOT NULL AND differs IS NULL");

	while (stmt_row(st))
		orders_link_other(job, col_int(st, 0), col_int(st, 1), "adopted");
}

static void print_verdicts(struct db *db, const struct options *o)
{
	STMT st = db_prepare(
		db,
		"SELECT order_id, coalesce(shown, '-'), coalesce(sale_id, '-'), result,"
		"       json_object('key', 'order:' || order_id, 'reference', shown,"
		"                   'sales_order', sale_id, 'result', result)"
		"  FROM (SELECT v.*, CASE WHEN v.sale_id IS NULL THEN 'no partner; '"
		"          || coalesce('left out: ' || c.skipped, (SELECT 'rejected: ' || j.message"
		"                FROM reject_told j WHERE j.job = 'orders' AND j.closed_at IS NULL"
		"                 AND j.record = 'order:' || v.order_id),"
		"              'the next run brings it over')"
		"          ELSE coalesce('differs: ' || v.differs, 'linked') END AS result"
		"          FROM temp.verdict v LEFT JOIN order_choice c ON c.id = v.order_id)"
		" ORDER BY order_id");

	if (!o->json)
		show("%-10s %-14s %-12s %s\n", "order", "reference", "sales order", "result");
	while (stmt_row(st))
		if (o->json)
			show_json(col_text(st, 4));
		else
			show("%-10lld %-14s %-12s %s\n", (long long)col_int(st, 0), col_text(st, 1),
			     col_text(st, 2), col_text(st, 3));
}

static int64_t count(struct db *db, const char *which)
{
	char *sql = xasprintf("SELECT count(*) FROM temp.verdict WHERE %s", which);
	int64_t number = db_int(db, 0, sql, "");

	free(sql);
	return number;
}

/* The table is written before the links are: they show what it was decided by. */
static int conclude(struct job *job, const struct options *o)
{
	db_begin(job->db);
	db_script(job->db, sql_commands_adopt_judge);
	if (!o->quiet)
		print_verdicts(job->db, o);
	link_agreed(job);
	db_commit(job->db);
	int64_t differ = count(job->db, "differs IS NOT NULL");
	command_say(o, "", "adopted",
		    "%lld linked, %lld differ%s, %lld without a partner; nothing was written to "
		    "either system%s",
		    (long long)count(job->db, "sale_id IS NOT NULL AND differs IS NULL"),
		    (long long)differ, differ == 1 ? "s" : "",
		    (long long)count(job->db, "sale_id IS NULL"),
		    differ ? ". What differs is not sent: ./run.sh link order NUMBER ID says that "
			     "they are the same, ./run.sh retry order:NUMBER that they are not"
			   : "");
	return differ ? EX_DATAERR : 0;
}

int command_adopt(const struct options *o)
{
	int64_t from;

	if (o->count)
		command_misuse("adopt", "it takes no argument \"%s\"", o->arguments[0]);
	if (!o->from)
		command_misuse("adopt", "say from when on");
	if (!clock_parse(o->from, &from))
		command_misuse("adopt",
			       "\"%s\" is no date, like 2026-01-01 or 2026-01-01T00:00:00Z",
			       o->from);
	if (o->pattern && !strstr(o->pattern, "{id}"))
		command_misuse("adopt", "the pattern needs {id} where the order's number stands");
	struct session *s = session_begin(o, "adopt");
	struct job *job = session_job(s);
	keep_patterns(job->db, o, from);
	if (!orders_read_range(job, from, 0) || !orders_mirror_from(job, from) ||
	    !read_candidates(job) || !read_configuration(job))
		die(job->code ? job->code : EX_TEMPFAIL, "%s; nothing was linked", job->message);
	int code = conclude(job, o);
	session_close(s);
	return code;
}
