/* BigCommerce's shipments of an order, all of them: whether ours is there, and what others shipped.
 *
 * GET /v2/orders/{id}/shipments, 204 when there are none; one request per order and 250 shipments.
 */
#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "lib/clock.h"

#include <stdlib.h>

#define PAGE  250
#define AHEAD 8

extern const char sql_fulfillment_shipments[];

static struct call *ask(struct job *job, int64_t order, int page)
{
	char *path = xasprintf("/v2/orders/%lld/shipments?limit=%d&page=%d", (long long)order, PAGE,
			       page);
	struct call *call = http_submit(job->http, &(struct http_request){.api = BIGCOMMERCE,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(path);
	return call;
}

/* A list of shipments with their items, or 204 without one.  Any other answer tells nothing of what was
 * shipped: least of all that nothing was. */
static bool readable(struct job *job, const struct reply *r)
{
	const char *sql =
		"SELECT json_type(?1) = 'array' AND NOT EXISTS (SELECT 1 FROM json_each(?1)"
		" WHERE iif(type = 'object', whole(value -> '$.id') IS NULL"
		"           OR json_type(value, '$.items') IS NOT 'array', 1))";

	return r->outcome == HTTP_OK && (!*r->body || db_int(job->db, 0, sql, "t", r->body));
}

static bool unreadable(struct job *job, int64_t order, const struct reply *r)
{
	if (r->outcome != HTTP_OK && r->status != 404)
		return job_outage(job, BIGCOMMERCE, "reading shipments", r);
	job_note(job, EX_TEMPFAIL, "BigCommerce: reading the shipments of order %lld: %s%.120s",
		 (long long)order,
		 r->outcome == HTTP_OK ? "the answer is not what was asked for: " : "",
		 r->outcome == HTTP_OK ? r->body : r->message);
	return false;
}

/* Of an order that BigCommerce no longer has, what we know stays, and what is in doubt stays so. */
static bool settle_missing(struct job *job, int64_t order, const struct reply *missing)
{
	char *path = xasprintf("/v2/orders/%lld", (long long)order);
	REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
							      .method = "GET",
							      .path = path,
							      .may_be_absent = true});
	free(path);
	if (r.outcome != HTTP_REFUSED || r.status != 404)
		return unreadable(job, order, missing);
	log_warn("", "order %lld is not in BigCommerce any more: its shipments cannot be read",
		 (long long)order);
	db_run(job->db, "DELETE FROM temp.asked WHERE id = ?", "i", order);
	return true;
}

static void begin_pages(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page;"
			   "CREATE TEMP TABLE page(order_id INTEGER, payload TEXT)");
}

/* Returns how many shipments the page held. */
static int64_t add_page(struct job *job, int64_t order, const struct reply *r)
{
	if (!*r->body)
		return 0;
	db_run(job->db, "INSERT INTO temp.page SELECT ?, value FROM json_each(?)", "it", order,
	       r->body);
	return db_changes(job->db);
}

/* All pages of an order at once: part of its shipments would show the others as deleted. */
static void keep(struct job *job, int64_t order)
{
	db_begin(job->db);
	db_run(job->db, "DELETE FROM stg_bc_shipment WHERE order_id = ?", "i", order);
	db_script(job->db, sql_fulfillment_shipments);
	db_run(job->db,
	       "INSERT OR REPLACE INTO stg_bc_shipment_read(order_id, read_at, order_sha256)"
	       " VALUES(?1, ?2, (SELECT sha256 FROM stg_bc_order WHERE id = ?1))",
	       "ii", order, clock_now() / 1000);
	db_commit(job->db);
}

static bool settle(struct job *job, int64_t order, struct call *call)
{
	begin_pages(job);
	for (int page = 1;; page++) {
		REPLY r = http_wait(job->http, call);
		if (r.outcome == HTTP_REFUSED && r.status == 404)
			return settle_missing(job, order, &r);
		if (!readable(job, &r))
			return unreadable(job, order, &r);
		if (add_page(job, order, &r) < PAGE)
			break;
		call = ask(job, order, page + 1);
	}
	keep(job, order);
	return true;
}

static int64_t next_order(struct job *job, int64_t last)
{
	return db_int(job->db, 0, "SELECT min(id) FROM temp.asked WHERE id > ?", "i", last);
}

bool shipments_read(struct job *job)
{
	int64_t orders[AHEAD], last = 0;
	struct call *calls[AHEAD];
	int first = 0, flying = 0;
	bool fine = true;

	for (;;) {
		for (; fine && flying < AHEAD; flying++) {
			int slot = (first + flying) % AHEAD;
			int64_t order = next_order(job, last);
			if (!order)
				break;
			orders[slot] = last = order;
			calls[slot] = ask(job, order, 1);
		}
		if (!flying)
			return fine;
		if (fine)
			fine = settle(job, orders[first], calls[first]);
		else
			http_discard(job->http, calls[first]);
		first = (first + 1) % AHEAD;
		flying--;
	}
}
