#include "jobs/orders/sales.h"

#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "jobs/torn.h"
#include "lib/brightpearl/get.h"
#include "lib/server_clock.h"
#include "lib/told.h"

#include <stdlib.h>

#define IDS_PER_GET   200 /* as many as are allowed */
#define READ_AGAIN    200 /* open orders read once more in each run */
#define SECONDS_APART 60  /* a change this close to the reading may have been missed */

extern const char sql_orders_sales[];

#define NO_FLAG(name)                                                                              \
	"iif(r.type = 'object', r.value ->> '$.composition." name "' IS NOT NULL"                  \
	" AND flag(r.value ->> '$.composition." name "') IS NULL, 0)"

/* An order whose rows staff took out may come without them; a row may come without what tells of bundles. */
#define ENTRY                                                                                      \
	"whole(e.value -> '$.id') > 0"                                                             \
	" AND e.value ->> '$.orderTypeCode' IN ('SO', 'SC', 'PO', 'PC')"                           \
	" AND coalesce(json_type(e.value, '$.orderRows'), 'null') IN ('object', 'array', 'null')"  \
	" AND NOT EXISTS (SELECT 1 FROM json_each(e.value, '$.orderRows') r"                       \
	"                  WHERE r.type <> 'object' OR " NO_FLAG(                                  \
		"bundleParent") "                     OR " NO_FLAG("bundleChild") ")"

/* What of these was not answered is gone. */
static void keep(struct job *job, const char *ids, const struct reply *r)
{
	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT);"
			   "DROP TABLE IF EXISTS temp.read_now;"
			   "CREATE TEMP TABLE read_now(at INTEGER)");
	db_run(job->db, "INSERT INTO temp.read_now VALUES(?)", "i",
	       r->date ? r->date : server_now(job, BRIGHTPEARL));
	if (r->outcome == HTTP_OK)
		db_run(job->db,
		       "INSERT INTO temp.page SELECT value FROM json_each(?, '$.response')"
		       " WHERE type = 'object'",
		       "t", reply_json(r));
	job->counts.extracted += db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");
	db_script(job->db, sql_orders_sales);
	torn_tell_rows(job, "SELECT 'sales order ' || id, payload FROM temp.incoming"
			    " WHERE torn(payload)");
	job->counts.changed += db_int(job->db, 0, "SELECT count(*) FROM temp.incoming", "");
	db_run(job->db,
	       "INSERT INTO stg_bp_sale(id, sha256, changed_run, read_at, gone)"
	       " SELECT value, '', (SELECT id FROM current_run), (SELECT at FROM temp.read_now), 1"
	       "   FROM json_each('[' || ? || ']')"
	       "  WHERE value NOT IN (SELECT coalesce(whole(payload -> '$.id'), 0) FROM temp.page)"
	       " ON CONFLICT(id) DO UPDATE SET gone = 1, read_at = excluded.read_at,"
	       "    changed_run = iif(gone, changed_run, excluded.changed_run)",
	       "t", ids);
	db_commit(job->db);
}

bool sales_read(struct job *job)
{
	return get_read(job,
			&(struct get){.before = "/order-service/order/",
				      .after = "?includeOptional=customFields,"
					       "nullCustomFields",
				      .most = IDS_PER_GET,
				      .id = "$.id",
				      .entry = ENTRY,
				      .twice = "id NOT IN (SELECT id FROM stg_bp_sale WHERE gone)",
				      .record = "sales_order:",
				      .called = "sales order",
				      .what = "sales orders",
				      .keep = keep});
}

/* Of the linked orders (k): those that were never read, that changed since, or that may have changed
 * untold. */
