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

/* The code that a run would end with for want of it.  A system that did not answer is not asked
 * again: each try may take minutes. */
static int examine(struct job *job, const struct options *o, const struct check *c, int64_t *order)
{
	static bool silent[2];

	if (silent[c->api]) {
		print(o, job->db, c, "silent", "not asked again");
		return EX_TEMPFAIL;
	}
	if (!c->path && !*order) {
		print(o, job->db, c, "unknown", "the store has no order to try it on");
		return 0;
	}
	REPLY r = ask(job, c, *order);
	bool needed = is_needed(job->db, c->jobs), absent = r.status == 404;

	if (r.outcome == HTTP_OK && c->path && strstr(c->path, "/v2/orders"))
		*order = r.size ? db_int(job->db, 0, "SELECT whole(? -> '$[0].id')", "t", r.body)
				: 0;
	if (r.outcome == HTTP_OK || (absent && !c->path))
		print(o, job->db, c, "ok", "");
	else if ((silent[c->api] = r.outcome == HTTP_LATER))
		print(o, job->db, c, "silent", r.message);
	else
		print(o, job->db, c, needed ? "REFUSED" : "refused", r.message);
	if (r.outcome == HTTP_OK || (absent && !c->path) || !needed)
		return 0;
	return r.outcome == HTTP_LATER ? EX_TEMPFAIL : EX_NOPERM;
}

int command_doctor(const struct options *o)
{
	int64_t order = 0;
	int code = 0;

	if (o->count)
		command_misuse("doctor", "it takes no argument \"%s\"", o->arguments[0]);
	struct session *s = session_begin(o, "doctor");
	struct job *job = session_job(s);
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		code = stage_worse(code, examine(job, o, &checks[i], &order));
	session_close(s);
	command_say(o, "", "doctor", "%s",
		    code == EX_NOPERM ? "give the credentials what is REFUSED; what is refused "
					"only jobs that are off would need"
		    : code == EX_TEMPFAIL
			    ? "not everything answered: try again later"
			    : "all that the jobs read may be read; what they may write, "
			      "the first three orders show");
	return code;
}
