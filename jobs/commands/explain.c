/* explain: everything that is known of one record, in the order in which it happened. */
#include "jobs/commands/commands.h"
#include "jobs/commands/explain.h"
#include "jobs/commands/verify.h"
#include "jobs/job.h"
#include "jobs/records.h"
#include "lib/show.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char sql_commands_explain[];

/* A table whose rows belong to orders has their numbers in a column order_id. */
static void gather_rows(struct db *db, const struct record_kind *kind)
{
	char *key = xasprintf("%s.enabled", kind->enabled), *enabled = setting_text(db, key);
	bool of_order = db_int(db, 0,
			       "SELECT count(*) FROM pragma_table_info(?) WHERE name = 'order_id'",
			       "t", kind->table);
	char *sql = xasprintf(
		"INSERT INTO temp.row"
		" SELECT ?, r.record, state, remote_id, attempts, message, waits, ?, ?, how"
		"  FROM (SELECT %s AS record, state, remote_id, how, attempts,"
		"               coalesce('held by ' || %s, message) AS message, %s AS waits,"
		"               %s AS of_order FROM %s WHERE %s) r, temp.told t"
		" WHERE r.record = t.record OR r.record = 'customer:' || t.email"
		"    OR r.of_order = t.order_id"
		" ORDER BY r.record",
		kind->record, record_held(db, kind), kind->waits, of_order ? "order_id" : "NULL",
		kind->table, kind->rows);

	db_run(db, sql, "ttt", kind->job, enabled, api_name[kind->to]);
	free(sql);
	free(enabled);
	free(key);
}

static void gather(struct db *db, const char *record, int64_t order, const char *email)
{
	db_script(
		db,
		"DROP TABLE IF EXISTS temp.told; DROP TABLE IF EXISTS temp.row;"
		"CREATE TEMP TABLE told(record TEXT, order_id INTEGER, email TEXT);"
		"CREATE TEMP TABLE row(job TEXT, record TEXT, state TEXT, remote_id INTEGER,"
		" attempts INTEGER, message TEXT, waits TEXT, enabled TEXT, to_api TEXT, how TEXT)");
	db_run(db,
	       "INSERT INTO temp.told SELECT ?1, nullif(?2, 0), coalesce(?3,"
	       " (SELECT nullif(email, '') FROM stg_bc_order WHERE id = ?2))",
	       "tit", record, order, email);
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		gather_rows(db, kind);
	db_script(db, sql_commands_explain);
}

static void print_line(const struct options *o, const char *record, const char *about,
		       const char *text)
{
	if (!o->json) {
		show("  %-13s %s\n", about, text);
		return;
	}
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "key", record);
	cJSON_AddStringToObject(json, "about", about);
	cJSON_AddStringToObject(json, "text", text);
	char *line = cJSON_PrintUnformatted(json);
	show_json(line);
	free(line);
	cJSON_Delete(json);
}

static void tell(struct db *db, const struct options *o, const char *record, int64_t order,
		 const char *email, bool brief)
{
	gather(db, record, order, email);
	STMT st = db_prepare(
		db, "SELECT about, text FROM temp.story"
		    " WHERE (:brief = 0 OR about IN ('filter', 'Brightpearl', 'rejected', 'next'))"
		    "   AND text IS NOT NULL ORDER BY place, rowid");
	bind(st, ":brief", brief);
	if (!o->json)
		show("%s\n", record);
	while (stmt_row(st))
		print_line(o, record, col_text(st, 0), col_text(st, 1));
}

void explain_order(struct db *db, const struct options *o, int64_t order, bool brief)
{
	char *record = xasprintf("order:%lld", (long long)order);

	tell(db, o, record, order, NULL, brief);
	free(record);
}

static void explain_customer(struct db *db, const struct options *o, const char *typed)
{
	char *email = db_text(db, "SELECT fold(?)", "t", typed);
	char *record = xasprintf("customer:%s", email);

	if (!db_int(db, 0,
		    "SELECT EXISTS (SELECT 1 FROM stg_bc_order WHERE email = ?1)"
		    " OR EXISTS (SELECT 1 FROM link_customer WHERE email = ?1)"
		    " OR EXISTS (SELECT 1 FROM out_customer WHERE key = ?1)",
		    "t", email))
		die(EX_USAGE, "no order that was read has the e-mail %s", email);
	tell(db, o, record, 0, email, false);
	free(record);
	free(email);
}

int command_explain(const struct options *o)
{
	const char *what = o->count ? o->arguments[0] : "";
	const char *which = o->count == 2 ? o->arguments[1] : strchr(what, ':');

	if (o->count == 1 && which) /* order:1042 */
		which++;
	bool order = !strncmp(what, "order", 5), customer = !strncmp(what, "customer", 8);
	if (!which || (!order && !customer))
		command_misuse("explain", "it takes an order or a customer");
	struct db *db = store_peek(o);
	if (!db)
		die(EX_USAGE, "nothing was run yet in %s; begin with ./run.sh", o->store);
	if (order)
		explain_order(db, o, verify_number("explain", which), false);
	else
		explain_customer(db, o, which);
	db_close(db);
	return 0;
}
