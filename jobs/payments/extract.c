/* BigCommerce's transactions and refunds -> stg_bc_transaction, stg_bc_refund; sales orders that
 * others made -> stg_bp_sale.
 *
 * No call lists the transactions of several orders, so one request is spent on an order, and only
 * where its own record does not say that no money can have moved (view order_money): once, again
 * when its status, payment status or total changed, and until the money adds up (view order_adds_up):
 * an answer may come before what it should tell is listed, and nothing says that a change of an
 * authorisation or a pending payment shows in the order's date_modified.
 *
 * 503 says that the payment service is out of order, not the shop: that order waits, the others go
 * on; after three in a row no more are asked for. */
#include "jobs/job.h"
#include "jobs/orders/ahead.h"
#include "jobs/orders/sales.h"
#include "jobs/payments/payments.h"
#include "lib/clock.h"

#include <stdlib.h>

#define FAILURES_IN_A_ROW 3

extern const char sql_payments_extract[], sql_payments_extract_orders[];

static int failures, waiting;
static int64_t last_asked;

void payments_note_moment(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.read_now; CREATE TEMP TABLE read_now(at INTEGER)");
	db_run(job->db, "INSERT INTO temp.read_now VALUES(?)", "i", clock_now() / 1000);
}

static void list_orders(struct job *job)
{
	db_begin(job->db);
	payments_note_moment(job);
	db_script(job->db, sql_payments_extract_orders);
	db_commit(job->db);
}

/* An order that has none is answered by 204, by 404 or by an empty list.  More than 250 cannot be read. */
static const struct bc_list transactions = {
	.what = "transactions",
	.path = "/v3/orders/{}/transactions",
	.may_be_absent = true,
	.uncounted = true,
	.null_is_none = true, /* asked for again until the money adds up */
	.shape = "json_type(value, '$.event') IS NOT NULL",
	.nameless = "payment",
	.job = "payments",
};

struct call *payments_ask(struct job *job, int64_t order)
{
	struct bc_list list = transactions;

	list.order = order;
	return bc_list_ask(job, &list);
}

static void keep(struct job *job, int64_t order, const struct bc_read *read)
{
	int64_t unlisted = read->total > read->count ? read->total - read->count : 0;

	db_begin(job->db);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.reading; CREATE TEMP TABLE reading(order_id INTEGER)");
	db_run(job->db, "INSERT INTO temp.reading VALUES(?)", "i", order);
	db_script(job->db, sql_payments_extract);
	job->counts.extracted += read->count;
	job->counts.changed += db_int(job->db, 0, "SELECT count(*) FROM temp.incoming", "");
	db_run(job->db,
	       "UPDATE stg_bc_order_money SET read_at = ?, asked = asked + (short_since IS NOT NULL),"
	       " read_for = (SELECT digest FROM order_money v WHERE v.id = order_id),"
	       " unlisted = ? WHERE order_id = ?",
	       "iii", clock_now() / 1000, unlisted, order);
	db_commit(job->db);
}

bool payments_take(struct job *job, int64_t order, struct call *call)
{
	struct bc_list list = transactions;
	struct bc_read read;

	list.order = order;
	if (!bc_list_read(job, &list, call, &read))
		return false;
	keep(job, order, &read);
	return true;
}

static struct call *ask(struct job *job, int64_t order)
{
	if (failures >= FAILURES_IN_A_ROW)
		return NULL;
	last_asked = order;
	return payments_ask(job, order);
}

/* An outage of one order's leaves the others; what will never be taken ends the stage. */
static bool read(struct job *job, int64_t order, struct call *call)
{
	if (payments_take(job, order, call)) {
		failures = 0;
		return true;
	}
	log_warn("", "order:%lld: its transactions could not be read", (long long)order);
	failures++;
	waiting++;
	return job->code == EX_TEMPFAIL;
}

static bool read_transactions(struct job *job)
{
	failures = waiting = 0;
	last_asked = 0;
	list_orders(job);
	if (!ahead_read_listed(
		    job,
		    &(struct ahead){.what = "orders' transactions read", .ask = ask, .read = read}))
		return false;
	waiting += (int)db_int(job->db, 0, "SELECT count(*) FROM temp.cut WHERE id > ?", "i",
			       last_asked);
	if (waiting)
		job_later(job,
			  "the transactions of %d orders could not be read: they are asked for "
			  "again by"
			  " the next run",
			  waiting);
	return true;
}

/* What may be paid on a sales order that we did not make is what it comes to: those that are new
 * to us, or about to get a payment, are read afresh. */
static bool read_other_sales(struct job *job)
{
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked;"
		"CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT OR IGNORE INTO temp.asked SELECT k.sales_order_id FROM link_order k"
		" WHERE k.how <> 'created' AND (k.at >= (SELECT started_at FROM run"
		"    WHERE id = (SELECT id FROM current_run))"
		"  OR EXISTS (SELECT 1 FROM out_payment x"
		"    WHERE x.order_id = k.order_id AND x.state = 'pending')"
		"  OR EXISTS (SELECT 1 FROM stg_bc_transaction t WHERE t.order_id = k.order_id"
		"    AND t.changed_run = (SELECT id FROM current_run))"
		"  OR k.order_id IN (SELECT CAST(substr(r.key, 9) AS INTEGER) FROM reject r"
		"    WHERE r.job = 'payments' AND r.reason = 'overpaid' AND r.closed_at IS NULL))");
	return sales_read(job);
}

bool payments_extract(struct job *job)
{
	if (job_is_off(job, "payments"))
		return true;
	return read_transactions(job) && payments_read_refunds(job) && read_other_sales(job);
}
