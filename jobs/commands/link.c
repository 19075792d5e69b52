/* link: a person says who is who. */
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

static void refuse_linked(struct job *job, int64_t order, int64_t sales_order)
{
	int64_t known = db_int(
		job->db, 0, "SELECT sales_order_id FROM link_order WHERE order_id = ?", "i", order);

	if (known && known != sales_order)
		die(EX_USAGE, "order %lld is linked to sales order %lld already", (long long)order,
		    (long long)known);
	if (db_int(job->db, 0,
		   "SELECT count(*) FROM out_order WHERE order_id = ? AND state = 'claimed'", "i",
		   order))
		die(EX_USAGE, "order %lld is in doubt: use ./run.sh settle order:%lld --as %lld",
		    (long long)order, (long long)order, (long long)sales_order);
}

static void decided(struct job *job, const char *name, const char *record, int64_t id)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO decision(job, key, what, why, at)"
	       " VALUES(?, ?, 'linked', 'to ' || ?, ?)",
	       "ttii", name, record, id, clock_now() / 1000);
}

static int link_order(struct job *job, const struct options *o)
{
	int64_t order = verify_number("link", o->arguments[1]);
	int64_t sales_order = verify_number("link", o->arguments[2]);

	refuse_linked(job, order, sales_order);
	find_order(job, order);
	verify_sale(job, o, order, sales_order);
	char *record = xasprintf("order:%lld", (long long)order);
	db_begin(job->db);
	orders_link_other(job, order, sales_order, "linked");
	db_run(job->db, "DELETE FROM adopt_differs WHERE order_id = ?", "i", order);
	decided(job, "orders", record, sales_order);
	db_commit(job->db);
	command_say(o, record, "linked", "order %lld is sales order %lld", (long long)order,
		    (long long)sales_order);
	free(record);
	return 0;
}

static int link_customer(struct job *job, const struct options *o)
{
	char *email = db_text(job->db, "SELECT fold(?)", "t", o->arguments[1]);
	int64_t contact = verify_number("link", o->arguments[2]);

	if (!strchr(email, '@'))
		command_misuse("link", "\"%s\" is no e-mail", email);
	if (db_int(job->db, 0,
		   "SELECT count(*) FROM out_customer WHERE key = ? AND state = 'claimed'", "t",
		   email))
		die(EX_USAGE, "customer:%s is in doubt: use ./run.sh settle customer:%s --as %lld",
		    email, email, (long long)contact);
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

int command_link(const struct options *o)
{
	bool order = o->count == 3 && !strcmp(o->arguments[0], "order");
	bool customer = o->count == 3 && !strcmp(o->arguments[0], "customer");

	if (!order && !customer)
		command_misuse("link",
			       "it takes an order and its sales order, or an e-mail and its "
			       "contact");
	struct session *s = session_begin(o, "link");
	int code = order ? link_order(session_job(s), o) : link_customer(session_job(s), o);
	session_close(s);
	return code;
}
