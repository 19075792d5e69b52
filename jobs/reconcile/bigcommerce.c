#include "jobs/inventory/shop.h"
#include "jobs/job.h"
#include "jobs/orders/ahead.h"
#include "jobs/payments/payments.h"
#include "jobs/reconcile/reconcile.h"
#include "lib/clock.h"

#include <stdlib.h>

#define ORDERS_PER_PAGE  250 /* 3-4 KB each without their lines */
#define REFUNDS_PER_PAGE 250

extern const char sql_reconcile_orders[], sql_reconcile_money[];

static bool outage(struct job *job, const char *what, const struct reply *r)
{
	return job_outage(job, BIGCOMMERCE, what, r);
}

/* The list's records into temp.page; returns how many. */
static int64_t split(struct job *job, const char *body, const char *path)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
	db_run(job->db,
	       "INSERT INTO temp.page SELECT value FROM json_each(?, ?) WHERE type = 'object'",
	       "tt", body, path);
	int64_t count = db_changes(job->db);
	job->counts.extracted += count;
	return count;
}

static void add_date(struct buf *path, const char *name, int64_t epoch)
{
	char text[CLOCK_TEXT];

	clock_iso(text, epoch);
	text[19] = 0; /* the documented form has milliseconds and an offset */
	buf_printf(path, "&%s=", name);
	buf_query(path, text);
	buf_text(path, ".000%2B00%3A00");
}

/* A second earlier and later, since whether the bounds are inclusive is not documented. */
static char *orders_path(const struct reconcile_range *range, int64_t last)
{
	BUF path = buf_new(1024);

	buf_printf(&path, "/v2/orders?limit=%d&sort=id%%3Aasc&min_id=%lld", ORDERS_PER_PAGE,
		   (long long)last + 1);
	add_date(&path, "min_date_created", range->from - 1);
	add_date(&path, "max_date_created", range->until + 1);
	return buf_take(&path);
}

bool reconcile_read_orders(struct job *job, const struct reconcile_range *range)
{
	int64_t last = 0, count;

	do {
		char *path = orders_path(range, last);
		REPLY r = http_get(job->http, BIGCOMMERCE, path);
		free(path);
		if (r.outcome != HTTP_OK)
			return outage(job, "reading orders to compare", &r);
		db_begin(job->db);
		count = split(job, r.size ? r.body : "[]", "$");
		last = db_int(job->db, last, "SELECT max(whole(payload -> '$.id')) FROM temp.page",
			      "");
		db_script(job->db, sql_reconcile_orders);
		db_commit(job->db);
		log_progress("orders compared", job->counts.extracted, 0);
	} while (count);
	log_progress_end();
	return true;
}

static char *refunds_path(int64_t from, int page)
{
	char text[CLOCK_TEXT];
	BUF path = buf_new(256);

	buf_printf(&path, "/v3/orders/payment_actions/refunds?limit=%d&page=%d&created:min=",
		   REFUNDS_PER_PAGE, page);
	buf_query(&path, clock_iso(text, from));
	return buf_take(&path);
}

static int64_t keep_refunds(struct job *job, const char *body)
{
	db_begin(job->db);
	int64_t count = split(job, body, "$.data");
	db_script(job->db, "INSERT OR REPLACE INTO reconcile_bc_refund(id, order_id, amount)"
			   " SELECT whole(payload -> '$.id'), whole(payload -> '$.order_id'),"
			   "  (SELECT coalesce(sum(money(p.value -> '$.amount')), 0)"
			   "     FROM json_each(payload, '$.payments') p WHERE p.type = 'object'"
			   "      AND NOT coalesce(p.value ->> '$.is_declined' IN (1, 'true'), 0))"
			   "   FROM temp.page WHERE whole(payload -> '$.id') IS NOT NULL"
			   "    AND whole(payload -> '$.order_id') IS NOT NULL");
	db_commit(job->db);
	return count;
}

bool reconcile_read_refunds(struct job *job, int64_t from)
{
	int64_t count = !job_is_off(job, "payments");

	for (int page = 1; count; page++) {
		char *path = refunds_path(from, page);
		REPLY r = http_get(job->http, BIGCOMMERCE, path);
		free(path);
		if (r.outcome != HTTP_OK)
			return outage(job, "reading refunds to compare", &r);
		count = keep_refunds(job, reply_json(&r));
		if (!db_int(job->db, count == REFUNDS_PER_PAGE,
			    "SELECT whole(? -> '$.meta.pagination.total_pages') > ?", "ti",
			    reply_json(&r), (int64_t)page))
			break;
	}
	return true;
}

/* Orders one by one ---------------------------------------------------------------------------- */

static struct call *ask(struct job *job, const char *pattern, int64_t order)
{
	char *path = xasprintf("/v%s/orders/%lld%s", *pattern ? "3" : "2", (long long)order,
			       pattern);
	struct call *call = http_submit(job->http, &(struct http_request){.api = BIGCOMMERCE,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(path);
	return call;
}

static struct call *ask_money(struct job *job, int64_t order)
{
	return ask(job, "/transactions", order);
}

/* What is read here is not lost on the payments job, which may have read less. */
static bool keep_money(struct job *job, int64_t order, struct call *call)
{
	REPLY r = http_wait(job->http, call);

	if (r.outcome != HTTP_OK && r.status != 404)
		return outage(job, "reading the transactions of an order to compare", &r);
	payments_keep(job, order, &r);
	db_begin(job->db);
	db_script(job->db, sql_reconcile_money);
	db_commit(job->db);
	return true;
}

bool reconcile_read_money(struct job *job)
{
	return ahead_read_listed(job, &(struct ahead){.what = "orders' transactions compared",
						      .ask = ask_money,
						      .read = keep_money});
}

static struct call *ask_order(struct job *job, int64_t order)
{
	return ask(job, "", order);
}

static bool keep_order(struct job *job, int64_t order, struct call *call)
{
	REPLY r = http_wait(job->http, call);

	if (r.outcome != HTTP_OK && r.status != 404)
		return outage(job, "reading an order to compare", &r);
	db_begin(job->db);
	db_run(job->db, "UPDATE reconcile_bp_order SET asked = ? WHERE order_id = ?", "ii",
	       (int64_t)(r.outcome == HTTP_OK && r.size), order);
	db_commit(job->db);
	return true;
}

bool reconcile_read_unknown(struct job *job)
{
	return ahead_read_listed(job, &(struct ahead){.what = "orders that only Brightpearl has",
						      .ask = ask_order,
						      .read = keep_order});
}

/* Stock ---------------------------------------------------------------------------------------- */

bool reconcile_read_shop(struct job *job)
{
	return shop_read(job, "reconcile_bc_stock", "reading stock to compare", NULL);
}
