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
 * on; after three in a row no more are asked for.  An order whose list is refused, or answered by
 * something else, stops no other: it is asked for again in the next run, and then ever more seldom. */
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
	.may_be_refused = true,
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
	       " unlisted = ?, odd_for = NULL, odd_asked = 0, odd_at = NULL WHERE order_id = ?",
	       "iii", clock_now() / 1000, unlisted, order);
	db_commit(job->db);
}

static void remember_odd(struct job *job, int64_t order)
{
	db_begin(job->db);
	db_run(job->db,
	       "UPDATE stg_bc_order_money AS m SET odd_asked = iif(odd_for IS v.digest, odd_asked, 0) + 1,"
	       " odd_for = v.digest, odd_at = ?"
	       "  FROM order_money v WHERE v.id = m.order_id AND m.order_id = ?",
	       "ii", clock_now() / 1000, order);
	db_commit(job->db);
}

enum payments_answer payments_take(struct job *job, int64_t order, struct call *call)
{
	struct bc_list list = transactions;
	struct bc_read read;

	list.order = order;
	bool is_read = bc_list_read(job, &list, call, &read);
	if (is_read && !read.refused) {
		keep(job, order, &read);
		return PAYMENTS_READ;
	}
	if (!is_read && !read.odd)
		return PAYMENTS_FAILED;
	if (is_read)
		job_note(job, EX_TEMPFAIL,
			 "BigCommerce: reading the transactions of order %lld: %s",
			 (long long)order, read.message);
	remember_odd(job, order);
	return PAYMENTS_ODD;
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
	enum payments_answer answer = payments_take(job, order, call);

	failures = answer == PAYMENTS_FAILED ? failures + 1 : 0;
	if (answer == PAYMENTS_READ)
		return true;
	log_warn("", "order:%lld: its transactions could not be read", (long long)order);
	waiting++;
	return job->code == EX_TEMPFAIL;
}

/* Orders that are not asked for in this run, since they were in vain some times. */
static void tell_resting(struct job *job)
{
	int64_t count = db_int(job->db, 0, "SELECT count(*) FROM temp.resting", "");

	if (count)
		job_later(
			job,
			"the transactions of %lld orders, order:%lld for one, could not be read time and"
			" again: they are asked for an hour later, then after four hours, then once a day;"
			" at once by ./run.sh order %lld",
			(long long)count,
			(long long)db_int(job->db, 0, "SELECT min(id) FROM temp.resting", ""),
			(long long)db_int(job->db, 0, "SELECT min(id) FROM temp.resting", ""));
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
	tell_resting(job);
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
