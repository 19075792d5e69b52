#include "jobs/inventory/shop.h"
#include "jobs/job.h"
#include "jobs/orders/ahead.h"
#include "jobs/payments/payments.h"
#include "jobs/reconcile/reconcile.h"
#include "lib/bigcommerce/answer.h"
#include "lib/clock.h"

#include <stdlib.h>

#define ORDERS_PER_PAGE   250 /* 3-4 KB each without their lines */
#define REFUNDS_PER_PAGE  250
#define FAILURES_IN_A_ROW 3

extern const char sql_reconcile_orders[], sql_reconcile_money[];

/* With dates a second earlier and later, since whether the bounds are inclusive is not documented. */
static char *order_dates(void *context, const struct bc_read *read)
{
	const struct reconcile_range *range = context;
	BUF query = buf_new(1024);

	(void)read;
	bc_date(&query, "min_date_created", range->from - 1);
	bc_date(&query, "max_date_created", range->until + 1);
	return buf_take(&query);
}

static void keep_orders(struct job *job, void *context, const struct bc_read *read)
{
	(void)context;
	db_script(job->db, sql_reconcile_orders);
	log_progress("orders compared", read->count, 0);
}

bool reconcile_read_orders(struct job *job, const struct reconcile_range *range)
{
	struct reconcile_range dates = *range;
	struct bc_read read;
	struct bc_list list = {.what = "orders to compare",
			       .path = "/v2/orders?sort=id%3Aasc",
			       .limit = ORDERS_PER_PAGE,
			       .by_id = true,
			       .shape = BC_ORDER_SHAPE,
			       .nameless = "order",
			       .job = "reconcile",
			       .keep = keep_orders,
			       .query = order_dates,
			       .context = &dates};
	bool fine = bc_list_read(job, &list, NULL, &read);

	log_progress_end();
	job->counts.extracted += read.count;
	return fine;
}

static char *refund_dates(void *context, const struct bc_read *read)
{
	const int64_t *from = context;
	char text[CLOCK_TEXT];
	BUF query = buf_new(256);

	(void)read;
	buf_text(&query, "&created:min=");
	buf_query(&query, clock_iso(text, *from));
	return buf_take(&query);
}

static void keep_refunds(struct job *job, void *context, const struct bc_read *read)
{
	(void)context;
	(void)read;
	db_script(job->db, "INSERT OR REPLACE INTO reconcile_bc_refund(id, order_id, amount)"
			   " SELECT id, whole(payload -> '$.order_id'),"
			   "  (SELECT coalesce(sum(money(p.value -> '$.amount')), 0)"
			   "     FROM json_each(payload, '$.payments') p WHERE p.type = 'object'"
			   "      AND NOT coalesce(p.value ->> '$.is_declined' IN (1, 'true'), 0))"
			   "   FROM temp.page");
}

bool reconcile_read_refunds(struct job *job, int64_t from)
{
	struct bc_read read = {0};
	struct bc_list list = {.what = "refunds to compare",
			       .path = "/v3/orders/payment_actions/refunds",
			       .limit = REFUNDS_PER_PAGE,
			       .shape = BC_REFUND_SHAPE,
			       .id = BC_REFUND_ID,
			       .nameless = "refund",
			       .job = "reconcile",
			       .keep = keep_refunds,
			       .query = refund_dates,
			       .context = &from};
	bool fine = job_is_off(job, "payments") || bc_list_read(job, &list, NULL, &read);

	job->counts.extracted += read.count;
	return fine;
}

/* Orders one by one ---------------------------------------------------------------------------- */

static int failures; /* in a row */

static struct call *ask_money(struct job *job, int64_t order)
{
	return failures < FAILURES_IN_A_ROW ? payments_ask(job, order) : NULL;
}

/* What is read here is not lost on the payments job, which may have read less.  An order whose transactions
 * cannot be read is told as not compared; the others are. */
static bool keep_money(struct job *job, int64_t order, struct call *call)
{
	enum payments_answer answer = payments_take(job, order, call);

	failures = answer == PAYMENTS_FAILED ? failures + 1 : 0;
	if (answer != PAYMENTS_READ) {
		log_warn("", "order:%lld: its transactions could not be read: not compared",
			 (long long)order);
		return job->code == EX_TEMPFAIL;
	}
	db_begin(job->db);
	db_script(job->db, sql_reconcile_money);
	db_commit(job->db);
	return true;
}

bool reconcile_read_money(struct job *job)
{
	failures = 0;
	if (!ahead_read_listed(job, &(struct ahead){.what = "orders' transactions compared",
						    .ask = ask_money,
						    .read = keep_money}))
		return false;
	db_run(job->db,
	       "UPDATE reconcile_bc_order SET unread = 1 WHERE id IN (SELECT id FROM temp.cut)"
	       " AND id NOT IN (SELECT order_id FROM reconcile_bc_money)",
	       "");
	return true;
}

static struct call *ask_order(struct job *job, int64_t order)
{
	if (failures >= FAILURES_IN_A_ROW)
		return NULL;
	char *path = xasprintf("/v2/orders/%lld", (long long)order);
	struct call *call = http_submit(
		job->http,
		&(struct http_request){.api = BIGCOMMERCE, .method = "GET", .path = path});

	free(path);
	return call;
}

static bool keep_order(struct job *job, int64_t order, struct call *call)
{
	REPLY r = http_wait(job->http, call);
	bool absent = r.outcome == HTTP_REFUSED && r.status == 404;
	bool answered = absent || bc_is_record(job, &r, order, BC_ORDER_BODY);

	failures = r.outcome == HTTP_OK || r.outcome == HTTP_REFUSED ? 0 : failures + 1;
	if (!answered) {
		log_warn("", "order:%lld could not be read: not compared", (long long)order);
		if (r.outcome == HTTP_REFUSED && r.status != 403)
			job_note(job, EX_TEMPFAIL, "BigCommerce: reading order %lld: %s",
				 (long long)order, r.message);
		else
			bc_no_record(job, "an order to compare", &r);
		return job->code == EX_TEMPFAIL;
	}
	db_run(job->db, "UPDATE reconcile_bp_order SET asked = ? WHERE order_id = ?", "ii",
	       (int64_t)!absent, order);
	return true;
}

bool reconcile_read_unknown(struct job *job)
{
	failures = 0;
	if (!ahead_read_listed(job, &(struct ahead){.what = "orders that only Brightpearl has",
						    .ask = ask_order,
						    .read = keep_order}))
		return false;
	db_run(job->db,
	       "UPDATE reconcile_bp_order SET asked = 2 WHERE asked IS NULL"
	       " AND order_id IN (SELECT id FROM temp.cut)",
	       "");
	return true;
}

/* Stock ---------------------------------------------------------------------------------------- */

bool reconcile_read_shop(struct job *job)
{
	return shop_read(job, "reconcile_bc_stock", "stock to compare", NULL);
}
