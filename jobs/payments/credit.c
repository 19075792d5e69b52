/* Sales credits of refunds.  That Brightpearl refuses a second one with the same reference is not
 * documented, so none is sent before Brightpearl's list of orders was read up to now, and one in
 * doubt is looked up by its reference with the patience that out_absent() asks for. */
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/noted.h"
#include "jobs/orders/orders.h"
#include "jobs/orders/sales.h"
#include "jobs/payments/payments.h"
#include "jobs/wave.h"
#include "lib/out.h"
#include "lib/reject.h"
#include "lib/brightpearl/search.h"

#include <stdlib.h>
#include <string.h>

extern const char sql_payments_credit_there[];

#define READY "kind = 'credit' AND state = 'pending' AND waits_for IS NULL"

static void made(struct job *job, const char *key, int64_t id)
{
	payments_done(job, key, id, "created");
}

static void claimed(struct job *job, const char *key)
{
	db_run(job->db, "UPDATE out_payment SET refusal = NULL WHERE key = ?", "t", key);
}

/* It may be there already: it stays claimed until it was looked up. */
static void refused(struct job *job, const char *key, const char *why)
{
	db_run(job->db, "UPDATE out_payment SET refusal = ? WHERE key = ?", "tt", why, key);
}

static const struct wave sending = {
	.api = BRIGHTPEARL,
	.table = "out_payment",
	.ready = READY,
	.select = "SELECT key, iif(:instance > 0, json_set(body, "
		  "'$.installedIntegrationInstanceId', :instance), body)"
		  " FROM out_payment WHERE " READY " AND key > :last ORDER BY key LIMIT 1",
	.uri = "/order-service/sales-credit",
	.what = "sales credits",
	.claims = true,
	.claimed = claimed,
	.made = made,
	.refused = refused,
};

static void reject(struct job *job, const char *key, const char *why)
{
	char *record = db_text(
		job->db,
		"SELECT 'payment:' || order_id || ':' || part FROM out_payment WHERE key = ?", "t",
		key);

	wave_refuse(job, &sending, "payments", key, record, why,
		    "mend what it names in the order, the mappings or Brightpearl, then ./run.sh "
		    "retry");
	free(record);
}

static void stage(struct job *job)
{
	db_script(job->db, "INSERT INTO temp.credit_there SELECT payload ->> '$.externalRef',"
			   " whole(payload -> '$.orderId'), whole(payload -> '$.contactId'),"
			   " nullif(whole(payload -> '$.parentOrderId'), 0) FROM temp.page"
			   " WHERE whole(payload -> '$.orderTypeId') = 3");
}

/* Whose credits these are shows in full for those that name no parent. */
static bool judge(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.asked;"
		  "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		  "INSERT OR IGNORE INTO temp.asked SELECT t.id FROM temp.credit_there t"
		  "  JOIN out_payment x ON x.key = t.ref AND x.state IN ('pending', 'claimed')"
		  " WHERE t.parent_id IS NULL");
	if (db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "") && !sales_read(job))
		return false;
	db_script(job->db, sql_payments_credit_there);
	return true;
}

/* Credits with the reference, by a search of its own. */
static bool look_up(struct job *job, const char *key)
{
	BUF filter = buf_new(256);

	buf_text(&filter, "&orderTypeId=3&externalRef=");
	buf_query(&filter, key);
	struct search search = {
		.path = "/order-service/order-search",
		.columns = "orderId,orderTypeId,contactId,externalRef,parentOrderId",
		.filter = filter.data,
		.what = "sales credits",
		.guards = true,
		.stage = stage};
	db_script(job->db, "DELETE FROM temp.credit_there");
	return search_all(job, &search) && judge(job);
}

static bool settle(struct job *job, const char *key)
{
	int64_t id = db_int(job->db, 0, "SELECT id FROM temp.credit_ours WHERE key = ?", "t", key);

	if (id)
		payments_done(job, key, id, "found");
	return id != 0;
}

/* Neither done nor there.  One that was sent before may have been processed then. */
static void settle_absent(struct job *job, const char *key)
{
	char *why = db_text(job->db, "SELECT refusal FROM out_payment WHERE key = ?", "t", key);
	bool first = db_int(job->db, 0, "SELECT attempts = 1 FROM out_payment WHERE key = ?", "t",
			    key);

	if ((why && first) || (out_absent(job, "out_payment", key, false) && why))
		reject(job, key, why);
	free(why);
}

static char *keys_of(struct job *job, const char *state)
{
	return db_text(job->db,
		       "SELECT group_concat(key, char(10)) FROM out_payment WHERE kind = 'credit'"
		       " AND state = ? AND waits_for IS NULL",
		       "t", state);
}

static bool settle_doubt(struct job *job)
{
	char *keys = keys_of(job, "claimed");
	bool fine = true;

	for (char *rest = keys, *key; fine && rest && (key = strsep(&rest, "\n"));) {
		if (!(fine = look_up(job, key)))
			break;
		db_begin(job->db);
		if (!settle(job, key))
			settle_absent(job, key);
		db_commit(job->db);
	}
	free(keys);
	return fine;
}

/* Refunds that were sent as payments on the order, before payments.refunds was changed and the
 * database lost, need no credit: their payments are found there. */
