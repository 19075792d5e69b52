/* Which warehouse, and for which short orders more can be had: by what is on hand. */
#include "jobs/inventory/availability.h"
#include "jobs/job.h"
#include "jobs/orders/reserve.h"

/* Products of short orders, and of new ones that may be reserved in several warehouses. */
static const char ask_sql[] =
	"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
	"INSERT INTO temp.asked SELECT DISTINCT r.product_id"
	"  FROM out_reservation x JOIN out_reservation_row r ON r.order_id = x.order_id"
	" WHERE r.wanted > r.reserved AND (x.order_id IN (SELECT order_id FROM order_short)"
	"    OR x.state = 'pending' AND x.holder IS NULL AND NOT EXISTS (SELECT 1 FROM out_order o"
	"       WHERE o.order_id = x.order_id AND o.warehouse_id IS NOT NULL)"
	"   AND (SELECT count(*) FROM map_warehouses WHERE reserve IS NOT NULL) > 1)";

static const char free_sql[] =
	"DROP TABLE IF EXISTS temp.free;"
	"CREATE TEMP TABLE free AS SELECT product_id, warehouse_id, on_hand"
	"  FROM stg_bp_availability_warehouse WHERE product_id IN (SELECT id FROM temp.asked);"
	"CREATE UNIQUE INDEX temp.free_key ON free(product_id, warehouse_id)";

/* The warehouses that may be tried for an order: sales.csv names one, or those of warehouses.csv. */
#define CANDIDATES                                                                                 \
	"(SELECT 0 AS place, o.warehouse_id AS id FROM out_order o WHERE o.order_id = ?1"          \
	"   AND o.warehouse_id IS NOT NULL"                                                        \
	" UNION ALL SELECT w.reserve, w.warehouse_id FROM map_warehouses w WHERE w.reserve IS NOT" \
	"   NULL AND NOT EXISTS (SELECT 1 FROM out_order o WHERE o.order_id = ?1"                  \
	"   AND o.warehouse_id IS NOT NULL))"

static void choose(struct job *job, int64_t order)
{
	db_run(job->db,
	       "UPDATE out_reservation SET warehouse_id = coalesce("
	       " (SELECT c.id FROM " CANDIDATES " c WHERE NOT EXISTS"
	       "   (SELECT 1 FROM (SELECT product_id, sum(wanted) AS wanted FROM"
	       "       out_reservation_row WHERE order_id = ?1 GROUP BY product_id) r"
	       "      LEFT JOIN temp.free f"
	       "       ON f.product_id = r.product_id AND f.warehouse_id = c.id"
	       "     WHERE r.wanted > coalesce(f.on_hand, 0))"
	       "   ORDER BY c.place LIMIT 1),"
	       " (SELECT c.id FROM " CANDIDATES " c ORDER BY c.place LIMIT 1))"
	       " WHERE order_id = ?1",
	       "i", order);
}

/* What one order takes, the next does not find. */
static void take(struct job *job, int64_t order)
{
	db_run(job->db,
	       "UPDATE temp.free AS f SET on_hand = max(0, f.on_hand - r.pieces)"
	       "  FROM (SELECT x.warehouse_id, w.product_id, sum(w.wanted - w.reserved) AS pieces"
	       "          FROM out_reservation x JOIN out_reservation_row w USING (order_id)"
	       "         WHERE x.order_id = ? AND w.wanted > w.reserved GROUP BY w.product_id) r"
	       " WHERE f.product_id = r.product_id AND f.warehouse_id = r.warehouse_id",
	       "i", order);
}

#define ON_HAND                                                                                    \
	"coalesce((SELECT f.on_hand FROM temp.free f JOIN out_reservation x ON x.order_id = ?1"    \
	" WHERE f.product_id = r.product_id AND f.warehouse_id = x.warehouse_id), 0)"

/* More on hand of something short than when it was last tried: try again. */
static void top_up(struct job *job, int64_t order)
{
	db_run(job->db,
	       "UPDATE out_reservation_row AS r SET on_hand = " ON_HAND
	       " WHERE order_id = ?1 AND on_hand > " ON_HAND,
	       "i", order);
	if (!db_int(job->db, 0,
		    "SELECT EXISTS (SELECT 1 FROM out_reservation_row r WHERE order_id = ?1"
		    " AND wanted > reserved AND " ON_HAND " > on_hand)",
		    "i", order))
		return;
	db_run(job->db,
	       "UPDATE out_reservation_row AS r SET on_hand = " ON_HAND
	       " WHERE order_id = ?1 AND wanted > reserved",
	       "i", order);
	db_run(job->db,
	       "UPDATE out_reservation SET state = 'pending', message = NULL WHERE order_id = ?",
	       "i", order);
	job->counts.planned++;
	take(job, order);
}

/* Short orders first, then new ones, each by their number. */
static void give_turns(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.turn; CREATE TEMP TABLE turn AS"
		  " SELECT x.order_id, x.state = 'pending' AS fresh, x.holder IS NULL AS unplaced"
		  "   FROM out_reservation x WHERE x.order_id IN (SELECT order_id FROM order_short)"
		  "     OR x.state = 'pending' AND x.holder IS NULL AND x.guarded");
	STMT st = db_prepare(
		job->db,
		"SELECT order_id, fresh, unplaced FROM temp.turn ORDER BY fresh, order_id");

	while (stmt_row(st)) {
		if (col_int(st, 2))
			choose(job, col_int(st, 0));
		if (col_int(st, 1))
			take(job, col_int(st, 0));
		else
			top_up(job, col_int(st, 0));
	}
}

bool reserve_stock(struct job *job)
{
	db_script(job->db, ask_sql);
	if (!availability_read(job))
		return false;
	db_begin(job->db);
	db_script(job->db, free_sql);
	give_turns(job);
	db_commit(job->db);
	return true;
}
