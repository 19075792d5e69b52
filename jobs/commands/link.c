/* link: a person says who is who, or takes it back. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/commands/verify.h"
#include "jobs/orders/orders.h"
#include "lib/clock.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

/* An order that was not read yet is read now. */
static void find_order(struct job *job, int64_t order)
{
	if (db_int(job->db, 0, "SELECT count(*) FROM stg_bc_order WHERE id = ?", "i", order))
		return;
	db_begin(job->db);
	db_run(job->db, "DELETE FROM order_named", "");
	db_run(job->db, "INSERT INTO order_named(id) VALUES(?)", "i", order);
	db_commit(job->db);
	if (!orders_read_named(job))
		die(job->code ? job->code : EX_TEMPFAIL, "%s", job->message);
	if (!db_int(job->db, 0, "SELECT count(*) FROM stg_bc_order WHERE id = ?", "i", order))
		die(EX_USAGE, "BigCommerce has no order %lld", (long long)order);
}

static int64_t linked_to(struct job *job, int64_t order)
{
	return db_int(job->db, 0, "SELECT sales_order_id FROM link_order WHERE order_id = ?", "i",
		      order);
}

/* What is on its way is looked up on the sales order that it was sent to. */
static void refuse_on_its_way(struct job *job, int64_t order)
{
	static const struct {
		const char *table, *what, *job;
	} rows[] = {{"out_reservation", "the reservation", "orders"},
		    {"out_payment", "a payment", "payments"},
		    {"out_order_note", "an order note", "orders"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *sql = xasprintf(
			"SELECT count(*) FROM %s WHERE order_id = ? AND state = 'claimed'",
			rows[i].table);
		bool doubt = db_int(job->db, 0, sql, "i", order);
		free(sql);
		if (doubt)
			die(EX_TEMPFAIL, "%s of order %lld is in doubt: run ./run.sh %s first",
			    rows[i].what, (long long)order, rows[i].job);
	}
}

static void refuse_doubt(struct job *job, int64_t order, int64_t sales_order)
{
	if (db_int(job->db, 0,
		   "SELECT count(*) FROM out_order WHERE order_id = ? AND state = 'claimed'", "i",
		   order))
		die(EX_USAGE, "order %lld is in doubt: use ./run.sh settle order:%lld --as %lld",
		    (long long)order, (long long)order, (long long)sales_order);
	refuse_on_its_way(job, order);
}

/* One that still stands is replaced only by --force. */
static void refuse_linked(struct job *job, const struct options *o, int64_t order,
			  int64_t sales_order)
{
	int64_t known = linked_to(job, order);

	refuse_doubt(job, order, sales_order);
	if (known && known != sales_order && !o->force && verify_stands(job, known))
		die(EX_USAGE,
		    "order %lld is linked to sales order %lld already: if that is wrong, say --force",
		    (long long)order, (long long)known);
}

static void decided(struct job *job, const char *name, const char *record, int64_t id)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO decision(job, key, what, why, at)"
	       " VALUES(?, ?, 'linked', 'to ' || ?, ?)",
	       "ttii", name, record, id, clock_now() / 1000);
}

/* What was sent for the order stays sent: on a sales order that is replaced it stands unseen. */
static void say_replaced(struct job *job, const struct options *o, const char *record,
			 int64_t order, int64_t known)
{
	char *sent = orders_sent_words(job, order);

	if (known)
		command_say(o, record, "replaced",
			    "sales order %lld is no longer that of order %lld%s%s",
			    (long long)known, (long long)order,
			    sent ? "; what was sent there is not sent again: " : "",
			    sent ? sent : "");
	free(sent);
}

static int link_order(struct job *job, const struct options *o, const char *number, const char *id)
{
	int64_t order = verify_number("link", number), sales_order = verify_number("link", id);
	int64_t known = linked_to(job, order);

	refuse_linked(job, o, order, sales_order);
	find_order(job, order);
	verify_sale(job, o, order, sales_order);
	char *record = xasprintf("order:%lld", (long long)order);
	db_begin(job->db);
	if (known == sales_order)
		known = 0;
	if (known)
		orders_forget_link(job, order);
	orders_link_other(job, order, sales_order, "linked");
	db_run(job->db, "DELETE FROM adopt_differs WHERE order_id = ?", "i", order);
	decided(job, "orders", record, sales_order);
	db_commit(job->db);
	command_say(o, record, "linked", "order %lld is sales order %lld", (long long)order,
		    (long long)sales_order);
	say_replaced(job, o, record, order, known);
	free(record);
	return 0;
}

static char *email_of(struct job *job, const char *typed)
{
	char *email = db_text(job->db, "SELECT fold(?)", "t", typed);

	if (!strchr(email, '@'))
		command_misuse("link", "\"%s\" is no e-mail", email);
	if (db_int(job->db, 0,
		   "SELECT count(*) FROM out_customer WHERE key = ? AND state = 'claimed'", "t",
		   email))
		die(EX_USAGE, "customer:%s is in doubt: use ./run.sh settle customer:%s --as ID",
		    email, email);
	return email;
}

