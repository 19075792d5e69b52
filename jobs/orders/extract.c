/* BigCommerce orders -> stg_bc_order, for all jobs.
 *
 * Pages must not shift under the reader: the window is walked by id, always asking for the page
 * that follows the last id seen.  An order that changes after it was read is in the next window, which
 * begins before this reading did.  Lines that the list call cut (50 per consignment) are then read from /products,
 * addresses that it gave as a link only from /shipping_addresses,
 * and customers' groups where a mapping asks for them, both only for orders that are wanted. */
#include "jobs/job.h"
#include "jobs/orders/edit.h"
#include "jobs/orders/fresh.h"
#include "jobs/orders/gaps.h"
#include "jobs/orders/missed.h"
#include "jobs/orders/orders.h"
#include "jobs/records.h"
#include "jobs/torn.h"
#include "lib/bigcommerce/answer.h"
#include "lib/bigcommerce/list.h"
#include "lib/clock.h"
#include "lib/feed.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_LIMIT 100       /* orders with their lines are 7-10 KB each */
#define PAGE_BYTES (4 << 20) /* a page past this size halves the limit */
#define PAGE_MOST  (32u << 20)

const struct bc_list orders_list = {
	.what = "orders",
	.path = "/v2/orders?sort=id%3Aasc&include=consignments.line_items,fees"
		"&consignment_structure=object",
	.setting = "orders.start_date and orders.start_id in settings.csv",
	.shape = BC_ORDER_SHAPE,
};

extern const char sql_orders_extract[], sql_orders_extract_addresses[], sql_orders_extract_lines[],
	sql_orders_extract_known[];

/* Which orders a walk is over, by the dates that bound it (until: NULL = no upper bound); a walk
 * without a feed's name keeps no position.  The first window of a feed goes by creation, as orders.start_date does. */
struct walk {
	struct feed feed;
	const char *from, *until;
};

/* A second earlier and later, since whether the bounds are inclusive is not documented. */
static char *dates(void *context, const struct bc_read *read)
{
	const struct walk *w = context;
	BUF query = buf_new(256);

	(void)read;
	if (w->feed.from)
		bc_date(&query, w->from, w->feed.from - 1);
	if (w->until && w->feed.until)
		bc_date(&query, w->until, w->feed.until + 1);
	return buf_take(&query);
}

static void tell_torn(struct job *job)
{
	STMT st = db_prepare(job->db, "SELECT o.id, o.payload FROM temp.touched t"
				      " JOIN stg_bc_order o ON o.id = t.id WHERE torn(o.payload)");

	while (stmt_row(st)) {
		char *record = xasprintf("order:%lld", (long long)col_int(st, 0));
		char *fields = torn_tell(job, record, col_text(st, 1));
		db_run(job->db, "UPDATE stg_bc_order SET torn = ? WHERE id = ?", "ti", fields,
		       col_int(st, 0));
		free(fields);
		free(record);
	}
}

int64_t orders_stage(struct job *job)
{
	int64_t count = db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");

	if (count) {
		db_script(job->db, sql_orders_extract);
		db_script(job->db, "DROP TABLE IF EXISTS temp.touched;"
				   "CREATE TEMP TABLE touched AS SELECT id FROM temp.incoming");
		job->counts.changed += db_int(job->db, 0, "SELECT count(*) FROM temp.touched", "");
		db_script(job->db, sql_orders_extract_addresses);
		db_script(job->db, sql_orders_extract_lines);
		db_script(job->db, sql_orders_extract_known);
		tell_torn(job);
	}
	job->counts.extracted += count;
	return count;
}

/* Behind which ids those stand whose own cannot be read (gaps.c). */
static void note_gaps(struct job *job, const struct walk *w)
{
	db_run(job->db,
	       "INSERT OR IGNORE INTO order_gap(after_id, run) SELECT coalesce((SELECT max(b.id) FROM"
	       " temp.page b WHERE b.rowid < p.rowid), ?), ? FROM temp.page p WHERE p.id IS NULL",
	       "ii", w->feed.position, job->run);
	db_run(job->db, "DELETE FROM temp.page WHERE id IS NULL", "");
}

