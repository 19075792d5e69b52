#include "jobs/orders/edit.h"

#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "jobs/orders/reserve.h"
#include "jobs/orders/sales.h"
#include "jobs/wave.h"
#include "lib/brightpearl/get.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

#define IDS_PER_GET 100 /* 200 are allowed; a longer list may be too long for an address */
#define TRIES       3   /* at an order that changes while it is being changed */
#define READY       "remote_id IS NOT NULL AND state = 'pending' AND waits_for IS NULL AND held IS NULL"
#define OPEN                                                                                       \
	"remote_id IS NOT NULL AND (state = 'claimed' OR state = 'pending' AND waits_for IS NULL"  \
	" AND held IS NULL)"

extern const char sql_orders_edit_state[], sql_orders_edit_merge[], sql_orders_edit_note[];

/* --- reading --------------------------------------------------------------------------------- */

/* temp.asked: the sales orders of rows of out_order (x) with this condition. */
static int64_t ask(struct job *job, const char *where)
{
	char *sql = xasprintf("DROP TABLE IF EXISTS temp.asked;"
			      "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
			      "INSERT OR IGNORE INTO temp.asked SELECT x.remote_id FROM out_order x"
			      "  JOIN stg_bc_order o ON o.id = x.order_id"
			      " WHERE x.remote_id IS NOT NULL AND %s",
			      where);

	db_script(job->db, sql);
	free(sql);
	return db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
}

/* Where it is not told whether goods were picked, they count as picked. */
static void keep_goods(struct job *job, const char *ids, const struct reply *r)
{
	bool told = r->outcome == HTTP_OK || r->status == 404;

	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO stg_bp_sale_goods(sale_id, picked, shipped, noted)"
	       " SELECT a.value, coalesce(max(n.value -> '$.status.picked' = 'true'"
	       "        OR n.value -> '$.status.packed' = 'true'), ?3),"
	       "        coalesce(max(n.value -> '$.status.shipped' = 'true'), 0),"
	       "        ?3 OR sum(n.value IS NOT NULL"
	       "                  AND n.value -> '$.status.shipped' IS NOT 'true') > 0"
	       "   FROM json_each('[' || ?1 || ']') a LEFT JOIN json_each(?2, '$.response') n"
	       "     ON n.value ->> '$.orderId' = a.value GROUP BY a.value",
	       "tti", ids, r->outcome == HTTP_OK ? reply_json(r) : "{}", (int64_t)!told);
	db_commit(job->db);
}

/* Only a sales order that may be rewritten is asked for its goods. */
static bool read_goods(struct job *job)
{
	bool update = db_int(job->db, 0, "SELECT 'update' IN (address, lines) FROM edit_policy",
			     "");

	db_script(job->db, "DELETE FROM temp.asked WHERE id IN (SELECT id FROM stg_bp_sale"
			   " WHERE gone OR invoiced OR stock_status = 'NON')");
	return !update || get_read(job, &(struct get){.before = "/warehouse-service/order/",
						      .after = "/goods-note/goods-out/",
						      .most = IDS_PER_GET,
						      .of = "$.orderId",
						      .entry = GOODS_OUT_ENTRY,
						      .record = "shipment:GON",
						      .called = "goods-out note",
						      .refused = keep_goods,
						      .what = "goods-out notes of edited orders",
						      .keep = keep_goods});
}

static bool read_asked(struct job *job)
{
	return sales_read(job) && read_goods(job);
}

bool edit_read(struct job *job)
{
	return !ask(job, "(x.state IN ('pending', 'claimed', 'rejected')"
			 " OR x.state = 'done' AND x.sent_sha256 IS NOT o.lines_sha256)") ||
	       read_asked(job);
}

/* The orders with all that is writable, which is what a replacement is made from. */
static void keep_fresh(struct job *job, const char *ids, const struct reply *r)
{
	(void)ids;
	db_begin(job->db);
	if (r->outcome == HTTP_OK)
		db_run(job->db,
		       "INSERT OR REPLACE INTO temp.fresh"
		       " SELECT whole(value -> '$.id'), value FROM json_each(?, '$.response')"
		       "  WHERE type = 'object' AND whole(value -> '$.id') IS NOT NULL",
		       "t", reply_json(r));
	db_commit(job->db);
}

static bool read_fresh(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.fresh;"
			   "CREATE TEMP TABLE fresh(id INTEGER PRIMARY KEY, payload TEXT)");
	ask(job, READY);
	return get_read(job, &(struct get){.before = "/order-service/sales-order/",
					   .id = "$.id",
					   .record = "sales_order:",
					   .called = "sales order",
					   .most = IDS_PER_GET,
					   .what = "sales orders to change",
					   .keep = keep_fresh});
}

/* --- settling -------------------------------------------------------------------------------- */

static char *record_of(struct job *job, const char *key)
{
	return db_text(job->db, "SELECT 'order:' || order_id FROM out_order WHERE key = ?", "t",
		       key);
}

static void finish(struct job *job, const char *key)
{
	char *record = record_of(job, key);

	db_run(job->db,
	       "UPDATE out_order SET state = 'done', sent = body, sent_sha256 = source_sha256,"
	       " agreed = NULL, edit = NULL, message = NULL WHERE key = ?",
	       "t", key);
	orders_keep_rows(job, key);
	/* the half of it that is not sent stays told */
	if (!db_int(job->db, 0, "SELECT sent_sha256 GLOB 'half *' FROM out_order WHERE key = ?",
		    "t", key))
		reject_close(job, "orders", record);
	log_info(record, "sales order changed as BigCommerce's order was");
	out_came(job, "out_order", key, "changed");
	free(record);
}

