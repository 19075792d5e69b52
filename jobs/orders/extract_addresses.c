/* Delivery addresses of orders whose consignments came as a link only.
 *
 * /shipping_addresses lists the deliveries.  Pick-ups are not in it: an order with goods that go to
 * no address is asked for in /consignments too, which is always one object.  So the lines, which
 * name the address, are read before. */
#include "jobs/job.h"
#include "jobs/orders/ahead.h"
#include "jobs/orders/orders.h"

#include <stdlib.h>

#define ADDRESSES_PAGE 250

extern const char sql_orders_extract_addresses[], sql_orders_extract_known[];

static struct call *ask_page(struct job *job, int64_t order, int64_t page)
{
	char *path = xasprintf("/v2/orders/%lld/shipping_addresses?limit=%d&page=%lld",
			       (long long)order, ADDRESSES_PAGE, (long long)page);
	struct call *call = http_submit(job->http, &(struct http_request){.api = BIGCOMMERCE,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(path);
	return call;
}

static struct call *ask_for_addresses(struct job *job, int64_t order)
{
	return ask_page(job, order, 1);
}

static void begin_records(struct job *job, int64_t order)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.touched; CREATE TEMP TABLE touched(id INTEGER);"
		  "DROP TABLE IF EXISTS temp.address_record; CREATE TEMP TABLE address_record"
		  "(order_id INTEGER, position INTEGER, kind TEXT, payload TEXT)");
	db_run(job->db, "INSERT INTO temp.touched VALUES(?)", "i", order);
}

static int64_t add_records(struct job *job, int64_t order, const char *kind, const char *path,
			   const struct reply *r)
{
	if (!r->size)
		return 0;
	db_run(job->db,
	       "INSERT INTO temp.address_record SELECT ?, (SELECT count(*) FROM "
	       "temp.address_record) + row_number() OVER (ORDER BY whole(value -> '$.id'), key), ?, value"
	       "  FROM json_each(?, ?) WHERE type = 'object'",
	       "ittt", order, kind, r->body, path);
	return db_changes(job->db);
}

static void keep_records(struct job *job, int64_t order)
{
	db_begin(job->db);
	db_script(job->db, sql_orders_extract_addresses);
	db_run(job->db, "UPDATE stg_bc_order SET addresses_missing = 0 WHERE id = ?", "i", order);
	db_script(job->db, sql_orders_extract_known);
	db_commit(job->db);
}

static bool read_pickups(struct job *job, int64_t order)
{
	char *path = xasprintf("/v2/orders/%lld/consignments", (long long)order);
	REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
							      .method = "GET",
							      .path = path,
							      .may_be_absent = true});

	free(path);
	if (r.outcome != HTTP_OK && r.status != 404)
		return job_outage(job, BIGCOMMERCE, "reading the consignments of an order", &r);
	if (r.outcome == HTTP_OK)
		add_records(job, order, "pickup", "$.pickups", &r);
	return true;
}

static bool has_unaddressed_goods(struct job *job, int64_t order)
{
	return db_int(
		job->db, 0,
		"SELECT EXISTS (SELECT 1 FROM stg_bc_order_line WHERE order_id = ? AND quantity > 0"
		" AND type = 'physical' AND coalesce(address_id, 0) = 0)",
		"i", order);
}

static bool read_addresses_of(struct job *job, int64_t order, struct call *first)
{
	int64_t count = 0;

	begin_records(job, order);
	for (int64_t page = 1; page == 1 || count == ADDRESSES_PAGE; page++) {
		REPLY r = http_wait(job->http, first ? first : ask_page(job, order, page));
		first = NULL;
		if (r.status == 404)
			return true; /* gone since the list was read: it stays without, rejected */
		if (r.outcome != HTTP_OK)
			return job_outage(job, BIGCOMMERCE, "reading the addresses of an order",
					  &r);
		count = add_records(job, order, "shipping", "$", &r);
	}
	if (has_unaddressed_goods(job, order) && !read_pickups(job, order))
		return false;
	keep_records(job, order);
	return true;
}

bool orders_read_addresses(struct job *job)
{
	return ahead_read(job,
			  &(struct ahead){.missing = "o.addresses_missing AND c.skipped IS NULL",
					  .what = "addresses of orders read",
					  .ask = ask_for_addresses,
					  .read = read_addresses_of});
}
