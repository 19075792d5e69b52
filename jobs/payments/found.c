/* What Brightpearl has already: payments in doubt, payments that it refused, and payments that
 * others entered on our orders.  Read in bulk by customer-payment-search, 200 orders to a request.
 */
#include "jobs/job.h"
#include "jobs/payments/payments.h"
#include "jobs/wave.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"
#include "lib/brightpearl/search.h"

#include <stdlib.h>
#include <string.h>

#define ORDERS_PER_SEARCH 200
#define COLUMNS                                                                                    \
	"paymentId,transactionRef,paymentMethodCode,paymentType,orderId,currencyCode,"             \
	"amountAuthorized,amountPaid,paymentDate"

extern const char sql_payments_found[];

static void stage(struct job *job)
{
	db_script(
		job->db,
		"INSERT OR REPLACE INTO stg_bp_payment(id, payload, sha256, changed_run,"
		" sales_order_id, transaction_ref, method, type, currency, authorized, paid, at)"
		" SELECT whole(payload -> '$.paymentId'), payload, sha256(payload),"
		"        (SELECT id FROM current_run), whole(payload -> '$.orderId'),"
		"        payload ->> '$.transactionRef', payload ->> '$.paymentMethodCode',"
		"        payload ->> '$.paymentType', payload ->> '$.currencyCode',"
		"        money(payload -> '$.amountAuthorized'), money(payload -> '$.amountPaid'),"
		"        instant(payload ->> '$.paymentDate')"
		"   FROM temp.page WHERE whole(payload -> '$.orderId') IS NOT NULL");
}

static struct search payments_by(const char *filter)
{
	return (struct search){.path = "/accounting-service/customer-payment-search",
			       .columns = COLUMNS,
			       .filter = filter,
			       .what = "customer payments",
			       .guards = true,
			       .stage = stage};
}

/* All payments of the sales orders in temp.asked, read afresh. */
bool payments_read(struct job *job)
{
	struct search search = payments_by("");

	db_script(job->db,
		  "DELETE FROM stg_bp_payment WHERE sales_order_id IN (SELECT id FROM temp.asked)");
	return search_asked(job, &search, "orderId", ORDERS_PER_SEARCH);
}

/* The sales orders of rows of this condition. */
static bool read_orders_of(struct job *job, const char *where)
{
	char *sql = xasprintf(
		"DROP TABLE IF EXISTS temp.asked;"
		"CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT OR IGNORE INTO temp.asked SELECT body ->> '$.orderId' FROM out_payment"
		" WHERE kind = 'payment' AND body ->> '$.orderId' IS NOT NULL AND (%s)",
		where);

	db_script(job->db, sql);
	free(sql);
	return payments_read(job);
}

/* The payment with the row's transactionRef: its id when it is the same payment, -1 when it is
 * another one, 0 when there is none. */
static int64_t same_payment(struct job *job, const char *key)
{
	return db_int(job->db, 0,
		      "SELECT coalesce(min(iif(p.sales_order_id = x.sent ->> '$.orderId'"
		      "   AND p.class = iif(x.type = 'CAPTURE', 'RECEIPT', x.type)"
		      "   AND p.method = x.sent ->> '$.paymentMethodCode'"
		      "   AND abs(p.amount - x.amount) <= 50, p.id, NULL)), -(count(*) > 0))"
		      "  FROM bp_payment p JOIN out_payment x ON x.key = p.transaction_ref"
		      " WHERE x.key = ?",
		      "t", key);
}

static char *record_of(struct job *job, const char *key)
{
	return db_text(
		job->db,
		"SELECT 'payment:' || order_id || ':' || part FROM out_payment WHERE key = ?", "t",
		key);
}

static void reject(struct job *job, const char *key, const char *reason, const char *message,
		   const char *hint)
{
	char *record = record_of(job, key);

	out_reject(job, "out_payment", key, message);
	reject_open(job, "payments", record, reason, message, hint);
	job->counts.rejected++;
	free(record);
}

/* keys of rows, one a line; NULL: none */
static char *keys_of(struct job *job, const char *where)
{
	char *sql = xasprintf("SELECT group_concat(key, char(10)) FROM out_payment"
			      " WHERE kind = 'payment' AND state = 'claimed' AND (%s)",
			      where);
	char *keys = db_text(job->db, sql, "");

	free(sql);
	return keys;
}

/* It goes again: to the sales order that is the order's now. */
static void send_to_linked(struct job *job, const char *key)
{
	db_run(job->db,
	       "UPDATE out_payment AS x SET body = json_set(x.body, '$.orderId', k.sales_order_id)"
	       "  FROM link_order k WHERE x.key = ? AND x.state = 'pending'"
	       "   AND k.order_id = x.order_id AND x.body ->> '$.orderId' IS NOT k.sales_order_id"
	       "   AND NOT EXISTS (SELECT 1 FROM out_payment c WHERE c.key = x.after"
	       "                      AND c.kind = 'credit')",
	       "t", key);
}

