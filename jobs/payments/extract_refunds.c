/* BigCommerce's list of refunds -> stg_bc_refund, by windows of their date.
 *
 * There is no cursor and no id filter from below, only pages in the order of ids.  Refunds are only
 * ever added, and a closed window keeps later ones out, so pages do not shift; should the total
 * change all the same while it is read, the window is read again.  A provider may decline a refund
 * after it was made, which changes it: each window reaches back a day. */
#include "jobs/job.h"
#include "jobs/payments/payments.h"
#include "lib/clock.h"
#include "lib/feed.h"

#include <stdlib.h>

#define PAGE_LIMIT 250
#define LOOK_BACK  86400
#define READ_AGAIN 5 /* times a window is begun anew before we give up for now */

extern const char sql_payments_extract_refunds[];

static void add_date(struct buf *path, const char *name, int64_t epoch)
{
	char text[CLOCK_TEXT];

	buf_printf(path, "&%s=", name);
	buf_query(path, clock_iso(text, epoch));
}

static char *page_path(const struct feed *feed, int64_t page)
{
	BUF path = buf_new(512);

	buf_printf(&path, "/v3/orders/payment_actions/refunds?limit=%d&page=%lld", PAGE_LIMIT,
		   (long long)page);
	if (feed->from)
		add_date(&path, "created:min", feed->from - 1);
	if (feed->until)
		add_date(&path, "created:max", feed->until + 1);
	return buf_take(&path);
}

int64_t payments_stage_refunds(struct job *job, const char *body)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
	db_run(job->db,
	       "INSERT INTO temp.page SELECT value FROM json_each(?, '$.data') WHERE type = "
	       "'object'",
	       "t", body);
	int64_t count = db_changes(job->db);
	db_script(job->db, sql_payments_extract_refunds);
	job->counts.extracted += count;
	job->counts.changed += db_int(job->db, 0, "SELECT count(*) FROM temp.incoming", "");
	return count;
}

static int64_t keep(struct job *job, struct feed *feed, int64_t page, const char *body)
{
	db_begin(job->db);
	int64_t count = payments_stage_refunds(job, body);
	feed_see(job, feed, "created");
	feed_page(job, feed, page);
	db_commit(job->db);
	return count;
}

enum window_end { WINDOW_READ, WINDOW_SHIFTED, WINDOW_FAILED };

static enum window_end read_window(struct job *job, struct feed *feed)
{
	int64_t total = -1, count;
	bool more;

	do {
		char *path = page_path(feed, feed->position + 1);
		REPLY r = http_get(job->http, BIGCOMMERCE, path);
		free(path);
		if (r.outcome != HTTP_OK) {
			job_outage(job, BIGCOMMERCE, "reading refunds", &r);
			return WINDOW_FAILED;
		}
		int64_t told = db_int(job->db, -1, "SELECT whole(? -> '$.meta.pagination.total')",
				      "t", reply_json(&r));
		if (total >= 0 && told != total)
			return WINDOW_SHIFTED;
		total = told;
		feed_answered(job, feed, BIGCOMMERCE);
		count = keep(job, feed, feed->position + 1, reply_json(&r));
		more = count && db_int(job->db, count == PAGE_LIMIT,
				       "SELECT whole(? -> '$.meta.pagination.total_pages') > ?",
				       "ti", reply_json(&r), feed->position);
	} while (more);
	return WINDOW_READ;
}

/* The first window begins with the first order that is ours. */
static struct feed open_window(struct job *job)
{
	char *start = setting_text(job->db, "orders.start_date");
	struct feed feed = feed_open(job, "bc_refunds", strtoll(start, NULL, 10));

	free(start);
	if (!feed.resumed && feed.from > feed.start)
		feed.from -= LOOK_BACK;
	return feed;
}

static bool read_refunds(struct job *job, bool *resumed)
{
	struct feed feed = open_window(job);
	enum window_end end = WINDOW_SHIFTED;

	*resumed = feed.resumed;
	for (int again = 0; end == WINDOW_SHIFTED && again < READ_AGAIN; again++) {
		end = read_window(job, &feed);
		if (end == WINDOW_SHIFTED)
			feed.position = 0;
	}
	if (end == WINDOW_SHIFTED)
		job_note(job, EX_TEMPFAIL, "BigCommerce: refunds kept changing while being read");
	if (end != WINDOW_READ)
		return false;
	db_begin(job->db);
	feed_close(job, &feed);
	db_commit(job->db);
	return true;
}

bool payments_read_refunds(struct job *job)
{
	bool resumed;

	if (setting_is(job->db, "payments.refunds", "off"))
		return true;
	do {
		if (!read_refunds(job, &resumed))
			return false;
	} while (resumed);
	return payments_ask_refunds(job);
}