static int link_customer(struct job *job, const struct options *o, const char *typed,
			 const char *id)
{
	int64_t contact = verify_number("link", id);
	char *email = email_of(job, typed);

	verify_contact(job, email, contact);
	char *record = xasprintf("customer:%s", email);
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO link_customer(email, contact_id, how, at)"
	       " VALUES(?, ?, 'linked', ?)",
	       "tii", email, contact, clock_now() / 1000);
	/* What was never sent is not wanted any more; what was, is now another contact. */
	db_run(job->db,
	       "DELETE FROM out_customer WHERE key = ? AND state IN ('pending', 'rejected', "
	       "'ignored')"
	       " AND remote_id IS NULL",
	       "t", email);
	db_run(job->db, "UPDATE out_customer SET remote_id = ? WHERE key = ?", "it", contact,
	       email);
	reject_close(job, "customers", record);
	decided(job, "customers", record, contact);
	db_commit(job->db);
	command_say(o, record, "linked", "the customer %s is contact %lld", email,
		    (long long)contact);
	free(record);
	free(email);
	return 0;
}

/* none ---------------------------------------------------------------------------------------- */

static void taken_back(struct job *job, const char *name, const char *record, const char *why)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO decision(job, key, what, why, at)"
	       " VALUES(?, ?, 'linked', 'to none: ' || ?, ?)",
	       "ttti", name, record, why, clock_now() / 1000);
}

static int unlink_order(struct job *job, const struct options *o, const char *number)
{
	int64_t order = verify_number("link", number), known = linked_to(job, order);

	if (!known)
		die(EX_USAGE, "order %lld is not linked to any sales order", (long long)order);
	refuse_doubt(job, order, known);
	char *record = xasprintf("order:%lld", (long long)order);
	char *sent = orders_sent_words(job, order);
	char *key = db_text(job->db, "SELECT key FROM out_order WHERE order_id = ?", "i", order);
	db_begin(job->db);
	orders_unlink(job, key);
	reject_close(job, "orders", record);
	taken_back(job, "orders", record, o->why);
	db_commit(job->db);
	command_say(
		o, record, "unlinked",
		"order %lld is no longer sales order %lld: the next run looks for one by its reference, and"
		" sends the order if there is none%s%s",
		(long long)order, (long long)known, sent ? "; not sent again: " : "",
		sent ? sent : "");
	free(sent);
	free(key);
	free(record);
	return 0;
}

static int unlink_customer(struct job *job, const struct options *o, const char *typed)
{
	char *email = email_of(job, typed);
	int64_t known = db_int(job->db, 0, "SELECT contact_id FROM link_customer WHERE email = ?",
			       "t", email);

	if (!known)
		die(EX_USAGE, "the customer %s is not linked to any contact", email);
	char *record = xasprintf("customer:%s", email);
	db_begin(job->db);
	db_run(job->db, "DELETE FROM link_customer WHERE email = ?", "t", email);
	db_run(job->db, "DELETE FROM out_customer WHERE key = ?", "t", email);
	reject_close(job, "customers", record);
	taken_back(job, "customers", record, o->why);
	db_commit(job->db);
	command_say(
		o, record, "unlinked",
		"the customer %s is no longer contact %lld: the next run looks for one by the e-mail",
		email, (long long)known);
	free(record);
	free(email);
	return 0;
}

/* Who "order 1042 ID" or "order:1042 ID" is about; NULL = not of this kind. */
static const char *named(const struct options *o, const char *kind, const char **last)
{
	size_t length = strlen(kind);
	const char *first = o->count ? o->arguments[0] : "";
	bool one = !strncmp(first, kind, length) && first[length] == ':' && o->count == 2;

	if (!one && (strcmp(first, kind) != 0 || o->count != 3))
		return NULL;
	*last = o->arguments[o->count - 1];
	return one ? first + length + 1 : o->arguments[1];
}

int command_link(const struct options *o)
{
	const char *last = NULL, *order = named(o, "order", &last),
		   *customer = order ? NULL : named(o, "customer", &last);
	int code;

	if (!order && !customer)
		command_misuse("link",
			       "it takes an order and its sales order, or an e-mail and its "
			       "contact");
	bool none = !strcmp(last, "none");
	if (none && (!o->why || !*o->why))
		command_misuse("link", "say why it is taken back: --why TEXT");
	struct session *s = session_begin(o, "link");
	struct job *job = session_job(s);
	if (none)
		code = order ? unlink_order(job, o, order) : unlink_customer(job, o, customer);
	else
		code = order ? link_order(job, o, order, last)
			     : link_customer(job, o, customer, last);
	session_close(s);
	return code;
}