static void ask_changed(struct job *job, const char *which)
{
	int64_t stale = server_now(job, BRIGHTPEARL) -
			3600 * setting_int(job->db, "api.reference_hours", 24);
	char *changed = xasprintf(
		"INSERT INTO temp.asked SELECT k.sales_order_id FROM link_order k"
		"  LEFT JOIN stg_bp_sale s ON s.id = k.sales_order_id"
		"  LEFT JOIN stg_bp_order o ON o.id = k.sales_order_id"
		" WHERE (s.id IS NULL OR o.updated_on IS NOT NULL AND (s.updated_on IS NULL"
		"        OR o.updated_on > s.updated_on OR o.updated_on > s.read_at - ?)) AND %s",
		which);
	char *old = xasprintf("INSERT OR IGNORE INTO temp.asked SELECT s.id FROM stg_bp_sale s"
			      "  JOIN link_order k ON k.sales_order_id = s.id"
			      " WHERE s.closed_on IS NULL AND NOT s.gone AND s.read_at < ? AND %s"
			      " ORDER BY s.read_at LIMIT ?",
			      which);

	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_run(job->db, changed, "i", (int64_t)SECONDS_APART);
	db_run(job->db, old, "ii", stale, (int64_t)READ_AGAIN);
	free(old);
	free(changed);
}

#define CALLED_OFF                                                                                 \
	"(s.gone OR s.status_id = (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration"        \
	" WHERE name = 'cancelledOrderStatusId'))"

/* Orders whose sales order was cancelled or went just now -> temp.called_off. */
static bool some_called_off(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.called_off;"
			   "CREATE TEMP TABLE called_off(order_id INTEGER PRIMARY KEY)");
	db_run(job->db,
	       "INSERT INTO temp.called_off SELECT k.order_id FROM temp.asked a"
	       "  JOIN stg_bp_sale s ON s.id = a.id JOIN link_order k ON k.sales_order_id = s.id"
	       " WHERE s.changed_run = ? AND " CALLED_OFF,
	       "i", job->run);
	return db_changes(job->db) > 0;
}

/* And those that were before, where a sales order with their reference came since. */
static void add_renewed(struct job *job)
{
	db_run(job->db,
	       "INSERT OR IGNORE INTO temp.called_off SELECT x.order_id FROM stg_bp_order o"
	       "  JOIN out_order x ON x.key = o.customer_ref JOIN stg_bp_sale s ON s.id = x.remote_id"
	       " WHERE o.changed_run = ? AND o.id <> s.id AND " CALLED_OFF,
	       "i", job->run);
}

static void tell_one(struct job *job, int64_t order, int64_t sales_order, bool gone, int64_t living)
{
	char *record = xasprintf("order:%lld", (long long)order);
	char *what = xasprintf("replaced %lld", (long long)living);

	if (told_first(job, record, what))
		log_warn(
			record,
			"its sales order %lld is %s, and sales order %lld has the same reference: if"
			" that replaced it, ./run.sh link order %lld %lld",
			(long long)sales_order, gone ? "gone from Brightpearl" : "cancelled",
			(long long)living, (long long)order, (long long)living);
	free(what);
	free(record);
}

/* A sales order that staff made anew is looked for when the first one is cancelled or goes; told once. */
static bool tell_replaced(struct job *job)
{
	if (some_called_off(job) && !orders_mirror(job))
		return false;
	add_renewed(job);
	if (!db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM temp.called_off)", ""))
		return true;
	db_begin(job->db);
	STMT st = db_prepare(job->db,
			     "SELECT order_id, sales_order_id, gone, living FROM order_replaced"
			     " WHERE order_id IN (SELECT order_id FROM temp.called_off)");
	while (stmt_row(st))
		tell_one(job, col_int(st, 0), col_int(st, 1), col_int(st, 2), col_int(st, 3));
	db_commit(job->db);
	return true;
}

bool sales_read_changed_of(struct job *job, const char *which)
{
	char *any = xasprintf("SELECT EXISTS (SELECT 1 FROM link_order k WHERE %s)", which);
	bool some = db_int(job->db, 0, any, "");

	free(any);
	if (!some)
		return true;
	if (!orders_read_updated(job))
		return false;
	ask_changed(job, which);
	return sales_read(job) && tell_replaced(job);
}

bool sales_read_changed(struct job *job)
{
	return sales_read_changed_of(job, "true");
}
