/* BigCommerce's shipments of an order, all of them: whether ours is there, and what others shipped.
 *
 * GET /v2/orders/{id}/shipments, 204 when there are none; one request per order and 250 shipments.
 */
#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "lib/bigcommerce/answer.h"
#include "lib/bigcommerce/list.h"
#include "lib/clock.h"
#include "lib/pipeline.h"

#include <stdlib.h>

extern const char sql_fulfillment_shipments[];

/* With their items: any other answer tells nothing of what was shipped, least of all that nothing was. */
static const struct bc_list shipments = {
	.what = "shipments",
	.path = "/v2/orders/{}/shipments",
	.limit = 250,
	.may_be_absent = true,
	.shape = "json_type(value, '$.items') = 'array'",
	.each = true, /* part of its shipments would show the others as deleted */
};

static struct bc_list shipments_of(int64_t order)
{
	struct bc_list list = shipments;

	list.order = order;
	return list;
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

/* A 404, where 204 is documented for "none": what the order itself says decides.  When BigCommerce no longer has
 * it, what we know stays, and what is in doubt stays so. */
static bool settle_missing(struct job *job, int64_t order, const char *missing)
{
	char *path = xasprintf("/v2/orders/%lld", (long long)order);
	REPLY r = http_get(job->http, BIGCOMMERCE, path);

	free(path);
	if (bc_is_record(job, &r, order, "whole(?1 -> '$.items_shipped') = 0")) {
		keep(job, order);
		return true;
	}
	if (r.outcome != HTTP_REFUSED || r.status != 404) {
		job_note(job, EX_TEMPFAIL,
			 "BigCommerce: reading the shipments of order %lld, which is there: %s",
			 (long long)order, missing);
		return false;
	}
	log_warn("", "order %lld is not in BigCommerce any more: its shipments cannot be read",
		 (long long)order);
	db_run(job->db, "DELETE FROM temp.asked WHERE id = ?", "i", order);
	return true;
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	struct bc_list list = shipments_of(about->id);
	struct bc_read read;

	(void)context;
	if (!bc_list_read(job, &list, call, &read))
		return false;
	if (read.absent)
		return settle_missing(job, about->id, read.message);
	keep(job, about->id);
	return true;
}

static struct call *ask(struct job *job, void *context, struct asked *about)
{
	int64_t *last = context;

	about->id = db_int(job->db, 0, "SELECT min(id) FROM temp.asked WHERE id > ?", "i", *last);
	if (!about->id)
		return NULL;
	*last = about->id;
	struct bc_list list = shipments_of(about->id);
	return bc_list_ask(job, &list);
}

bool shipments_read(struct job *job)
{
	int64_t last = 0;

	return pipeline_run(job, &(struct pipeline){.context = &last, .ask = ask, .take = take});
}
