/* Brightpearl's orders by reference -> stg_bp_order, complete from orders.start_date to now, before
 * any order is created: a lost or restored database, or a second connector, then finds its orders
 * instead of repeating them.  A reference cannot be changed later, so createdOn alone tells. */
#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "lib/search.h"

#include <stdlib.h>

static void stage(struct job *job)
{
	db_script(
		job->db,
		"INSERT INTO stg_bp_order(id, payload, sha256, changed_run, type_id, external_ref,"
		"       customer_ref, contact_id, status_id, channel_id, created_on)"
		" SELECT whole(payload -> '$.orderId'), payload, sha256(payload),"
		"        (SELECT id FROM current_run), whole(payload -> '$.orderTypeId'),"
		"        payload ->> '$.externalRef', payload ->> '$.customerRef',"
		"        whole(payload -> '$.contactId'), whole(payload -> '$.orderStatusId'),"
		"        whole(payload -> '$.departmentId'), instant(payload ->> '$.createdOn')"
		"   FROM temp.page WHERE whole(payload -> '$.orderId') IS NOT NULL"
		" ON CONFLICT(id) DO UPDATE SET payload = excluded.payload, sha256 = "
		"excluded.sha256,"
		" changed_run = excluded.changed_run, status_id = excluded.status_id,"
		" contact_id = excluded.contact_id WHERE sha256 <> excluded.sha256");
}

bool orders_mirror(struct job *job)
{
	char *start = setting_text(job->db, "orders.start_date");
	struct search search = {.path = "/order-service/order-search",
				.columns = "orderId,orderTypeId,contactId,orderStatusId,"
					   "customerRef,externalRef,departmentId,"
					   "createdOn",
				.filter = "",
				.date = "createdOn",
				.what = "Brightpearl orders",
				.stage = stage};
	struct feed feed = feed_open(job, "bp_orders_created", strtoll(start, NULL, 10));
	struct reply failed;

	free(start);
	if (search_window(job, &search, &feed, &failed))
		return true;
	job_outage(job, BRIGHTPEARL, "reading orders by reference", &failed);
	reply_free(&failed);
	return false;
}