static void made(struct job *job, const char *key, int64_t id)
{
	(void)id;
	finish(job, key);
}

/* An order note tells what a person has to do instead. */
static void tell(struct job *job, const char *key, const char *why)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.edit_note; CREATE TEMP TABLE edit_note("
			   "order_id INTEGER, source_sha256 TEXT, text TEXT)");
	db_run(job->db,
	       "INSERT INTO temp.edit_note SELECT order_id, source_sha256,"
	       " 'It was edited in BigCommerce after it became this order, which was not changed: '"
	       " || ? || ':' || char(10) || coalesce(edit, 'see BigCommerce')"
	       "  FROM out_order WHERE key = ?",
	       "tt", why, key);
	db_script(job->db, sql_orders_edit_note);
}

static void refused(struct job *job, const char *key, const char *why);
static void stale(struct job *job, const char *key);

static const struct wave sending = {
	.api = BRIGHTPEARL,
	.method = "PUT",
	.table = "out_order",
	.ready = "key IN (SELECT key FROM temp.put) AND state = 'pending'",
	.what = "edited orders",
	.select = "SELECT p.key, p.body, p.uri, p.header FROM temp.put p"
		  " JOIN out_order x ON x.key = p.key AND x.state = 'pending'"
		  " WHERE p.key > :last ORDER BY p.key LIMIT 1",
	.claims = true,
	.single = true, /* a message in a pack has no headers */
	.header = true,
	.no_id = true,
	.made = made,
	.refused = refused,
	.stale = stale,
};

static void refused(struct job *job, const char *key, const char *why)
{
	char *record = record_of(job, key);

	tell(job, key, why);
	wave_refuse(job, &sending, "orders", key, record, why,
		    "make the same change in Brightpearl, then this closes by itself; or mend what "
		    "it names, then ./run.sh retry");
	free(record);
}

static void stale(struct job *job, const char *key)
{
	out_release(job, "out_order", key, "it was changed in Brightpearl meanwhile");
	db_run(job->db, "DELETE FROM temp.put WHERE key = ?", "t", key);
}

/* What became of the order since the transform decided keeps it from being changed. */
static void give_up(struct job *job, const char *key, const char *why)
{
	char *record = record_of(job, key);
	char *message = db_text(job->db,
				"SELECT printf('it was edited in BigCommerce after it became sales "
				"order %d, and %s: ',"
				" remote_id, ?) || replace(substr(edit, 1, 500), char(10), '; ')"
				" FROM out_order WHERE key = ?",
				"tt", why, key);

	tell(job, key, why);
	db_run(job->db,
	       "UPDATE out_order SET state = 'done', body = agreed, sent = agreed,"
	       " source_sha256 = sent_sha256, agreed = NULL, edit = NULL WHERE key = ?",
	       "t", key);
	reject_open(job, "orders", record, "edited_after_import", message,
		    "make the same change in Brightpearl, then this closes by itself");
	job->counts.rejected++;
	free(message);
	free(record);
}

/* By the orders as they are now: done already, not to be changed, or to be put. */
static void decide(struct job *job)
{
	db_begin(job->db);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.edited; CREATE TEMP TABLE edited AS"
		  " SELECT order_id, key, remote_id AS sale_id, coalesce(agreed, sent) AS before,"
		  "        body AS after FROM out_order"
		  "  WHERE " READY);
	db_script(job->db, sql_orders_edit_state);
	db_script(job->db, sql_orders_edit_merge);
	STMT st = db_prepare(
		job->db, "SELECT e.key, (s.address_there OR NOT s.address_change)"
			 "  AND (s.lines_there OR NOT s.lines_change), iif(s.gone,"
			 "       'it is no longer in Brightpearl', r.reason)"
			 "  FROM temp.edited e JOIN temp.edit_state s ON s.order_id = e.order_id"
			 "  JOIN temp.edit_reason r ON r.order_id = e.order_id");
	while (stmt_row(st))
		if (col_int(st, 1))
			finish(job, col_text(st, 0));
		else if (!col_null(st, 2))
			give_up(job, col_text(st, 0), col_text(st, 2));
	/* what changed between the two readings is read again */
	db_script(job->db,
		  "DELETE FROM temp.put WHERE key NOT IN (SELECT e.key FROM temp.edited e"
		  " JOIN temp.fresh f ON f.id = e.sale_id JOIN stg_bp_sale s ON s.id = e.sale_id"
		  " WHERE s.version IS whole(f.payload -> '$.version'))");
	db_commit(job->db);
}

/* --- sending --------------------------------------------------------------------------------- */

static bool send_once(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, "UPDATE out_order SET state = 'pending'"
			   " WHERE remote_id IS NOT NULL AND state = 'claimed'");
	db_commit(job->db);
	ask(job, READY);
	if (!read_asked(job) || !read_fresh(job))
		return false;
	decide(job);
	return reserve_before_edits(job) && wave_send(job, &sending);
}

bool edit_send(struct job *job)
{
	bool fine = true;

	if (!out_count(job, "out_order", OPEN))
		return true;
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.changed_now;"
		  "CREATE TEMP TABLE changed_now AS SELECT key FROM out_order WHERE " OPEN);
	for (int i = 0; fine && i < TRIES && out_count(job, "out_order", OPEN); i++)
		fine = send_once(job);
	/* reservations go by the rows as they are now */
	if (fine && ask(job, "x.key IN (SELECT key FROM temp.changed_now) AND x.state = 'done'"))
		fine = sales_read(job);
	return fine;
}