static void keep(struct job *job, void *context, const struct bc_read *read)
{
	struct walk *w = context;

	if (w->feed.name)
		feed_answered(job, &w->feed, BIGCOMMERCE);
	if (read->nameless)
		note_gaps(job, w);
	orders_stage(job);
	if (read->last > w->feed.position)
		w->feed.position = read->last;
	if (w->feed.name) {
		feed_see(job, &w->feed, "date_modified");
		feed_page(job, &w->feed, w->feed.position);
	}
	log_progress("orders read", job->counts.extracted, 0);
}

static bool walk(struct job *job, struct walk *w)
{
	struct bc_read read;
	struct bc_list list = orders_list;

	list.limit = PAGE_LIMIT;
	list.by_id = true;
	list.above = w->feed.position;
	list.nameless = "";
	list.max_bytes = PAGE_MOST;
	list.page_bytes = PAGE_BYTES;
	list.keep = keep;
	list.query = dates;
	list.context = w;
	bool fine = bc_list_read(job, &list, NULL, &read);
	log_progress_end();
	return fine;
}

bool orders_read_range(struct job *job, int64_t from, int64_t until)
{
	return walk(job, &(struct walk){.feed = {.from = from, .until = until},
					.from = "min_date_created",
					.until = "max_date_created"});
}

/* One window; *resumed: it was an earlier run's, and the one up to now is still to be read. */
static bool read_window(struct job *job, bool *resumed)
{
	char *start = setting_text(job->db, "orders.start_date");
	int64_t from = strtoll(start, NULL, 10); /* "everything" is 0 */
	struct feed feed = feed_open(job, "bc_orders", from);
	bool first = feed.from == from;
	int64_t start_id = setting_int(job->db, "orders.start_id", 0);

	free(start);
	*resumed = feed.resumed;
	if (start_id < db_int(job->db, 0,
			      "SELECT done_until FROM cursor WHERE feed = 'bc_orders_start_id'",
			      "")) { /* moved back: begin all over */
		feed = (struct feed){.name = "bc_orders", .from = from, .start = from};
		first = true;
	}
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO cursor(feed, done_until) VALUES('bc_orders_start_id', ?)",
	       "i", start_id);
	feed_page(job, &feed, feed.position);
	db_commit(job->db);
	if (feed.position < start_id - 1)
		feed.position = start_id - 1;
	struct walk w = {.feed = feed, .from = first ? "min_date_created" : "min_date_modified"};
	if (!walk(job, &w))
		return false;
	db_begin(job->db);
	feed_close(job, &w.feed);
	db_commit(job->db);
	return true;
}

bool orders_read_newer(struct job *job)
{
	char *start = setting_text(job->db, "orders.start_date");
	struct walk newer = {.feed.position = db_int(job->db,
						     setting_int(job->db, "orders.start_id", 1) - 1,
						     "SELECT max(id) FROM stg_bc_order", ""),
			     .from = "min_date_created"};

	if (newer.feed.position < 1)
		newer.feed.from = strtoll(start, NULL, 10);
	free(start);
	return walk(job, &newer);
}

static bool read_orders(struct job *job)
{
	bool resumed;

	do {
		if (!read_window(job, &resumed))
			return false;
	} while (resumed);
	return true;
}

bool orders_extract(struct job *job)
{
	if (records_all_off(job))
		return true;
	bool named = db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM order_named)", "");
	return (named ? orders_read_named(job) : read_orders(job) && missed_fetch(job)) &&
	       gaps_read(job) && orders_read_lines(job) && orders_read_addresses(job) &&
	       fresh_read_customers(job) && fresh_read_products(job) &&
	       orders_refresh_products(job) && fresh_read_keys(job) && edit_read(job);
}
