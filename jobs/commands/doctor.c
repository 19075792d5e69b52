/* doctor: may these credentials read what the jobs read?  One small read for each permission; what
 * may be written cannot be told without writing. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "lib/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
	enum api api;
	const char *what; /* the permission, as the other side's settings call it */
	const char *path; /* NULL: the transactions of some order */
	const char *jobs; /* who needs it */
};

static const struct check checks[] = {
	{BIGCOMMERCE, "Information & settings: read-only", "/v2/time", "reference"},
	{BIGCOMMERCE, "Orders", "/v2/orders?limit=1",
	 "customers orders payments notes fulfillment statuses"},
	{BIGCOMMERCE, "Customers: read-only", "/v3/customers?limit=1", "customers orders"},
	{BIGCOMMERCE, "Products: read-only", "/v3/catalog/products?limit=1", "orders inventory"},
	{BIGCOMMERCE, "Channel listings: read-only", "/v3/channels?limit=1", "orders"},
	{BIGCOMMERCE, "Store locations: read-only", "/v3/inventory/locations?limit=1", "inventory"},
	{BIGCOMMERCE, "Store inventory", "/v3/inventory/items?limit=1", "inventory"},
	{BIGCOMMERCE, "Order transactions: read-only", NULL, "payments"},
	{BRIGHTPEARL, "settings", "/integration-service/account-configuration", "reference"},
	{BRIGHTPEARL, "tax codes", "/accounting-service/tax-code", "reference orders"},
	{BRIGHTPEARL, "products", "/product-service/product-search?pageSize=1&columns=productId",
	 "orders inventory"},
	{BRIGHTPEARL, "contacts", "/contact-service/contact-search?pageSize=1&columns=contactId",
	 "customers orders"},
	{BRIGHTPEARL, "sales orders", "/order-service/order-search?pageSize=1&columns=orderId",
	 "orders payments notes statuses"},
	{BRIGHTPEARL, "warehouses", "/warehouse-service/warehouse", "orders inventory"},
	{BRIGHTPEARL, "goods-out notes",
	 "/warehouse-service/goods-note/goods-out-search?pageSize=1&columns=goodsOutNoteId",
	 "fulfillment"},
	{BRIGHTPEARL, "customer payments",
	 "/accounting-service/customer-payment-search?pageSize=1&columns=paymentId", "payments"},
};

/* Whether a job of the list has a switch that is not on no; reference always runs. */
static bool is_needed(struct db *db, const char *jobs)
{
	return db_int(db, 0,
		      "SELECT ?1 LIKE 'reference%' OR EXISTS (SELECT 1 FROM setting"
		      "  WHERE name LIKE '%.enabled' AND value <> 'no' AND"
		      "        instr(' ' || ?1 || ' ', ' ' || substr(name, 1, instr(name, '.') - "
		      "1) || ' '))",
		      "t", jobs);
}

static struct reply ask(struct job *job, const struct check *c, int64_t order)
{
	char *path = c->path ? xstrdup(c->path)
			     : xasprintf("/v3/orders/%lld/transactions", (long long)order);
	struct reply r = http_send(job->http, &(struct http_request){.api = c->api,
								     .method = "GET",
								     .path = path,
								     .may_be_absent = true});
	free(path);
	return r;
}

static void print(const struct options *o, struct db *db, const struct check *c, const char *found,
		  const char *why)
{
	char *line = db_text(
		db,
		"SELECT json_object('system', ?, 'permission', ?, 'jobs', ?, 'found', ?,"
		" 'message', ?)",
		"ttttt", api_name[c->api], c->what, c->jobs, found, why);
	if (o->json)
		show_json(line);
	else
		show("%-8s %-11s  %s (%s)%s%s\n", found, api_title[c->api], c->what, c->jobs,
		     *why ? ": " : "", why);
	free(line);
}

/* What was found, in counts: the verdict is of all of it. */
struct findings {
	int code, refused, needed, silent, odd,
		unknown; /* refused: what only jobs that are off need */
};

