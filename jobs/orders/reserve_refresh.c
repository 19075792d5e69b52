/* Reading reservations again: what became of them in Brightpearl since. */
#include "jobs/job.h"
#include "jobs/orders/noted.h"
#include "jobs/orders/reserve.h"

#include <stdlib.h>

/* Less is reserved than before: a goods-out note may have been made while the orders were read. */
static bool read_notes_of_less(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.asked;"
		  "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		  "INSERT OR IGNORE INTO temp.asked SELECT x.sale_id FROM out_reservation x"
		  "  JOIN temp.found f ON f.key = x.key"
		  "  JOIN out_reservation_row r ON r.order_id = x.order_id"
		  "  LEFT JOIN temp.found_row g ON g.key = x.key AND g.row_id = r.row_id"
		  " WHERE r.reserved > coalesce(g.quantity, 0)");
	return noted_read(job);
}

/* What neither notes nor a smaller row explain, staff took out: it is not reserved again, until they
 * put it back. */
static const char let_go_sql[] =
	"UPDATE out_reservation_row AS r SET let_go = max(0, r.let_go + iif(f.quantity < r.reserved,"
	"       max(0, r.reserved - f.quantity - max(0, f.noted - r.noted)"
	"              - max(0, r.ordered - f.ordered)),"
	"       - max(0, f.quantity - r.reserved - max(0, r.noted - f.noted))))"
	"  FROM (SELECT x.order_id, w.row_id, coalesce(g.quantity, 0) AS quantity,"
	"               coalesce(n.pieces, 0) AS noted, coalesce(s.quantity / 10000, 0) AS ordered"
	"          FROM temp.found f JOIN out_reservation x ON x.key = f.key"
	"          JOIN out_reservation_row w ON w.order_id = x.order_id"
	"          LEFT JOIN temp.found_row g ON g.key = x.key AND g.row_id = w.row_id"
	"          LEFT JOIN stg_bp_noted n ON n.sale_id = x.sale_id AND n.row_id = w.row_id"
	"          LEFT JOIN stg_bp_sale_row s ON s.sale_id = x.sale_id AND s.id = w.row_id) f"
	" WHERE f.order_id = r.order_id AND f.row_id = r.row_id";

/* Before let_go_sql has counted it: how much that is. */
static void tell_let_go(struct job *job)
{
	STMT st = db_prepare(
		job->db,
		"SELECT 'order:' || x.order_id, x.sale_id, sum(max(0, r.reserved - coalesce(g.quantity, 0)"
		"       - max(0, coalesce(n.pieces, 0) - r.noted)"
		"       - max(0, r.ordered - coalesce(s.quantity / 10000, 0)))) AS gone"
		"  FROM temp.found f JOIN out_reservation x ON x.key = f.key"
		"  JOIN out_reservation_row r ON r.order_id = x.order_id"
		"  LEFT JOIN temp.found_row g ON g.key = x.key AND g.row_id = r.row_id"
		"  LEFT JOIN stg_bp_noted n ON n.sale_id = x.sale_id AND n.row_id = r.row_id"
		"  LEFT JOIN stg_bp_sale_row s ON s.sale_id = x.sale_id AND s.id = r.row_id"
		" GROUP BY x.order_id HAVING gone > 0 ORDER BY x.order_id");

	while (stmt_row(st))
		log_warn(
			col_text(st, 0),
			"%lld pieces were taken out of the reservation of sales order %lld in"
			" Brightpearl: they are not reserved again, and the shop does not sell them"
			" until they are shipped or the order is cancelled; put them back there if"
			" that was a mistake",
			(long long)col_int(st, 2), (long long)col_int(st, 1));
}

bool reserve_refresh(struct job *job, const char *where)
{
	if (!reserve_read(job, where) || !read_notes_of_less(job))
		return false;
	tell_let_go(job);
	db_begin(job->db);
	db_script(job->db, let_go_sql);
	STMT st = db_prepare(
		job->db, "SELECT f.key, CASE WHEN x.holder = 'other' THEN 'other'"
			 "       WHEN f.present THEN iif(x.remote_id IS NULL, 'other', 'us') END"
			 "  FROM temp.found f JOIN out_reservation x ON x.key = f.key");
	while (stmt_row(st))
		reserve_store(job, col_text(st, 0), col_null(st, 1) ? NULL : col_text(st, 1));
	db_commit(job->db);
	return true;
}

void reserve_all_noted(struct job *job, const char *where)
{
	char *sql = xasprintf(
		"SELECT key FROM out_reservation WHERE %s AND sale_id IN"
		" (SELECT id FROM stg_bp_sale WHERE stock_status = 'SOA') ORDER BY key",
		where);
	db_begin(job->db);
	STMT st = db_prepare(job->db, sql);
	free(sql);
	while (stmt_row(st)) {
		db_run(job->db,
		       "UPDATE out_reservation_row SET reserved = 0 WHERE order_id ="
		       " (SELECT order_id FROM out_reservation WHERE key = ?)",
		       "t", col_text(st, 0));
		reserve_mark_read(job, col_text(st, 0));
	}
	db_commit(job->db);
}

bool reserve_edits_lower(struct job *job)
{
	db_script(job->db,
		  "CREATE TEMP TABLE IF NOT EXISTS edit_after(row_id INTEGER PRIMARY KEY,"
		  " pieces INTEGER);"
		  "DELETE FROM temp.edit_after;"
		  "INSERT OR IGNORE INTO temp.edit_after"
		  " SELECT w.id, coalesce(a.quantity, 0) / 10000 FROM temp.put p"
		  "   JOIN temp.edited e ON e.key = p.key"
		  "   JOIN temp.edit_match m ON m.order_id = e.order_id"
		  "   JOIN stg_bp_sale_row w ON w.sale_id = e.sale_id AND w.external_ref = m.ref"
		  "    AND NOT w.bundle_child"
		  "   LEFT JOIN temp.edit_row a ON a.order_id = m.order_id AND a.side = 'after'"
		  "    AND a.ref = m.ref"
		  "  WHERE coalesce(a.quantity, 0) < w.quantity;"
		  "INSERT OR IGNORE INTO temp.edit_after" /* with a bundle, its parts go */
		  " SELECT c.id, 0 FROM temp.edit_after a JOIN stg_bp_sale_row w ON w.id = a.row_id"
		  "   JOIN stg_bp_sale_row c ON c.sale_id = w.sale_id AND c.parent_row_id = w.id"
		  "  WHERE a.pieces = 0");
	return db_int(job->db, 0,
		      "SELECT EXISTS (SELECT 1 FROM out_reservation_row r JOIN temp.edit_after a"
		      " ON a.row_id = r.row_id AND r.reserved > a.pieces)",
		      "");
}
