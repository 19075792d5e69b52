/* Which notes were shipped, and which of them are of orders from BigCommerce.
 *
 * goods-out-search tells when a note was shipped and has no updatedOn.  That moment is typed in, so
 * one may be told late: once every api.reference_hours the last fulfillment.lookback_days are
 * searched again.  The search does not tell whose order it is; of orders that we never saw the
 * parent is looked up, since a back order that was split off has no reference of its own. */
#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "lib/brightpearl/search.h"
#include "lib/server_clock.h"

#include <string.h>

#define DAY         86400
#define GENERATIONS 10
#define GIVEN_UP    DAY /* an order that no search shows a day later is of nobody */

extern const char sql_fulfillment_ours[];

/* What the search lists is not gone, whatever an earlier answer left out: it is asked for again. */
static void stage(struct job *job)
{
	db_run(job->db,
	       "INSERT INTO stg_bp_goods_out_note(kind, id, changed_run, sale_id, shipped_on, listed_at)"
	       " SELECT 'GON', whole(payload -> '$.goodsOutNoteId'),"
	       "        (SELECT id FROM current_run), whole(payload -> '$.orderId'),"
	       "        instant(payload ->> '$.shippedOn'), ?"
	       "   FROM temp.page WHERE whole(payload -> '$.goodsOutNoteId') IS NOT NULL"
	       " ON CONFLICT(kind, id) DO UPDATE SET shipped_on = excluded.shipped_on,"
	       "    listed_at = excluded.listed_at, gone = 0, read_at = NULL"
	       "  WHERE gone OR payload IS NULL OR shipped_on IS NOT excluded.shipped_on",
	       "i", server_now(job, BRIGHTPEARL));
}

static int64_t moment(struct job *job, const char *feed)
{
	return db_int(job->db, 0, "SELECT done_until FROM cursor WHERE feed = ?", "t", feed);
}

static void remember(struct job *job, const char *feed, int64_t at)
{
	db_begin(job->db);
	db_run(job->db, "INSERT OR REPLACE INTO cursor(feed, done_until) VALUES(?, ?)", "ti", feed,
	       at);
	db_commit(job->db);
}

void fulfillment_begin(struct job *job, int64_t now)
{
	bool yes = setting_is(job->db, "fulfillment.enabled", "yes") && !job->plan;
	const char *feed = yes ? "fulfillment_yes" : "fulfillment_plan";

	if (moment(job, feed))
		return;
	db_begin(job->db);
	db_run(job->db, "INSERT INTO cursor(feed, done_until) VALUES(?, ?)", "ti", feed, now);
	if (yes) /* what was seen not shipped before may be shipped by now */
		db_script(job->db, "DELETE FROM stg_bp_sale_unshipped");
	db_commit(job->db);
}

static bool search_notes(struct job *job, struct feed *feed)
{
	struct search search = {.path = "/warehouse-service/goods-note/goods-out-search",
				.columns = "goodsOutNoteId,orderId,shippedOn",
				.filter = "&shipped=true",
				.date = "shippedOn",
				.what = "goods-out notes",
				.stage = stage};

	return search_window(job, &search, feed);
}

/* The first time the window begins fulfillment.lookback_days ago: what was shipped in them is not sent,
 * but told (./run.sh catch-up shipments).  By its answer, the server's clock, the start is measured. */
static bool find_notes(struct job *job)
{
	int64_t start = db_int(job->db, 0, "SELECT at FROM fulfillment_start", "");
	int64_t hours = setting_int(job->db, "api.reference_hours", 24);
	int64_t days = setting_int(job->db, "fulfillment.lookback_days", 14);
	int64_t wide = moment(job, "bp_goods_out_wide");
	int64_t now = server_now(job, BRIGHTPEARL);
	struct feed feed = feed_open(job, "bp_goods_out",
				     (start ? start : now) - (days > 1 ? days : 1) * DAY);
	bool due = wide && wide + hours * 3600 <= now;

	if (due && !feed.resumed && feed.from > now - days * DAY)
		feed.from = now - days * DAY > start ? now - days * DAY : start;
	if (!search_notes(job, &feed))
		return false;
	fulfillment_begin(job, feed.at ? feed.at : now);
	if (!wide || due)
		remember(job, "bp_goods_out_wide", feed.at ? feed.at : now);
	return true;
}

static bool find_owners(struct job *job)
{
	for (int i = 0; i < GENERATIONS; i++) {
		db_begin(job->db);
		db_script(job->db, sql_fulfillment_ours);
		db_commit(job->db);
		int64_t unknown = db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
		if (!unknown)
			return true;
		if (!orders_read_listed(job))
			return false;
		if (unknown == db_int(job->db, 0,
				      "SELECT count(*) FROM temp.asked WHERE id NOT IN"
				      " (SELECT id FROM stg_bp_order)",
				      ""))
			break;
	}
	db_begin(job->db);
	db_run(job->db,
	       "UPDATE stg_bp_goods_out_note SET ours = 0 WHERE ours IS NULL AND"
	       " shipped_on < ?",
	       "i", server_now(job, BRIGHTPEARL) - GIVEN_UP);
	db_commit(job->db);
	return true;
}

bool notes_find_since(struct job *job, int64_t from)
{
	struct feed feed = {.name = "bp_goods_out_catch_up", .from = from};

	db_begin(job->db);
	db_run(job->db, "DELETE FROM cursor WHERE feed = ?", "t", feed.name);
	db_commit(job->db);
	feed = feed_open(job, feed.name, from);
	return search_notes(job, &feed) && find_owners(job);
}

bool notes_find(struct job *job)
{
	return find_notes(job) && find_owners(job);
}
