/* What a person decides about one record: leave it out, take it up again, what became of it. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/commands/verify.h"
#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "jobs/records.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

static int64_t now(void)
{
	return clock_now() / 1000;
}

static void decide(struct db *db, const char *job, const char *record, const char *what,
		   const char *why)
{
	db_run(db, "INSERT OR REPLACE INTO decision(job, key, what, why, at) VALUES(?, ?, ?, ?, ?)",
	       "tttti", job, record, what, why, now());
}

/* The order that was meant by its bare number. */
static void refuse_number(const char *command, const char *record)
{
	if (*record && !record[strspn(record, "0123456789")])
		command_misuse(command, "\"%s\" is no record; did you mean order:%s?", record,
			       record);
}

/* ignore ------------------------------------------------------------------------------------- */

/* What is there already stays there; only its rejects are ignored, below. */
static void ignore_row(struct db *db, const struct record_kind *kind, const char *record,
		       const char *why)
{
	RECORD_ROW row;

	if (!record_find(db, kind, record, &row) || !strcmp(row.state, "done"))
		return;
	if (!strcmp(row.state, "claimed"))
		die(EX_USAGE,
		    "%s is in doubt: say what became of it first, with ./run.sh settle %s", record,
		    record);
	char *sql = xasprintf("UPDATE %s SET state = 'ignored' WHERE key = ?", kind->table);
	db_run(db, sql, "t", row.key);
	free(sql);
	decide(db, kind->job, record, "ignored", why);
}

/* Jobs that rejected it, and an order that no job has made a row of yet. */
static void ignore_rest(struct db *db, const char *record, const char *why)
{
	db_run(db,
	       "INSERT OR REPLACE INTO decision(job, key, what, why, at)"
	       " SELECT job, ?1, 'ignored', ?2, ?3 FROM reject_told WHERE record = ?1"
	       "    AND closed_at IS NULL"
	       " UNION SELECT 'orders', ?1, 'ignored', ?2, ?3 FROM stg_bc_order o"
	       "  WHERE 'order:' || o.id = ?1"
	       "    AND NOT EXISTS (SELECT 1 FROM out_order x WHERE x.order_id = o.id)",
	       "tti", record, why, now());
	/* what others wait for too stays open, under one of them */
	db_run(db, "DELETE FROM reject_record WHERE key = ?", "t", record);
	db_run(db,
	       "UPDATE OR IGNORE reject SET key = (SELECT key FROM reject_record WHERE reject_id = id"
	       "  ORDER BY length(key), key LIMIT 1)"
	       " WHERE key = ? AND closed_at IS NULL"
	       "   AND EXISTS (SELECT 1 FROM reject_record WHERE reject_id = id)",
	       "t", record);
	db_run(db, "UPDATE reject SET closed_at = ?2 WHERE key = ?1 AND closed_at IS NULL", "ti",
	       record, now());
}

/* Of an order that is there already, it is one edit that is left out, not all that may follow. */
static void ignore_edit(struct db *db, const char *record)
{
	db_run(db,
	       "UPDATE decision SET edit_sha256 = (SELECT o.lines_sha256 FROM stg_bc_order o"
	       "  JOIN out_order x ON x.order_id = o.id AND x.remote_id IS NOT NULL"
	       "  JOIN stg_bp_sale s ON s.id = x.remote_id AND NOT s.gone"
	       "  WHERE 'order:' || o.id = ?1)"
	       " WHERE job = 'orders' AND key = ?1 AND what = 'ignored'",
	       "t", record);
}

int command_ignore(const struct options *o)
{
	const char *record = o->count == 1 ? o->arguments[0] : NULL;

	if (!record)
		command_misuse("ignore", "it takes one record");
	refuse_number("ignore", record);
	if (!o->why || !*o->why)
		command_misuse("ignore", "say why: it is shown wherever the record is left out");
	struct session *s = session_open(o, "ignore");
	struct db *db = session_job(s)->db;
	db_begin(db);
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		ignore_row(db, kind, record, o->why);
	ignore_rest(db, record, o->why);
	ignore_edit(db, record);
	if (!db_int(db, 0, "SELECT count(*) FROM decision WHERE key = ? AND what = 'ignored'", "t",
		    record))
		die(EX_USAGE,
		    "nothing waits under the name %s: ./run.sh rejects and ./run.sh status list "
		    "what does",
		    record);
	db_commit(db);
	session_close(s);
	command_say(o, record, "ignored",
		    "%s is ignored from now on: %s. ./run.sh retry %s takes it up again", record,
		    o->why, record);
	return 0;
}

/* retry -------------------------------------------------------------------------------------- */

/* Refused rows go back to pending; with a key, ignored ones too.  What was in doubt when it was given up with
 * its order is in doubt again: it is looked for before it is sent.  Returns how many. */
static int64_t retry_kind(struct db *db, const struct record_kind *kind, const char *key)
{
	char *sql = xasprintf(
		"UPDATE %s SET message = NULL, state = iif(state = 'rejected' AND %s IN"
		" (SELECT r.key FROM reject r WHERE r.reason = 'order_gone' AND r.closed_at IS NULL),"
		" 'claimed', 'pending')"
		" WHERE (state = 'rejected' OR (state = 'ignored' AND ?1 IS NOT NULL))"
		" AND (%s) AND (?1 IS NULL OR %s = ?1)",
		kind->table, kind->record, kind->rows, kind->record);

	db_run(db, sql, "t", key);
	free(sql);
	return db_changes(db);
}

