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

/* One page; returns how many shipments it held. */
static int64_t keep(struct job *job, int64_t order, int page, const struct reply *r)
{
	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.page;"
			   "CREATE TEMP TABLE page(order_id INTEGER, payload TEXT)");
	if (r->outcome == HTTP_OK && *r->body)
		db_run(job->db,
		       "INSERT INTO temp.page SELECT ?, value FROM json_each(?)"
		       " WHERE type = 'object'",
		       "it", order, r->body);
	int64_t count = db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");
	if (page == 1)
		db_run(job->db, "DELETE FROM stg_bc_shipment WHERE order_id = ?", "i", order);
	db_script(job->db, sql_fulfillment_shipments);
	db_run(job->db,
	       "INSERT OR REPLACE INTO stg_bc_shipment_read(order_id, read_at, order_sha256)"
	       " VALUES(?1, ?2, (SELECT sha256 FROM stg_bc_order WHERE id = ?1))",
	       "ii", order, clock_now() / 1000);
	db_commit(job->db);
	return count;
}

/* Ends with the last page; an order that is not there has no shipments. */
static bool settle(struct job *job, int64_t order, struct call *call)
{
	for (int page = 1;; page++) {
		REPLY r = http_wait(job->http, call);
		if (r.outcome != HTTP_OK && (r.outcome != HTTP_REFUSED || r.status != 404))
			return job_outage(job, BIGCOMMERCE, "reading shipments", &r);
		if (keep(job, order, page, &r) < PAGE)
			return true;
		call = ask(job, order, page + 1);
	}
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
