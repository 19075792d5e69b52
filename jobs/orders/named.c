/* Orders by their numbers (table order_named): read now, whatever the feed has read so far, whose
 * watermark stays where it is. */
#include "jobs/job.h"
#include "jobs/orders/orders.h"

#include <stdlib.h>

#define AHEAD 8 /* requests asked for before they are needed */

static struct call *ask(struct job *job, int64_t order)
{
	char *path = xasprintf("/v2/orders/%lld?include=consignments.line_items,fees"
			       "&consignment_structure=object",
			       (long long)order);
	struct call *call = http_submit(job->http, &(struct http_request){.api = BIGCOMMERCE,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(path);
	return call;
}

static bool keep(struct job *job, int64_t order, const struct reply *r)
{
	char *record = xasprintf("order:%lld", (long long)order);
	bool absent = r->status == 404, fine = r->outcome == HTTP_OK || absent;

	if (absent)
		log_warn(record, "BigCommerce has no order %lld", (long long)order);
	else if (!fine)
		job_outage(job, BIGCOMMERCE, "reading orders", r);
	db_begin(job->db);
	if (fine && !absent)
		orders_stage(job, reply_json(r));
	db_run(job->db, "UPDATE order_named SET absent = ? WHERE id = ?", "ii", (int64_t)absent,
	       order);
	db_commit(job->db);
	free(record);
	return fine;
}

/* The next orders that were asked for, after *last; returns how many. */
static int ask_next(struct job *job, int64_t *last, int64_t *orders, struct call **calls)
{
	int count = 0;
	int64_t order;

	while (count < AHEAD &&
	       (order = db_int(job->db, 0, "SELECT min(id) FROM order_named WHERE id > ?", "i",
			       *last))) {
		calls[count] = ask(job, order);
		orders[count++] = *last = order;
	}
	return count;
}

bool orders_read_named(struct job *job)
{
	int64_t orders[AHEAD], last = 0;
	struct call *calls[AHEAD];
	bool fine = true;

	for (int count; fine && (count = ask_next(job, &last, orders, calls));)
		for (int i = 0; i < count; i++) {
			REPLY r = http_wait(job->http, calls[i]);
			fine = keep(job, orders[i], &r) && fine;
		}
	return fine;
}
