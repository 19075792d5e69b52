/* Notes in full: by their ids, or all notes of a sales order.  The answer is a map, note id ->
 * note; either ID set may hold 500 (goods-out) or 200 (drop-ship) ids, 100 keep the address short.
 */
#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "jobs/torn.h"
#include "lib/brightpearl/get.h"
#include "lib/server_clock.h"

#include <stdlib.h>
#include <string.h>

#define IDS_PER_GET 100
#define READ_AGAIN  200 /* notes read once more in each run */
#define DAY         86400
#define HOUR        3600 /* between two runs, at most */

#define GOODS_OUT "/goods-note/goods-out/"
#define DROP_SHIP "/goods-note/drop-ship/"

extern const char sql_fulfillment_notes[];

static void stage(struct job *job, const char *kind, const struct reply *r)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page;"
			   "CREATE TEMP TABLE page(kind TEXT, id INTEGER, payload TEXT);"
			   "DROP TABLE IF EXISTS temp.read_now;"
			   "CREATE TEMP TABLE read_now(at INTEGER)");
	db_run(job->db, "INSERT INTO temp.read_now VALUES(?)", "i",
	       r->date ? r->date : server_now(job, BRIGHTPEARL));
	if (r->outcome == HTTP_OK)
		db_run(job->db,
		       "INSERT INTO temp.page SELECT ?, whole(key), value"
		       " FROM json_each(?, '$.response') WHERE type = 'object'",
		       "tt", kind, reply_json(r));
	job->counts.extracted += db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");
	db_script(job->db, sql_fulfillment_notes);
	torn_tell_rows(job, "SELECT replace(kind, '_', '-') || ' note ' || id, payload"
			    " FROM temp.incoming WHERE torn(payload)");
	job->counts.changed += db_int(job->db, 0, "SELECT count(*) FROM temp.incoming", "");
}

/* Asked for by its id and not answered: gone; but one that was never read, and that the search has listed
 * since it was last searched wide, is asked for again. */
static void keep_asked(struct job *job, const char *kind, const char *ids, const struct reply *r)
{
	db_begin(job->db);
	stage(job, kind, r);
	db_run(job->db,
	       "UPDATE stg_bp_goods_out_note SET gone = 1, read_at = (SELECT at FROM temp.read_now)"
	       " WHERE kind = ?1 AND id IN (SELECT value FROM json_each('[' || ?2 || ']'))"
	       "   AND id NOT IN (SELECT id FROM temp.page)"
	       "   AND (payload IS NOT NULL OR coalesce(listed_at, 0) < ?3)",
	       "tti", kind, ids,
	       server_now(job, BRIGHTPEARL) -
		       3600 * setting_int(job->db, "api.reference_hours", 24) - HOUR);
	db_commit(job->db);
}

static void keep_goods_out(struct job *job, const char *ids, const struct reply *r)
{
	keep_asked(job, "GON", ids, r);
}

static void keep_drop_ship(struct job *job, const char *ids, const struct reply *r)
{
	keep_asked(job, "DSN", ids, r);
}

/* All notes of sales orders of ours. */
static void keep_of_orders(struct job *job, const char *kind, const struct reply *r)
{
	db_begin(job->db);
	stage(job, kind, r);
	db_run(job->db,
	       "UPDATE stg_bp_goods_out_note SET ours = 1 WHERE kind = ? AND sale_id > 0"
	       " AND id IN (SELECT id FROM temp.page) AND ours IS NOT 1",
	       "t", kind);
	db_commit(job->db);
}

static void keep_goods_out_of_orders(struct job *job, const char *ids, const struct reply *r)
{
	(void)ids;
	keep_of_orders(job, "GON", r);
}

static void keep_drop_ship_of_orders(struct job *job, const char *ids, const struct reply *r)
{
	(void)ids;
	keep_of_orders(job, "DSN", r);
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO stg_bp_sale_notes(sale_id, read_at)"
	       " SELECT value, (SELECT at FROM temp.read_now) FROM json_each('[' || ? || ']')",
	       "t", ids);
	db_commit(job->db);
}

