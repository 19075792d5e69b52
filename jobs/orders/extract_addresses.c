/* Delivery addresses of orders whose consignments came as a link only.
 *
 * /shipping_addresses lists the deliveries.  Pick-ups are not in it: an order with goods that go to
 * no address is asked for in /consignments too, which is always one object.  So the lines, which
 * name the address, are read before. */
#include "jobs/job.h"
#include "jobs/orders/ahead.h"
#include "jobs/orders/orders.h"
#include "lib/bigcommerce/answer.h"
#include "lib/bigcommerce/list.h"

#include <stdlib.h>

#define ADDRESSES_PAGE 250

extern const char sql_orders_extract_addresses[], sql_orders_extract_known[];

static const struct bc_list addresses = {
	.what = "addresses",
	.path = "/v2/orders/{}/shipping_addresses",
	.limit = ADDRESSES_PAGE,
	.may_be_absent = true,
	.shape = "coalesce(json_type(value, '$.street_1'), json_type(value, '$.first_name'),"
		 " json_type(value, '$.city'), json_type(value, '$.zip')) IS NOT NULL",
};

static struct call *ask_for_addresses(struct job *job, int64_t order)
{
	struct bc_list list = addresses;

	list.order = order;
	return bc_list_ask(job, &list);
}

static void begin_records(struct job *job, int64_t order)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.touched; CREATE TEMP TABLE touched(id INTEGER);"
		  "DROP TABLE IF EXISTS temp.address_record; CREATE TEMP TABLE address_record"
		  "(order_id INTEGER, position INTEGER, kind TEXT, payload TEXT)");
	db_run(job->db, "INSERT INTO temp.touched VALUES(?)", "i", order);
}

/* Objects of a JSON list, in the order of their ids. */
static void add_records(struct job *job, int64_t order, const char *kind, const char *list)
{
	db_run(job->db,
	       "INSERT INTO temp.address_record SELECT ?, (SELECT count(*) FROM "
	       "temp.address_record) + row_number() OVER (ORDER BY whole(value -> '$.id'), key), ?, value"
	       "  FROM json_each(?) WHERE type = 'object'",
	       "itt", order, kind, list);
}

static void keep_records(struct job *job, int64_t order)
{
	db_begin(job->db);
	db_script(job->db, sql_orders_extract_addresses);
	db_run(job->db, "UPDATE stg_bc_order SET addresses_missing = 0 WHERE id = ?", "i", order);
	db_script(job->db, sql_orders_extract_known);
	db_commit(job->db);
}

/* {"pickups": [...], "shipping": [...], ...} */
static bool read_pickups(struct job *job, int64_t order)
{
	char *path = xasprintf("/v2/orders/%lld/consignments", (long long)order);
	char *what = xasprintf("the consignments of order %lld", (long long)order);
	REPLY r = http_get(job->http, BIGCOMMERCE, path);
	bool fine = true;

	free(path);
	if (r.outcome != HTTP_OK)
		fine = r.status == 404 || bc_failed(job, what, NULL, &r);
	else if (!r.size ||
		 !db_int(job->db, 0,
			 "SELECT json_type(?1) = 'object' AND (json_type(?1, '$.pickups') = 'array'"
			 " OR json_type(?1, '$.shipping') = 'array')",
			 "t", r.body))
		fine = bc_odd(job, what, &r, "no consignments");
	if (fine && r.outcome == HTTP_OK) {
		char *pickups = db_text(job->db, "SELECT coalesce(? -> '$.pickups', '[]')", "t",
					r.body);
		add_records(job, order, "pickup", pickups);
		free(pickups);
	}
	free(what);
	return fine;
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
	struct bc_list list = addresses;
	struct bc_read read;

	list.order = order;
	if (!bc_list_read(job, &list, first, &read))
		return ahead_leave(&read);
	if (read.absent)
		return true; /* gone since the list was read: it stays without, rejected */
	begin_records(job, order);
	char *all = db_text(job->db, "SELECT json_group_array(json(payload)) FROM temp.page", "");
	add_records(job, order, "shipping", all);
	free(all);
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
