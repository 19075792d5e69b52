/* Pieces on notes, by the sales orders' rows -> stg_bp_noted. */
#include "jobs/orders/noted.h"

#include "jobs/job.h"
#include "lib/brightpearl/get.h"

#include <stdlib.h>

#define IDS_PER_GET                                                                                \
	100 /* 500 (goods-out) and 200 (drop-ship) are allowed, but make a long address */

/* Of a row, an array with an entry for each location; a drop-ship note may list products instead.
 * Transfers between warehouses are no order's.  What was answered replaces what was known. */
static void keep(struct job *job, const char *ids, const struct reply *r)
{
	(void)ids;
	if (r->outcome != HTTP_OK)
		return; /* none of these has any */
	db_run(job->db,
	       "INSERT INTO temp.noted_page"
	       " SELECT whole(n.value -> '$.orderId'), CAST(r.key AS INTEGER),"
	       "        coalesce((SELECT sum(whole(l.value -> '$.quantity')) FROM json_each(iif("
	       "                  r.type = 'array', r.value, json_array(json(r.value)))) l), 0)"
	       "   FROM json_each(?1, '$.response') n JOIN json_each(n.value, '$.orderRows') r"
	       "  WHERE n.type = 'object' AND r.type IN ('array', 'object')"
	       "    AND coalesce(n.value ->> '$.transfer', 0) IS NOT 1"
	       " UNION ALL"
	       " SELECT whole(n.value -> '$.orderId'), whole(p.value -> '$.salesOrderRowId'),"
	       "        whole(p.value -> '$.quantity')"
	       "   FROM json_each(?1, '$.response') n JOIN json_each(n.value, '$.products') p"
	       "  WHERE n.type = 'object' AND p.type = 'object'",
	       "t", reply_json(r));
}

static bool read_kind(struct job *job, const char *after, bool drop_ship)
{
	return get_read(job,
			&(struct get){.before = "/warehouse-service/order/",
				      .after = after,
				      .most = IDS_PER_GET,
				      .none_is_404 = true,
				      .of = "$.orderId",
				      .entry = drop_ship ? NOTE_ENTRY : GOODS_OUT_ENTRY,
				      .record = drop_ship ? "shipment:DSN" : "shipment:GON",
				      .called = drop_ship ? "drop-ship note" : "goods-out note",
				      .what = "goods-out notes of sales orders",
				      .keep = keep});
}

bool noted_read(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.noted_page; CREATE TEMP TABLE noted_page("
			   "sale_id INTEGER, row_id INTEGER, pieces INTEGER)");
	if (!read_kind(job, "/goods-note/goods-out/", false) ||
	    !read_kind(job, "/goods-note/drop-ship/", true))
		return false;
	db_begin(job->db);
	db_script(
		job->db,
		"DELETE FROM stg_bp_noted WHERE sale_id IN (SELECT id FROM temp.asked);"
		"INSERT INTO stg_bp_noted SELECT sale_id, row_id, sum(pieces)"
		"  FROM temp.noted_page WHERE sale_id IN (SELECT id FROM temp.asked)"
		"   AND row_id > 0 AND pieces > 0 GROUP BY sale_id, row_id;"
		"INSERT OR REPLACE INTO stg_bp_noted_read SELECT s.id, s.read_at, s.sha256 FROM temp.asked"
		"  JOIN stg_bp_sale s USING (id)");
	db_commit(job->db);
	return true;
}

/* An order without notes any more is not asked for them: its codes say so, if read since the notes were. */
bool noted_read_changed(struct job *job, const char *which)
{
	char *ask = xasprintf(
		"INSERT INTO temp.asked SELECT s.id FROM link_order k"
		"  JOIN stg_bp_sale s ON s.id = k.sales_order_id AND NOT s.gone"
		"  JOIN stg_bc_order o ON o.id = k.order_id"
		"  JOIN status_choice w ON w.status_id = o.status_id"
		"  LEFT JOIN stg_bp_noted_read n ON n.sale_id = s.id"
		" WHERE (s.stock_status IN ('SOP', 'SOA') OR s.shipping_status IN ('SPS', 'ASS'))"
		"   AND (n.sale_sha256 IS NOT s.sha256 OR s.read_at >= n.sale_read_at + ?)"
		"   AND (%s)",
		which);
	db_script(
		job->db,
		"DELETE FROM stg_bp_noted WHERE sale_id IN (SELECT n.sale_id FROM stg_bp_noted n"
		"  JOIN stg_bp_sale s ON s.id = n.sale_id"
		"  LEFT JOIN stg_bp_noted_read r ON r.sale_id = s.id WHERE s.gone"
		"   OR s.stock_status IN ('SON', 'NON') AND s.shipping_status IN ('NST', 'SNS')"
		"      AND s.read_at > coalesce(r.sale_read_at, 0));"
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);");
	db_run(job->db, ask, "i", 3600 * setting_int(job->db, "api.reference_hours", 24));
	free(ask);
	return noted_read(job);
}
