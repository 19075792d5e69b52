/* What is reserved, as Brightpearl tells it. */
#include "jobs/inventory/availability.h"
#include "jobs/job.h"
#include "jobs/orders/reserve.h"
#include "jobs/orders/sales.h"
#include "lib/pipeline.h"

#include <stdlib.h>

#define NOT_READ_BACK "state = 'done' AND holder = 'us' AND NOT read_back"

struct reading {
	char *next; /* the query for the reservation after the one that was asked for last */
	char *last;
};

static struct call *ask(struct job *job, void *context, struct asked *about)
{
	struct reading *reading = context;

	about->key = db_text(job->db, reading->next, "t", reading->last);
	if (!about->key)
		return NULL;
	char *path = db_text(job->db,
			     "SELECT '/warehouse-service/order/' || sale_id || '/reservation'"
			     " FROM out_reservation WHERE key = ?",
			     "t", about->key);
	struct call *call = http_submit(job->http, &(struct http_request){.api = BRIGHTPEARL,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(path);
	free(reading->last);
	reading->last = xstrdup(about->key);
	return call;
}

/* A list of reservations, or one, with what is reserved for each row; or none. */
static bool has_shape(struct job *job, const char *body)
{
	return db_int(
		job->db, 0,
		"SELECT json_type(?1, '$.response') IN ('array', 'object') AND NOT EXISTS ("
		" SELECT 1 FROM json_each(iif(json_type(?1, '$.response') = 'object' AND"
		"    json_type(?1, '$.response.orderRows') IS NOT NULL,"
		"    json_array(?1 -> '$.response'), ?1 -> '$.response')) e"
		"  WHERE iif(e.type = 'object', json_type(e.value, '$.orderRows') NOT IN ('object', 'array')"
		"   OR json_type(e.value, '$.orderRows') IS NULL OR EXISTS (SELECT 1 FROM"
		"    json_tree(e.value, '$.orderRows') t WHERE t.type = 'object' AND t.fullkey <> '$.orderRows'"
		"     AND NOT coalesce(whole(t.value -> '$.productId') > 0"
		"      AND whole(t.value -> '$.quantity') >= 0, 0)),"
		"   1))",
		"t", body);
}

/* [{"orderId", "warehouseId", "orderRows": {"68": {"productId", "quantity"}}}]; none: 404, or an
 * empty list.  A row may hold a list of entries, which name it by themselves or by its key. */
static bool keep(struct job *job, const char *key, const struct reply *r)
{
	if (r->outcome != HTTP_OK && (r->outcome != HTTP_REFUSED || r->status != 404))
		return job_outage(job, BRIGHTPEARL, "reading reservations", r);
	if (r->outcome == HTTP_OK && !has_shape(job, reply_json(r)))
		return job_odd(job, BRIGHTPEARL, "reading reservations",
			       "it holds no list of what is reserved", reply_json(r));
	const char *body = r->outcome == HTTP_OK ? reply_json(r) : "{}";
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO temp.found_row SELECT ?1, row_id, sum(quantity) FROM ("
	       " SELECT coalesce(whole(t.value -> '$.salesOrderRowId'),"
	       "          CAST(iif(p.type = 'array', p.key, t.key) AS INTEGER)) AS row_id,"
	       "        whole(t.value -> '$.quantity') AS quantity"
	       "   FROM json_tree(?2, '$.response') t JOIN json_tree(?2, '$.response') p"
	       "     ON p.id = t.parent WHERE t.type = 'object'"
	       "    AND whole(t.value -> '$.productId') > 0)"
	       "  WHERE row_id > 0 AND quantity > 0 GROUP BY row_id",
	       "tt", key, body);
	db_run(job->db,
	       "INSERT OR REPLACE INTO temp.found SELECT ?1, max(key = 'warehouseId')"
	       " OR ?1 IN (SELECT key FROM temp.found_row),"
	       " max(iif(key = 'warehouseId', CAST(atom AS INTEGER), NULL))"
	       " FROM json_tree(?2, '$.response')",
	       "tt", key, body);
	db_run(job->db, "UPDATE temp.found SET present = 0 WHERE present IS NULL", "");
	db_commit(job->db);
	return true;
}

static void make_found(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.found; DROP TABLE IF EXISTS temp.found_row;"
			   "CREATE TEMP TABLE found(key TEXT PRIMARY KEY, present INTEGER,"
			   " warehouse_id INTEGER);"
			   "CREATE TEMP TABLE found_row(key TEXT, row_id INTEGER, quantity INTEGER,"
			   " PRIMARY KEY (key, row_id))");
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	REPLY r = http_wait(job->http, call);

	(void)context;
	return keep(job, about->key, &r);
}

bool reserve_read(struct job *job, const char *where)
{
	struct reading reading = {
		.next = xasprintf("SELECT min(key) FROM out_reservation WHERE (%s) AND key > ?",
				  where),
		.last = xstrdup("")};

	make_found(job);
	bool fine = pipeline_run(job,
				 &(struct pipeline){.context = &reading, .ask = ask, .take = take});
	free(reading.next);
	free(reading.last);
	return fine;
}

void reserve_mark_read(struct job *job, const char *key)
{
	db_run(job->db,
	       "UPDATE out_reservation_row AS r SET ordered = coalesce((SELECT w.quantity / 10000"
	       "   FROM stg_bp_sale_row w WHERE w.sale_id = x.sale_id AND w.id = r.row_id), 0),"
	       " noted = coalesce((SELECT n.pieces FROM stg_bp_noted n WHERE n.sale_id = x.sale_id"
	       "                      AND n.row_id = r.row_id), 0)"
	       " FROM out_reservation x WHERE x.key = ? AND r.order_id = x.order_id",
	       "t", key);
	db_run(job->db,
	       "UPDATE out_reservation AS x SET read_back = 1,"
	       " seen = (SELECT c.codes FROM sale_codes c WHERE c.id = x.sale_id) WHERE key = ?",
	       "t", key);
}

/* Into the rows goes what was found; while short, how much of what was on hand is gone with it. */
void reserve_store(struct job *job, const char *key, const char *holder)
{
	db_run(job->db,
	       "UPDATE out_reservation_row AS r SET on_hand = max(0, r.on_hand -"
	       " max(0, f.quantity - r.reserved)), reserved = f.quantity"
	       " FROM (SELECT w.order_id, w.row_id, coalesce(g.quantity, 0) AS quantity"
	       "         FROM out_reservation x"
	       "         JOIN out_reservation_row w ON w.order_id = x.order_id"
	       "         LEFT JOIN temp.found_row g ON g.key = x.key AND g.row_id = w.row_id"
	       "        WHERE x.key = ?) f"
	       " WHERE r.order_id = f.order_id AND r.row_id = f.row_id",
	       "t", key);
	db_run(job->db,
	       "UPDATE out_reservation AS x SET holder = ?2, read_run = ?3,"
	       " warehouse_id = coalesce(f.warehouse_id, x.warehouse_id)"
	       " FROM temp.found f WHERE x.key = ?1 AND f.key = ?1",
	       "tti", key, holder, job->run);
	reserve_mark_read(job, key);
}

/* Which of what was read to believe: all that is wanted.  Not where less is wanted than all that is
 * ordered: a code for all would then say that it was not let go of. */
static void count_as_wanted(struct job *job, const char *which)
{
	char *list = xasprintf(
		"DROP TABLE IF EXISTS temp.whole_now; CREATE TEMP TABLE whole_now AS"
		" SELECT x.key, x.order_id FROM out_reservation x WHERE " NOT_READ_BACK " AND %s"
		"   AND NOT EXISTS (SELECT 1 FROM out_reservation_row r JOIN stg_bp_sale_row w"
		"        ON w.sale_id = x.sale_id AND w.id = r.row_id LEFT JOIN stg_bp_noted n"
		"        ON n.sale_id = x.sale_id AND n.row_id = r.row_id"
		"        WHERE r.order_id = x.order_id"
		"          AND r.wanted < w.quantity / 10000 - coalesce(n.pieces, 0))",
		which);

	db_begin(job->db);
	db_script(job->db, list);
	db_script(job->db, "UPDATE out_reservation_row SET reserved = wanted"
			   " WHERE order_id IN (SELECT order_id FROM temp.whole_now)");
	STMT st = db_prepare(job->db, "SELECT key FROM temp.whole_now");
	while (stmt_row(st))
		reserve_mark_read(job, col_text(st, 0));
	db_commit(job->db);
	free(list);
}

static bool read_orders(struct job *job)
{
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_script(
		job->db,
		"INSERT INTO temp.asked SELECT sale_id FROM out_reservation WHERE " NOT_READ_BACK);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.reading_back;"
		  "CREATE TEMP TABLE reading_back AS SELECT id AS sale_id FROM temp.asked");
	if (!sales_read(job))
		return false;
	count_as_wanted(
		job, "sale_id IN (SELECT sale_id FROM temp.reading_back) AND EXISTS (SELECT 1 FROM"
		     " stg_bp_sale s WHERE s.id = x.sale_id AND s.allocation_status = 'AAA')");
	return true;
}