struct set {
	const char *before, *after, *of, *twice;
	bool drop_ship;
	void (*keep)(struct job *, const char *, const struct reply *);
};

static bool read_notes(struct job *job, const struct set *set)
{
	return get_read(
		job, &(struct get){.before = set->before,
				   .after = set->after,
				   .most = IDS_PER_GET,
				   .none_is_404 = true,
				   .of = set->of,
				   .twice = set->twice,
				   .entry = set->drop_ship ? NOTE_ENTRY : GOODS_OUT_ENTRY,
				   .record = set->drop_ship ? "shipment:DSN" : "shipment:GON",
				   .called = set->drop_ship ? "drop-ship note" : "goods-out note",
				   .what = "goods-out notes",
				   .keep = set->keep});
}

bool notes_read_goods_out(struct job *job)
{
	return read_notes(job, &(struct set){.before = "/warehouse-service/order/",
					     .after = GOODS_OUT,
					     .of = "$.orderId",
					     .keep = keep_goods_out_of_orders});
}

bool notes_read_drop_ship(struct job *job)
{
	return read_notes(job, &(struct set){.before = "/warehouse-service/order/",
					     .after = DROP_SHIP,
					     .of = "$.orderId",
					     .drop_ship = true,
					     .keep = keep_drop_ship_of_orders});
}

/* temp.asked from temp.due(kind, id), and read. */
static bool read_due(struct job *job, const char *kind)
{
	bool drop_ship = *kind == 'D';

	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_run(job->db, "INSERT INTO temp.asked SELECT id FROM temp.due WHERE kind = ?", "t", kind);
	return read_notes(
		job,
		&(struct set){.before = drop_ship ? "/warehouse-service/order/*" DROP_SHIP
						  : "/warehouse-service/order/*" GOODS_OUT,
			      .twice = drop_ship
					       ? "id IN (SELECT id FROM stg_bp_goods_out_note WHERE"
						 " kind = 'DSN' AND payload IS NOT NULL)"
					       : "id IN (SELECT id FROM stg_bp_goods_out_note WHERE"
						 " kind = 'GON' AND payload IS NOT NULL)",
			      .drop_ship = drop_ship,
			      .keep = drop_ship ? keep_drop_ship : keep_goods_out});
}

bool notes_read_new(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.due; CREATE TEMP TABLE due AS"
			   " SELECT kind, id FROM stg_bp_goods_out_note"
			   "  WHERE ours = 1 AND NOT gone AND read_at IS NULL"
			   "    AND (shipped_on >= (SELECT at FROM fulfillment_start) OR"
			   "         'shipment:' || kind || id IN (SELECT key FROM catch_up))");
	return read_due(job, "GON") && read_due(job, "DSN");
}

/* Notes without a tracking number in every run, the others once in api.reference_hours; those read
 * longest ago first. */
bool notes_read_again(struct job *job)
{
	int64_t now = server_now(job, BRIGHTPEARL);

	db_script(job->db, "DROP TABLE IF EXISTS temp.due;"
			   "CREATE TEMP TABLE due(kind TEXT, id INTEGER)");
	db_run(job->db,
	       "INSERT INTO temp.due SELECT kind, id FROM stg_bp_goods_out_note n"
	       "  WHERE ours = 1 AND NOT gone AND payload IS NOT NULL AND shipped_on >= ?1"
	       "    AND (numbers = '' OR read_at < ?2)"
	       "    AND (EXISTS (SELECT 1 FROM out_shipment x WHERE x.kind = n.kind AND"
	       "                 x.note_id = n.id AND x.state <> 'ignored')"
	       "         OR n.sale_id IN (SELECT sale_id FROM out_shipment WHERE kind = 'SO'"
	       "                           AND state = 'pending'))"
	       "  ORDER BY numbers <> '', read_at, id LIMIT ?3",
	       "iii", now - DAY * setting_int(job->db, "fulfillment.lookback_days", 14),
	       now - 3600 * setting_int(job->db, "api.reference_hours", 24), (int64_t)READ_AGAIN);
	return read_due(job, "GON") && read_due(job, "DSN");
}
