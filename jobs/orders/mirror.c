/* Brightpearl's orders as order-search lists them -> stg_bp_order.
 *
 * By createdOn it is the mirror of references, complete from orders.start_date to now before any
 * order is created: a lost or restored database, or a second connector, then finds its orders
 * instead of repeating them.  A reference cannot be changed later, so createdOn alone tells.
 * By updatedOn it tells which orders changed; that one is null until an order's first update. */
#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "lib/brightpearl/search.h"
#include "lib/server_clock.h"

#include <stdlib.h>

#define COLUMNS                                                                                    \
	"orderId,orderTypeId,contactId,orderStatusId,customerRef,externalRef,departmentId,"        \
	"parentOrderId,createdOn,updatedOn"

static void stage(struct job *job)
{
	db_script(
		job->db,
		"INSERT INTO stg_bp_order(id, payload, sha256, changed_run, type_id, external_ref,"
		"       customer_ref, contact_id, status_id, channel_id, parent_id, created_on,"
		"       updated_on)"
		" SELECT whole(payload -> '$.orderId'), payload, sha256(payload),"
		"        (SELECT id FROM current_run), whole(payload -> '$.orderTypeId'),"
		"        payload ->> '$.externalRef', payload ->> '$.customerRef',"
		"        whole(payload -> '$.contactId'), whole(payload -> '$.orderStatusId'),"
		"        whole(payload -> '$.departmentId'),"
		"        nullif(whole(payload -> '$.parentOrderId'), 0),"
		"        instant(payload ->> '$.createdOn'), instant(payload ->> '$.updatedOn')"
		"   FROM temp.page WHERE true"
		" ON CONFLICT(id) DO UPDATE SET payload = excluded.payload,"
		" sha256 = excluded.sha256, changed_run = excluded.changed_run,"
		" customer_ref = excluded.customer_ref, status_id = excluded.status_id,"
		" contact_id = excluded.contact_id,"
		" parent_id = excluded.parent_id, updated_on = excluded.updated_on"
		" WHERE sha256 <> excluded.sha256");
}

static bool read_orders(struct job *job, const char *feed_name, const char *date, int64_t start)
{
	struct search search = {.path = "/order-service/order-search",
				.columns = COLUMNS,
				.filter = "",
				.date = date,
				.what = "Brightpearl orders",
				.guards = true,
				.stage = stage};
	struct feed feed = feed_open(job, feed_name, start);

	return search_window(job, &search, &feed);
}

bool orders_mirror_from(struct job *job, int64_t from)
{
	return read_orders(job, "bp_orders_created", "createdOn", from);
}

bool orders_mirror(struct job *job)
{
	char *start = setting_text(job->db, "orders.start_date");
	int64_t from = strtoll(start, NULL, 10);

	free(start);
	/* a range below it that was asked for needs its references, too */
	from = db_int(job->db, from, "SELECT min(?, coalesce(min(from_at), ?)) FROM backfill", "ii",
		      from, from);
	return orders_mirror_from(job, from);
}

/* The first window begins now, or when the first order was read in full: those that were not, are read so
 * anyway. */
bool orders_read_updated(struct job *job)
{
	int64_t now = server_now(job, BRIGHTPEARL);
	int64_t first = db_int(
		job->db, now,
		"SELECT coalesce((SELECT begun_from FROM cursor"
		"                  WHERE feed = 'bp_orders_updated'),"
		"                min(?1, coalesce((SELECT min(read_at) FROM stg_bp_sale),"
		"                                 ?1)) - 600)",
		"i", now);

	return read_orders(job, "bp_orders_updated", "updatedOn", first);
}

bool orders_read_listed(struct job *job)
{
	return search_asked(job,
			    &(struct search){.path = "/order-service/order-search",
					     .columns = COLUMNS,
					     .filter = "",
					     .what = "Brightpearl orders by their ids",
					     .stage = stage},
			    "orderId", 100);
}