/* An answer that is well-formed and not the list that was asked for proves nothing. */
static bool is_odd(struct db *db, const struct check *c, const struct reply *r)
{
	if (!r->size)
		return c->api == BRIGHTPEARL || !strstr(c->path ? c->path : "", "/v2/orders");
	if (c->api == BRIGHTPEARL)
		return !db_int(
			db, 0,
			"SELECT coalesce(json_type(?1, '$.response') IN ('array', 'object'), 0)",
			"t", r->body);
	if (c->path && strstr(c->path, "/v2/time"))
		return !db_int(db, 0, "SELECT json_type(?, '$.time') IS NOT NULL", "t", r->body);
	if (c->path && strstr(c->path, "/v2/"))
		return !db_int(db, 0, "SELECT json_type(?) = 'array'", "t", r->body);
	return !db_int(db, 0, "SELECT coalesce(json_type(?1, '$.data') = 'array', 0)", "t",
		       r->body);
}

/* The code that a run would end with for want of it. */
static int code_of(const struct reply *r)
{
	return r->outcome != HTTP_REFUSED || r->status < 400 ? EX_TEMPFAIL
	       : r->status == 401 || r->status == 403        ? EX_NOPERM
							     : EX_CONFIG;
}

static int judge_reply(struct job *job, const struct options *o, const struct check *c,
		       const struct reply *r, struct findings *f)
{
	bool needed = is_needed(job->db, c->jobs);

	if (r->outcome == HTTP_OK && is_odd(job->db, c, r)) {
		print(o, job->db, c, "odd", "the answer is not what was asked for");
		f->odd++;
		return EX_TEMPFAIL;
	}
	if (r->outcome == HTTP_OK || (r->status == 404 && !c->path)) {
		print(o, job->db, c, "ok", "");
		return 0;
	}
	if (r->outcome == HTTP_REFUSED) {
		print(o, job->db, c, needed ? "REFUSED" : "refused", r->message);
		*(needed ? &f->needed : &f->refused) += 1;
		return needed ? code_of(r) : 0;
	}
	print(o, job->db, c, "silent", r->message);
	f->silent++;
	return code_of(r);
}

/* A system that did not answer is not asked again: each try may take minutes. */
static int examine(struct job *job, const struct options *o, const struct check *c, int64_t *order,
		   struct findings *f)
{
	static bool silent[2];

	if (silent[c->api]) {
		print(o, job->db, c, "silent", "not asked again");
		f->silent++;
		return EX_TEMPFAIL;
	}
	if (!c->path && !*order) {
		print(o, job->db, c, "unknown", "the store has no order to try it on");
		f->unknown++;
		return 0;
	}
	REPLY r = ask(job, c, *order);
	if (r.outcome == HTTP_OK && c->path && strstr(c->path, "/v2/orders"))
		*order = r.size ? db_int(job->db, 0, "SELECT whole(? -> '$[0].id')", "t", r.body)
				: 0;
	silent[c->api] = r.outcome == HTTP_LATER;
	return judge_reply(job, o, c, &r, f);
}

static void say_verdict(const struct options *o, const struct findings *f)
{
	BUF text = buf_new(1000);

	if (f->needed)
		buf_printf(&text, "%d of them REFUSED: %s", f->needed,
			   f->code == EX_CONFIG
				   ? "check the addresses, store hash and account in .env"
				   : "give the credentials that permission");
	if (f->silent + f->odd)
		buf_printf(&text,
			   "%s%d could not be told, as there was no answer to believe: try"
			   " again later",
			   text.size ? "; " : "", f->silent + f->odd);
	if (!text.size)
		buf_text(&text, "all that the jobs which are on read may be read; what they may"
				" write, the first three orders show");
	if (f->refused)
		buf_printf(&text, "; %d refused would be needed only by jobs that are off",
			   f->refused);
	if (f->unknown)
		buf_printf(&text, "; %d unknown until there is an order", f->unknown);
	command_say(o, "", "doctor", "%s", text.data);
}

int command_doctor(const struct options *o)
{
	int64_t order = 0;
	struct findings f = {0};

	if (o->count)
		command_misuse("doctor", "it takes no argument \"%s\"", o->arguments[0]);
	struct session *s = session_begin(o, "doctor");
	struct job *job = session_job(s);
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		f.code = stage_worse(f.code, examine(job, o, &checks[i], &order, &f));
	session_close(s);
	say_verdict(o, &f);
	return f.code;
}
