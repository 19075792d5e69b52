/* BigCommerce's list of refunds -> stg_bc_refund, by windows of their date.
 *
 * There is no cursor and no id filter from below, only pages in the order of ids.  Refunds are only
 * ever added, and a closed window keeps later ones out, so pages do not shift.  A provider may decline a refund
 * after it was made, which changes it: each window reaches back a day. */
#include "jobs/job.h"
#include "jobs/payments/payments.h"
#include "lib/bigcommerce/answer.h"
#include "lib/bigcommerce/list.h"
#include "lib/clock.h"
#include "lib/feed.h"

#include <stdlib.h>

#define PAGE_LIMIT 250
#define LOOK_BACK  86400

extern const char sql_payments_extract_refunds[];

static void add_date(struct buf *path, const char *name, int64_t epoch)
{
	char text[CLOCK_TEXT];

	buf_printf(path, "&%s=", name);
	buf_query(path, clock_iso(text, epoch));
}

static char *dates(void *context, const struct bc_read *read)
{
	const struct feed *feed = context;
	BUF query = buf_new(512);

	(void)read;
	if (feed->from)
		add_date(&query, "created:min", feed->from - 1);
	if (feed->until)
		add_date(&query, "created:max", feed->until + 1);
	return buf_take(&query);
}

void payments_stage_refunds(struct job *job)
{
	db_script(job->db, sql_payments_extract_refunds);
	job->counts.extracted += db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");
	job->counts.changed += db_int(job->db, 0, "SELECT count(*) FROM temp.incoming", "");
}

static void keep(struct job *job, void *context, const struct bc_read *read)
{
	struct feed *feed = context;

	(void)read;
	feed_answered(job, feed, BIGCOMMERCE);
	payments_stage_refunds(job);
	feed_see(job, feed, "created");
}

const struct bc_list payments_refunds = {
	.what = "refunds",
	.path = "/v3/orders/payment_actions/refunds",
	.setting = "orders.start_date in settings.csv",
	.limit = PAGE_LIMIT,
	.shape = BC_REFUND_SHAPE,
	.id = BC_REFUND_ID,
	.nameless = "refund",
	.job = "payments",
};

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

/* While a refund cannot be told by its id, the watermark stays: it is read again. */
static bool read_refunds(struct job *job, bool *resumed)
{
	struct feed feed = open_window(job);
	struct bc_list list = payments_refunds;
	struct bc_read read;

	*resumed = feed.resumed;
	list.keep = keep;
	list.query = dates;
	list.context = &feed;
	if (!bc_list_read(job, &list, NULL, &read))
		return false;
	if (read.nameless) {
		*resumed = false;
		return true;
	}
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
