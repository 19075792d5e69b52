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
#include "jobs/orders/missed.h"
#include "jobs/orders/orders.h"
#include "jobs/records.h"
#include "jobs/torn.h"
#include "lib/clock.h"
#include "lib/feed.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_LIMIT 100       /* orders with their lines are 7-10 KB each */
#define PAGE_BYTES (4 << 20) /* a page past this size halves the limit */
#define PAGE_MOST  (32u << 20)

extern const char sql_orders_extract[], sql_orders_extract_addresses[], sql_orders_extract_lines[],
	sql_orders_extract_known[];

static void add_date(struct buf *path, const char *name, int64_t epoch)
{
	char text[CLOCK_TEXT];

	clock_iso(text, epoch);
	text[19] = 0; /* the documented form has milliseconds and an offset */
	buf_printf(path, "&%s=", name);
	buf_query(path, text);
	buf_text(path, ".000%2B00%3A00");
}

/* Which orders a walk is over, by the dates that bound it (until: NULL = no upper bound); a walk
 * without a feed's name keeps no position.  The first window of a feed goes by creation, as orders.start_date does. */
struct walk {
	struct feed feed;
	const char *from, *until;
};

/* A second earlier and later, since whether the bounds are inclusive is not documented. */
static char *page_path(const struct walk *w, int limit)
{
	BUF path = buf_new(1024);

	buf_printf(&path,
		   "/v2/orders?limit=%d&sort=id%%3Aasc&include=consignments.line_items,fees"
		   "&consignment_structure=object&min_id=%lld",
		   limit, (long long)w->feed.position + 1);
	if (w->feed.from)
		add_date(&path, w->from, w->feed.from - 1);
	if (w->until)
		add_date(&path, w->until, w->feed.until + 1);
	return buf_take(&path);
}

/* The page's records into temp.page; returns how many. */
static int64_t split_page(struct job *job, const char *body)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
	if (!*body)
		return 0;
	db_run(job->db,
	       "INSERT INTO temp.page SELECT value FROM json_each(iif(json_type(?1) = 'object',"
	       " json_array(json(?1)), ?1)) WHERE type = 'object'",
	       "t", body);
	return db_changes(job->db);
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

int64_t orders_stage(struct job *job, const char *body)
{
	int64_t count = split_page(job, body);

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

static void stage_page(struct job *job, struct feed *feed, const char *body, int64_t *count)
{
	db_begin(job->db);
	*count = orders_stage(job, body);
	int64_t last = db_int(job->db, feed->position,
			      "SELECT max(whole(payload -> '$.id')) FROM temp.page", "");
	if (*count && last <= feed->position)
		die(EX_TEMPFAIL, "BigCommerce sent orders below the id asked for (%lld): run again",
		    (long long)feed->position + 1);
	if (feed->name) {
		feed_see(job, feed, "date_modified");
		feed_page(job, feed, last);
	}
	feed->position = last;
	db_commit(job->db);
}

static bool walk(struct job *job, struct walk *w)
{
	int64_t count = 1;
	int limit = PAGE_LIMIT;

	while (count) {
		char *path = page_path(w, limit);
		REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
								      .method = "GET",
								      .path = path,
								      .max_bytes = PAGE_MOST});
		free(path);
		if (r.outcome == HTTP_REFUSED && r.status == 200 && limit > 5) {
			limit /= 2; /* the page passed max_bytes */
			continue;
		}
		if (r.outcome != HTTP_OK)
			return job_outage(job, BIGCOMMERCE, "reading orders", &r);
		if (w->feed.name)
			feed_answered(job, &w->feed, BIGCOMMERCE);
		stage_page(job, &w->feed, r.body, &count);
		if (r.size > PAGE_BYTES && limit > 5)
			limit /= 2;
		log_progress("orders read", job->counts.extracted, 0);
	}
	log_progress_end();
	return true;
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
	       orders_read_lines(job) && orders_read_addresses(job) && fresh_read_customers(job) &&
	       fresh_read_products(job) && orders_refresh_products(job) && fresh_read_keys(job) &&
	       edit_read(job);
}
