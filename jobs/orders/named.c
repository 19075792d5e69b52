/* Orders by their numbers (table order_named): read now, whatever the feed has read so far, whose
 * watermark stays where it is. */
#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "lib/bigcommerce/answer.h"
#include "lib/pipeline.h"

#include <stdlib.h>

static struct call *ask(struct job *job, void *context, struct asked *about)
{
	int64_t *last = context;

	about->id = db_int(job->db, 0, "SELECT min(id) FROM order_named WHERE id > ?", "i", *last);
	if (!about->id)
		return NULL;
	*last = about->id;
	char *path = xasprintf("/v2/orders/%lld?include=consignments.line_items,fees"
			       "&consignment_structure=object",
			       (long long)about->id);
	struct call *call = http_submit(
		job->http,
		&(struct http_request){.api = BIGCOMMERCE, .method = "GET", .path = path});
	free(path);
	return call;
}

static bool keep(struct job *job, int64_t order, const struct reply *r)
{
	char *record = xasprintf("order:%lld", (long long)order);
	bool absent = r->outcome == HTTP_REFUSED && r->status == 404;
	bool fine = absent || bc_is_record(job, r, order, BC_ORDER_BODY);

	if (absent)
		log_warn(record, "BigCommerce has no order %lld", (long long)order);
	else if (!fine)
		bc_no_record(job, record, r);
	db_begin(job->db);
	if (fine && !absent) {
		bc_record_split(job, r, order);
		orders_stage(job);
	}
	if (fine)
		db_run(job->db, "UPDATE order_named SET absent = ? WHERE id = ?", "ii",
		       (int64_t)absent, order);
	db_commit(job->db);
	free(record);
	return fine;
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	REPLY r = http_wait(job->http, call);

	(void)context;
	return keep(job, about->id, &r);
}

bool orders_read_named(struct job *job)
{
	int64_t last = 0;

	return pipeline_run(job, &(struct pipeline){.context = &last, .ask = ask, .take = take});
}