static bool leave_payments(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.asked;"
		  "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		  "INSERT OR IGNORE INTO temp.asked SELECT body ->> '$.parentId' FROM out_payment"
		  " WHERE " READY " AND attempts = 0");
	if (!payments_read(job))
		return false;
	db_begin(job->db);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.needless; CREATE TEMP TABLE needless AS"
		  " SELECT c.key, c.body ->> '$.parentId' AS sales_order_id FROM out_payment c"
		  "  WHERE " READY " AND attempts = 0 AND EXISTS (SELECT 1 FROM out_payment x"
		  "   JOIN stg_bp_payment p ON p.transaction_ref = x.key"
		  "  WHERE x.after = c.key AND p.sales_order_id = c.body ->> '$.parentId');"
		  "UPDATE out_payment SET after = NULL, body = json_set(body, '$.orderId', "
		  "n.sales_order_id)"
		  "  FROM temp.needless n WHERE out_payment.after = n.key AND state = 'pending';"
		  "DELETE FROM out_payment WHERE key IN (SELECT key FROM temp.needless)");
	job->counts.ignored += db_int(job->db, 0, "SELECT count(*) FROM temp.needless", "");
	db_commit(job->db);
	return true;
}

/* Another one has the reference: a person must look. */
static void refuse_others(struct job *job)
{
	STMT other = db_prepare(job->db, "SELECT key, record, message FROM temp.credit_other");

	while (stmt_row(other)) {
		char *hint = xasprintf("enter the credit of this refund in Brightpearl by hand, "
				       "then ./run.sh ignore %s --why TEXT",
				       col_text(other, 1));
		out_reject(job, "out_payment", col_text(other, 0), col_text(other, 2));
		reject_open(job, "payments", col_text(other, 1), "credit_of_another",
			    col_text(other, 2), hint);
		job->counts.rejected++;
		free(hint);
	}
}

/* A lost database: the credits are there. */
static bool find(struct job *job)
{
	char *keys = keys_of(job, "pending");

	if (!keys)
		return true;
	bool fine = orders_mirror(job) && leave_payments(job);
	db_script(job->db, "DELETE FROM temp.credit_there; INSERT INTO temp.credit_there"
			   " SELECT external_ref, id, contact_id, parent_id FROM stg_bp_order"
			   "  WHERE type_id = 3 AND external_ref IN (SELECT key FROM out_payment"
			   "   WHERE kind = 'credit' AND state = 'pending')");
	fine = fine && judge(job);
	db_begin(job->db);
	for (char *rest = keys, *key; fine && rest && (key = strsep(&rest, "\n"));)
		if (db_int(job->db, 0, "SELECT count(*) FROM out_payment WHERE key = ?", "t", key))
			settle(job, key);
	if (fine)
		refuse_others(job);
	db_commit(job->db);
	free(keys);
	return fine;
}

#define OPEN_READY                                                                                 \
	"EXISTS (SELECT 1 FROM temp.refund_open o WHERE (o.followed OR o.pieces IS NOT NULL)"      \
	" AND out_payment.part = 'credit' || o.refund_id) AND " READY " AND attempts = 0"

/* A credit is only made of what can no longer be shipped: those to come are decided by their sales
 * orders as they are now. */
static bool look_at_goods(struct job *job)
{
	static const char such[] = "k.order_id IN (SELECT order_id FROM out_payment WHERE " READY
				   " AND attempts = 0)";

	if (!out_count(job, "out_payment", READY " AND attempts = 0"))
		return true;
	if (!sales_read_changed_of(job, such) || !noted_read_changed(job, NOTED_REFUNDED))
		return false;
	int64_t before = out_count(job, "out_payment", "kind = 'credit' AND state = 'pending'");
	db_begin(job->db);
	payments_look_at_refunds(job);
	if (out_count(job, "out_payment", OPEN_READY))
		payments_decide_again(job);
	db_commit(job->db);
	job->counts.ignored += before - out_count(job, "out_payment",
						  "kind = 'credit' AND state = 'pending'");
	return true;
}

/* What could still be shipped when it was last looked at. */
static bool look_again(struct job *job)
{
	static const char such[] =
		"k.order_id IN (SELECT CAST(substr(key, 9) AS INTEGER) FROM reject"
		" WHERE job = 'payments' AND reason = 'may_still_ship' AND closed_at IS NULL)";

	if (!db_int(job->db, 0,
		    "SELECT EXISTS (SELECT 1 FROM reject WHERE job = 'payments'"
		    " AND reason = 'may_still_ship' AND closed_at IS NULL)",
		    ""))
		return true;
	if (!sales_read_changed_of(job, such) || !noted_read_changed(job, NOTED_REFUNDED))
		return false;
	db_begin(job->db);
	payments_decide_again(job);
	db_commit(job->db);
	return true;
}

static bool load(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.credit_there;"
		  "CREATE TEMP TABLE credit_there(ref TEXT, id INTEGER, contact_id INTEGER,"
		  " parent_id INTEGER)");
	if (!settle_doubt(job) || !find(job) || !look_at_goods(job) ||
	    (out_count(job, "out_payment", READY) && !wave_send(job, &sending)) ||
	    !settle_doubt(job))
		return false;
	load_remaining(job, "out_payment", "kind = 'credit' AND state = 'claimed'",
		       "sales credits in doubt: they are looked up again by the next run");
	load_remaining(job, "out_payment", READY, "sales credits could not be sent yet");
	return true;
}

bool payments_load_credits(struct job *job)
{
	if (job_is_off(job, "payments"))
		return true;
	if (!look_again(job))
		return false;
	return load_run(job, &(struct load){.job = "payments",
					    .table = "out_payment",
					    .rows = "kind = 'credit'",
					    .ready = READY,
					    .run = load});
}