bool payments_settle_doubt(struct job *job)
{
	char *keys = keys_of(job, "refusal IS NULL");

	if (!keys)
		return payments_settle_refused(job);
	if (!read_orders_of(job, "state = 'claimed' AND refusal IS NULL")) {
		free(keys);
		return false;
	}
	db_begin(job->db);
	for (char *rest = keys, *key; rest && (key = strsep(&rest, "\n"));) {
		int64_t id = same_payment(job, key);
		if (id > 0)
			payments_done(job, key, id, "found");
		else if (out_absent(job, "out_payment", key, true))
			/* a repeat would be refused, so it may be sent again */
			send_to_linked(job, key);
	}
	db_commit(job->db);
	free(keys);
	return payments_settle_refused(job);
}

/* Refused may mean that it is there already.  One that was sent before, and does not show although
 * it may have been processed then, is looked up again before it is given up. */
static void settle_refused(struct job *job, const char *key)
{
	int64_t id = same_payment(job, key);
	char *why = db_text(job->db, "SELECT refusal FROM out_payment WHERE key = ?", "t", key);
	bool first = db_int(job->db, 0, "SELECT attempts = 1 FROM out_payment WHERE key = ?", "t",
			    key);

	if (id > 0)
		payments_done(job, key, id, "found");
	else if (id < 0)
		reject(job, key, "already_there",
		       "Brightpearl has another payment with this transaction reference",
		       "compare the two; correct the one in Brightpearl, then ./run.sh retry");
	else if (first || out_absent(job, "out_payment", key, false))
		reject(job, key, "refused", why,
		       "mend what it names in the order, the mappings or Brightpearl, then "
		       "./run.sh retry");
	free(why);
}

bool payments_settle_refused(struct job *job)
{
	char *keys = keys_of(job, "refusal IS NOT NULL");
	bool fine = true;

	if (!keys)
		return true;
	for (char *rest = keys, *key; fine && rest && (key = strsep(&rest, "\n"));) {
		BUF filter = buf_new(256);
		buf_text(&filter, "&transactionRef=");
		buf_query(&filter, key);
		struct search search = payments_by(filter.data);
		fine = search_all(job, &search);
		if (!fine)
			break;
		db_begin(job->db);
		settle_refused(job, key);
		db_commit(job->db);
	}
	free(keys);
	return fine;
}

#define TOLD(what)                                                                                 \
	"printf('" what "', paid / 10000, paid % 10000 / 100, may_be / 10000, may_be % 10000 / 100)"

static void refuse_over(struct job *job)
{
	STMT over = db_prepare(
		job->db,
		"SELECT key, iif(class = 'RECEIPT', 'overpaid', 'paid_back_twice'), iif(class = 'RECEIPT', " TOLD(
			"with it %d.%02d would be paid on the sales order in Brightpearl, of which "
			"BigCommerce tells %d.%02d") ", " TOLD("with it %d.%02d would be paid back on the sales order in "
							       "Brightpearl, but BigCommerce tells only %d.%02d") ") FROM temp.over");

	while (stmt_row(over))
		reject(job, col_text(over, 0), col_text(over, 1), col_text(over, 2),
		       "somebody entered payments there: compare them, then ./run.sh retry");
}

#define UNREAD "a payment in Brightpearl that can be read"

void payments_look_again(struct job *job)
{
	db_begin(job->db);
	db_run(job->db, "UPDATE out_payment SET waits_for = NULL WHERE waits_for = ?", "t", UNREAD);
	db_commit(job->db);
}

/* They wait, and that is told: a later reading may show what the payment is. */
static void hold_unread(struct job *job)
{
	STMT unread = db_prepare(job->db,
				 "SELECT key, payment_id, sales_order_id FROM temp.unread");

	while (stmt_row(unread)) {
		const char *key = col_text(unread, 0);
		char *record = record_of(job, key);
		char *message = xasprintf(
			"payment %lld of sales order %lld in Brightpearl cannot be"
			" read: whether this one is there is not known",
			(long long)col_int(unread, 1), (long long)col_int(unread, 2));
		db_run(job->db, "UPDATE out_payment SET waits_for = ? WHERE key = ?", "tt", UNREAD,
		       key);
		if (!db_int(job->db, 0,
			    "SELECT EXISTS (SELECT 1 FROM reject WHERE job = 'payments' AND key = ?"
			    " AND reason = 'unread_there' AND closed_at IS NULL)",
			    "t", record))
			reject_open(
				job, "payments", record, "unread_there", message,
				"look at that payment in Brightpearl; each run reads it again, and goes on"
				" by itself");
		free(message);
		free(record);
	}
}

static void take_found(struct job *job)
{
	STMT found = db_prepare(job->db, "SELECT key, payment_id FROM temp.there");

	db_script(job->db, "INSERT OR REPLACE INTO payment_part(payment_id, key)"
			   " SELECT payment_id, key FROM temp.part_of");
	while (stmt_row(found))
		payments_done(job, col_text(found, 0), col_int(found, 1), "found");
	hold_unread(job);
	refuse_over(job);
}

/* An order that was made in this run has no payments yet. */
bool payments_find(struct job *job)
{
	if (!read_orders_of(
		    job,
		    "state = 'pending' AND waits_for IS NULL AND EXISTS (SELECT 1 FROM link_order k"
		    " WHERE k.order_id = out_payment.order_id AND (k.how <> 'created' OR k.at <"
		    " (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run))))"))
		return false;
	db_begin(job->db);
	db_script(job->db, sql_payments_found);
	take_found(job);
	db_commit(job->db);
	return true;
}
