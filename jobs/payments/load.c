/* out_payment -> customer payments in Brightpearl, each exactly once, and the sales credits that
 * some of them are paid on.
 *
 * Brightpearl itself refuses a second payment with the same transactionRef and method, so a payment
 * in doubt that is not found may be sent again at once; a refusal counts only after a look-up says
 * that the payment is not there already (the code of that refusal is not documented). */
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/sales.h"
#include "jobs/payments/payments.h"
#include "jobs/wave.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>

#define READY                                                                                      \
	"kind = 'payment' AND state = 'pending' AND waits_for IS NULL AND (after IS NULL OR "      \
	"EXISTS"                                                                                   \
	" (SELECT 1 FROM out_payment a WHERE a.key = out_payment.after AND a.state = 'done'))"

static void claimed(struct job *job, const char *key)
{
	db_run(job->db, "UPDATE out_payment SET refusal = NULL WHERE key = ?", "t", key);
}

static void made(struct job *job, const char *key, int64_t id)
{
	payments_done(job, key, id, "created");
}

/* It stays claimed until it was looked up. */
static void refused(struct job *job, const char *key, const char *why)
{
	db_run(job->db, "UPDATE out_payment SET refusal = ? WHERE key = ?", "tt", why, key);
}

static const struct wave sending = {
	.api = BRIGHTPEARL,
	.table = "out_payment",
	.ready = READY,
	.select = "SELECT key, body FROM out_payment WHERE " READY
		  " AND key > :last ORDER BY key LIMIT 1",
	.uri = "/accounting-service/customer-payment",
	.what = "payments",
	.claims = true,
	.claimed = claimed,
	.made = made,
	.refused = refused,
};

/* The payment of a credit is paid on the credit. */
static void pay_on_credit(struct job *job, const char *key, int64_t id)
{
	if (db_int(job->db, 0, "SELECT kind = 'credit' FROM out_payment WHERE key = ?", "t", key))
		db_run(job->db,
		       "UPDATE out_payment SET body = json_set(body, '$.orderId', ?)"
		       " WHERE after = ? AND state = 'pending'",
		       "it", id, key);
}

void payments_done(struct job *job, const char *key, int64_t id, const char *how)
{
	char *record = db_text(job->db,
			       "SELECT 'payment:' || order_id || ':' || part FROM out_payment"
			       " WHERE key = ?",
			       "t", key);

	out_done(job, "out_payment", key, id);
	db_run(job->db,
	       "UPDATE out_payment SET sent = coalesce(sent, body), refusal = NULL WHERE key = ?",
	       "t", key);
	pay_on_credit(job, key, id);
	reject_close(job, "payments", record);
	log_info(record, "%s as %lld", how, (long long)id);
	out_came(job, "out_payment", key, how);
	free(record);
}

static bool send_ready(struct job *job)
{
	return !out_count(job, "out_payment", READY) ||
	       (payments_find(job) && wave_send(job, &sending) && payments_settle_refused(job));
}

static bool load(struct job *job)
{
	payments_look_again(job);
	if (!payments_settle_doubt(job) || !send_ready(job))
		return false;
	/* Captures follow their authorisation; what is in doubt since just now often shows at once. */
	if (!send_ready(job) ||
	    (out_count(job, "out_payment",
		       "kind = 'payment' AND state = 'claimed' AND looked_up_at IS NULL") &&
	     !payments_settle_doubt(job)) ||
	    !send_ready(job))
		return false;
	load_remaining(job, "out_payment", "kind = 'payment' AND state = 'claimed'",
		       "payments in doubt: they are looked up again by the next run");
	load_remaining(job, "out_payment", READY, "payments could not be sent yet");
	return true;
}

#define OF_OTHERS                                                                                  \
	"k.how <> 'created' AND EXISTS (SELECT 1 FROM out_payment x WHERE x.order_id = "           \
	"k.order_id AND x.kind = 'payment' AND x.state = 'pending' AND x.attempts = 0"             \
	" AND x.body ->> '$.exchangeRate' IS NULL)"

/* A sales order that another hand made has its own currency, rate and total: paid by those.  After the
 * credits, which are decided by what the notes say as well. */
static bool know_sales(struct job *job)
{
	if (job_is_off(job, "payments") ||
	    !db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM link_order k WHERE " OF_OTHERS ")",
		    ""))
		return true;
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.asked;"
		  "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		  "INSERT OR IGNORE INTO temp.asked SELECT k.sales_order_id FROM link_order k"
		  " WHERE " OF_OTHERS " AND k.sales_order_id NOT IN (SELECT id FROM stg_bp_sale)");
	if (db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "") && !sales_read(job))
		return false;
	db_begin(job->db);
	payments_decide_again(job);
	db_commit(job->db);
	return true;
}

bool payments_load(struct job *job)
{
	return payments_load_credits(job) && know_sales(job) &&
	       load_run(job, &(struct load){.job = "payments",
					    .table = "out_payment",
					    .rows = "kind = 'payment'",
					    .ready = READY,
					    .run = load});
}