/* Orders of which something was reserved, but whose code does not say so: is anything used up? */
static bool read_shelves(struct job *job)
{
	static const char unclear[] =
		"sale_id IN (SELECT b.sale_id FROM temp.reading_back b JOIN stg_bp_sale s"
		" ON s.id = b.sale_id AND s.allocation_status IS NOT 'APA')";

	char *sql = xasprintf(
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT INTO temp.asked SELECT DISTINCT r.product_id FROM out_reservation x"
		"  JOIN out_reservation_row r ON r.order_id = x.order_id AND r.wanted > 0"
		" WHERE " NOT_READ_BACK " AND %s",
		unclear);
	db_script(job->db, sql);
	free(sql);
	if (!availability_read(job))
		return false;
	sql = xasprintf("%s AND NOT EXISTS (SELECT 1 FROM out_reservation_row r"
			" LEFT JOIN stg_bp_availability_warehouse w ON w.product_id = r.product_id"
			" AND w.warehouse_id = x.warehouse_id WHERE r.order_id = x.order_id"
			" AND r.wanted > 0 AND coalesce(w.on_hand, 0) < 1)",
			unclear);
	count_as_wanted(job, sql);
	free(sql);
	return true;
}

bool reserve_read_back(struct job *job)
{
	if (!db_int(job->db, 0,
		    "SELECT EXISTS (SELECT 1 FROM out_reservation WHERE " NOT_READ_BACK ")", ""))
		return true;
	if (!read_orders(job) || !read_shelves(job) ||
	    !reserve_read(job,
			  NOT_READ_BACK " AND sale_id IN (SELECT sale_id FROM temp.reading_back)"))
		return false;
	db_begin(job->db);
	STMT st = db_prepare(job->db, "SELECT key, present FROM temp.found ORDER BY key");
	while (stmt_row(st))
		reserve_store(job, col_text(st, 0), col_int(st, 1) ? "us" : NULL);
	db_commit(job->db);
	return true;
}
