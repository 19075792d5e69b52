#include "jobs/commands/verify.h"

#include "jobs/commands/commands.h"
#include "jobs/orders/sales.h"

#include <stdlib.h>

#define A_CENT 50 /* totals nearer than this are the same, in ten-thousandths */

int64_t verify_number(const char *command, const char *text)
{
	char *end;
	long long number = strtoll(text, &end, 10);

	if (*end || end == text || number < 1)
		command_misuse(command, "\"%s\" is no number", text);
	return number;
}

/* Which credentials or service failed, instead of what was asked for. */
static void outage(const struct job *job)
{
	die(job->code ? job->code : EX_TEMPFAIL, "%s", job->message);
}

static void read_sale(struct job *job, int64_t sales_order)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.asked;"
			   "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_run(job->db, "INSERT INTO temp.asked VALUES(?)", "i", sales_order);
	if (!sales_read(job))
		outage(job);
}

static void compare_totals(struct job *job, const struct options *o, int64_t order,
			   int64_t sales_order)
{
	STMT st = db_prepare(
		job->db, "SELECT printf('%.2f', o.total_inc / 1e4), printf('%.2f', s.total / 1e4)"
			 "  FROM stg_bc_order o JOIN stg_bp_sale s ON s.id = :sale"
			 " WHERE o.id = :order AND abs(o.total_inc - s.total) > :cent");

	bind(st, ":order", order);
	bind(st, ":sale", sales_order);
	bind(st, ":cent", A_CENT);
	if (!stmt_row(st))
		return;
	if (!o->force)
		die(EX_USAGE,
		    "order %lld is worth %s, sales order %lld %s: if they belong together all the "
		    "same, say --force",
		    (long long)order, col_text(st, 0), (long long)sales_order, col_text(st, 1));
	log_warn("", "order %lld is worth %s, sales order %lld %s", (long long)order,
		 col_text(st, 0), (long long)sales_order, col_text(st, 1));
}

static void compare_currencies(struct job *job, const struct options *o, int64_t order,
			       int64_t sales_order)
{
	STMT st = db_prepare(job->db, "SELECT o.currency, s.currency FROM stg_bc_order o"
				      "  JOIN stg_bp_sale s ON s.id = :sale WHERE o.id = :order"
				      "   AND upper(o.currency) <> upper(s.currency)");

	bind(st, ":order", order);
	bind(st, ":sale", sales_order);
	if (!stmt_row(st))
		return;
	if (!o->force)
		die(EX_USAGE,
		    "order %lld is in %s, sales order %lld in %s: if they belong together all the "
		    "same, say --force",
		    (long long)order, col_text(st, 0), (long long)sales_order, col_text(st, 1));
	log_warn("", "order %lld is in %s, sales order %lld in %s", (long long)order,
		 col_text(st, 0), (long long)sales_order, col_text(st, 1));
}

void verify_sale(struct job *job, const struct options *o, int64_t order, int64_t sales_order)
{
	int64_t other = db_int(job->db, 0,
			       "SELECT order_id FROM link_order WHERE sales_order_id = ? AND"
			       " order_id <> ?",
			       "ii", sales_order, order);

	if (other)
		die(EX_USAGE, "sales order %lld is linked to order %lld already",
		    (long long)sales_order, (long long)other);
	read_sale(job, sales_order);
	char *type = db_text(job->db,
			     "SELECT iif(gone, 'gone', type) FROM stg_bp_sale WHERE id = ?", "i",
			     sales_order);
	if (!type || *type == 'g')
		die(EX_USAGE, "Brightpearl has no order %lld", (long long)sales_order);
	if (type[0] != 'S' || type[1] != 'O')
		die(EX_USAGE, "%lld is no sales order in Brightpearl (its type is %s)",
		    (long long)sales_order, type);
	free(type);
	compare_currencies(job, o, order, sales_order);
	compare_totals(job, o, order, sales_order);
}

bool verify_stands(struct job *job, int64_t sales_order)
{
	read_sale(job, sales_order);
	return db_int(job->db, 1,
		      "SELECT NOT gone AND status_id IS NOT (SELECT CAST(value AS INTEGER) FROM"
		      " ref_bp_configuration WHERE name = 'cancelledOrderStatusId')"
		      "  FROM stg_bp_sale WHERE id = ?",
		      "i", sales_order);
}

void verify_gone(struct job *job, int64_t sales_order)
{
	read_sale(job, sales_order);
	if (!db_int(job->db, 0, "SELECT gone FROM stg_bp_sale WHERE id = ?", "i", sales_order))
		die(EX_USAGE,
		    "Brightpearl has its sales order %lld: there is nothing to settle (./run.sh "
		    "status tells what is in doubt)",
		    (long long)sales_order);
}

void verify_contact(struct job *job, const char *email, int64_t contact)
{
	char *path = xasprintf("/contact-service/contact/%lld", (long long)contact);
	REPLY r = http_send(job->http, &(struct http_request){.api = BRIGHTPEARL,
							      .method = "GET",
							      .path = path,
							      .may_be_absent = true});

	free(path);
	if (r.status == 404)
		die(EX_USAGE, "Brightpearl has no contact %lld", (long long)contact);
	if (r.outcome != HTTP_OK) {
		job_outage(job, BRIGHTPEARL, "reading a contact", &r);
		outage(job);
	}
	char *known = db_text(job->db,
			      "SELECT fold(value ->> '$.communication.emails.PRI.email')"
			      " FROM json_each(?, '$.response') WHERE value ->> '$.contactId' = ?",
			      "ti", reply_json(&r), contact);
	if (!known || db_int(job->db, 0, "SELECT ? <> fold(?)", "tt", known, email))
		log_warn("", "contact %lld has the e-mail %s, not %s: linked as you say",
			 (long long)contact, known ? known : "of nobody", email);
	free(known);
}