static int64_t take_back(struct db *db, const char *key)
{
	db_run(db, "DELETE FROM decision WHERE key = ? AND what = 'ignored'", "t", key);
	int64_t count = db_changes(db);
	db_run(db, "DELETE FROM adopt_differs WHERE 'order:' || order_id = ?", "t", key);
	return count + db_changes(db);
}

/* Money that BigCommerce tells and does not list is asked for at once: of the order that the key
 * names, or of all. */
static int64_t ask_for_money(struct db *db, const char *key)
{
	static const char *const which[] = {"odd_at = NULL WHERE odd_at IS NOT NULL",
					    "read_at = NULL WHERE short_since IS NOT NULL",
					    "back_at = NULL WHERE back_since IS NOT NULL"};
	int64_t count = 0;

	for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
		char *sql = xasprintf("UPDATE stg_bc_order_money SET %s AND (?1 IS NULL"
				      " OR ?1 GLOB 'payment:' || order_id || ':*'"
				      " OR ?1 = 'order:' || order_id)",
				      which[i]);
		db_run(db, sql, "t", key);
		count += db_changes(db);
		free(sql);
	}
	return count;
}

int command_retry(const struct options *o)
{
	const char *key = o->count ? o->arguments[0] : NULL;
	int64_t count = 0, taken = 0, asked;

	if (key)
		refuse_number("retry", key);
	struct session *s = session_open(o, "retry");
	struct db *db = session_job(s)->db;
	db_begin(db);
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		count += retry_kind(db, kind, key);
	if (key)
		taken = take_back(db, key);
	asked = ask_for_money(db, key);
	db_commit(db);
	session_close(s);
	if (key && !count && !taken && !asked)
		die(EX_USAGE,
		    "%s was neither refused nor ignored; other rejects close by themselves once "
		    "what they name is mended",
		    key);
	if (key)
		command_say(o, key, "retry", "%s is taken up again by the next run", key);
	else
		command_say(o, "", "retry",
			    "%lld refused record%s will be sent again by the next run; other "
			    "rejects close by themselves",
			    (long long)count, count == 1 ? "" : "s");
	return 0;
}

/* settle ------------------------------------------------------------------------------------- */

/* An order whose sales order may be gone from Brightpearl. */
static bool may_be_gone(const struct record_kind *kind, const struct record_row *row)
{
	return !strcmp(kind->table, "out_order") && row->remote_id && strcmp(row->state, "claimed");
}

static void find_settled(struct db *db, const struct options *o, const struct record_kind **kind,
			 struct record_row *row)
{
	const char *record = o->arguments[0];

	for (*kind = record_kinds; (*kind)->job; (*kind)++) {
		if (record_find(db, *kind, record, row) &&
		    (!strcmp(row->state, "claimed") || (o->absent && may_be_gone(*kind, row))))
			return;
		record_free(row);
	}
	die(EX_USAGE,
	    "%s is not in doubt: there is nothing to settle (./run.sh status tells what is)",
	    record);
}

/* It is there under this id, as a person says; orders and contacts are read to see that it is so. */
static void settle_as(struct session *s, const struct options *o, const struct record_kind *kind,
		      const struct record_row *row, int64_t id)
{
	struct job *job = session_job(s);
	bool order = !strcmp(kind->table, "out_order"),
	     customer = !strcmp(kind->table, "out_customer");

	if (order)
		verify_sale(job, o,
			    db_int(job->db, 0, "SELECT order_id FROM out_order WHERE key = ?", "t",
				   row->key),
			    id);
	if (customer)
		verify_contact(job, row->key, id);
	db_begin(job->db);
	if (order)
		orders_link(job, row->key, id, "settled");
	else
		out_done(job, kind->table, row->key, id);
	if (customer)
		db_run(job->db,
		       "INSERT OR REPLACE INTO link_customer(email, contact_id, how, at)"
		       " VALUES(?, ?, 'settled', ?)",
		       "tii", row->key, id, now());
}

/* It was never made, or is there no more: Brightpearl itself is asked about a sales order that was. */
static void settle_absent(struct job *job, const struct options *o, const struct record_kind *kind,
			  const struct record_row *row)
{
	bool gone = may_be_gone(kind, row);

	if (gone)
		verify_gone(job, row->remote_id);
	db_begin(job->db);
	if (gone)
		orders_unlink(job, row->key);
	else
		out_release(job, kind->table, row->key, o->why);
}

int command_settle(const struct options *o)
{
	const char *record = o->count == 1 ? o->arguments[0] : NULL;
	const struct record_kind *kind;
	int64_t id = 0;

	if (!record)
		command_misuse("settle", "it takes one record");
	refuse_number("settle", record);
	if (!o->as == !o->absent)
		command_misuse("settle", "say either --as ID or --absent");
	if (o->absent && (!o->why || !*o->why))
		command_misuse("settle", "say why you know that it is not there");
	if (o->as)
		id = verify_number("settle", o->as);
	struct session *s = session_begin(o, "settle");
	struct job *job = session_job(s);
	RECORD_ROW row = {0};
	find_settled(job->db, o, &kind, &row);
	if (o->as)
		settle_as(s, o, kind, &row, id);
	else
		settle_absent(job, o, kind, &row);
	decide(job->db, kind->job, record, "settled", o->why ? o->why : o->as);
	if (o->as)
		reject_close(job, kind->job, record);
	db_commit(job->db);
	session_close(s);
	if (o->as)
		command_say(o, record, "settled", "%s is in %s as %lld", record,
			    api_title[kind->to], (long long)id);
	else
		command_say(
			o, record, "settled", "%s is not there: the next run sends it%s", record,
			row.remote_id && !strcmp(kind->table, "out_order")
				? " if its status is one to be imported; payments that were made "
				  "on it are not sent again"
				: "");
	return 0;
}
