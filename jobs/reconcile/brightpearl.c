#include "jobs/job.h"
#include "jobs/reconcile/reconcile.h"
#include "lib/brightpearl/get.h"
#include "lib/brightpearl/search.h"

#include <stdlib.h>

#define ORDERS_PER_GET    100 /* 200 are allowed; a longer list may be too long for an address */
#define ORDERS_PER_SEARCH 200

extern const char sql_reconcile_sales[];

static void stage_orders(struct job *job)
{
	db_script(job->db,
		  "INSERT INTO reconcile_bp_order(id, type_id, external_ref, customer_ref,"
		  " parent_id, status_id, created_on)"
		  " SELECT whole(payload -> '$.orderId'), whole(payload -> '$.orderTypeId'),"
		  "        payload ->> '$.externalRef', payload ->> '$.customerRef',"
		  "        nullif(whole(payload -> '$.parentOrderId'), 0),"
		  "        whole(payload -> '$.orderStatusId'), instant(payload ->> '$.createdOn')"
		  "   FROM temp.page WHERE whole(payload -> '$.orderId') IS NOT NULL"
		  " ON CONFLICT DO NOTHING");
}

static struct search orders_by(const char *filter)
{
	return (struct search){
		.path = "/order-service/order-search",
		.columns = "orderId,orderTypeId,orderStatusId,customerRef,externalRef,"
			   "parentOrderId,createdOn",
		.filter = filter,
		.what = "Brightpearl orders compared",
		.guards = true,
		.stage = stage_orders};
}

bool reconcile_search(struct job *job, const char *filter)
{
	struct search search = orders_by(filter);

	return search_all(job, &search);
}

static void keep_page(struct job *job, const struct reply *r, const char *list)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page;"
			   "CREATE TEMP TABLE page(key TEXT, payload TEXT)");
	if (r->outcome == HTTP_OK)
		db_run(job->db,
		       "INSERT INTO temp.page SELECT key, value FROM json_each(?, ?)"
		       " WHERE type = 'object'",
		       "tt", reply_json(r), list);
	job->counts.extracted += db_int(job->db, 0, "SELECT count(*) FROM temp.page", "");
}

/* What is not answered is not there. */
static void keep_sales(struct job *job, const char *ids, const struct reply *r)
{
	(void)ids;
	db_begin(job->db);
	keep_page(job, r, "$.response");
	db_script(job->db, sql_reconcile_sales);
	db_commit(job->db);
}

bool reconcile_read_sales(struct job *job)
{
	return get_read(job, &(struct get){.before = "/order-service/order/",
					   .id = "$.id",
					   .record = "sales_order:",
					   .called = "sales order",
					   .most = ORDERS_PER_GET,
					   .what = "sales orders compared",
					   .keep = keep_sales});
}

static void stage_payments(struct job *job)
{
	db_script(
		job->db,
		"INSERT OR REPLACE INTO reconcile_bp_payment(id, sale_id, type, paid, odd)"
		" SELECT id, sale, type, coalesce(CASE WHEN type IN ('RECEIPT', 'CAPTURE') THEN paid"
		"    WHEN type = 'PAYMENT' THEN -paid END, 0),"
		"  type NOT IN ('AUTH', 'VOID') AND (paid IS NULL"
		"    OR type NOT IN ('RECEIPT', 'CAPTURE', 'PAYMENT')) FROM (SELECT"
		" whole(payload -> '$.paymentId') AS id, whole(payload -> '$.orderId') AS sale,"
		"        coalesce(payload ->> '$.paymentType', '') AS type,"
		"        money(payload -> '$.amountPaid') AS paid"
		"   FROM temp.page WHERE whole(payload -> '$.paymentId') IS NOT NULL"
		"    AND whole(payload -> '$.orderId') IS NOT NULL)");
}

bool reconcile_read_payments(struct job *job)
{
	return job_is_off(job, "payments") ||
	       search_asked(job,
			    &(struct search){.path = "/accounting-service/customer-payment-search",
					     .columns = "paymentId,paymentType,orderId,amountPaid",
					     .filter = "",
					     .what = "customer payments compared",
					     .guards = true,
					     .stage = stage_payments},
			    "orderId", ORDERS_PER_SEARCH);
}

/* temp.asked becomes what was split off those in it, or made for them, and was not read yet. */
static int64_t ask_children(struct job *job)
{
	db_script(job->db, "CREATE TEMP TABLE parent AS SELECT id FROM temp.asked;"
			   "DELETE FROM temp.asked;"
			   "INSERT INTO temp.asked SELECT id FROM reconcile_bp_order"
			   " WHERE NOT read AND parent_id IN (SELECT id FROM temp.parent);"
			   "DROP TABLE temp.parent");
	return db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
}

/* A back order may have back orders of its own. */
bool reconcile_read_children(struct job *job)
{
	struct search children = orders_by("");

	do {
		if (!search_asked(job, &children, "parentOrderId", ORDERS_PER_SEARCH))
			return false;
		if (!ask_children(job))
			return true;
	} while (reconcile_read_sales(job) && reconcile_read_payments(job));
	return false;
}

/* The answer is a map of notes by their ids. */
static void keep_notes(struct job *job, const char *ids, const struct reply *r)
{
	(void)ids;
	db_begin(job->db);
	keep_page(job, r, "$.response");
	db_script(job->db,
		  "INSERT OR REPLACE INTO reconcile_bp_note(id, sale_id, shipped_on, reference)"
		  " SELECT CAST(key AS INTEGER), whole(payload -> '$.orderId'),"
		  "        instant(payload ->> '$.status.shippedOn'),"
		  "        coalesce(single(payload ->> '$.shipping.reference'), '')"
		  "   FROM temp.page WHERE coalesce(flag(payload ->> '$.status.shipped'), 0)"
		  "    AND NOT coalesce(flag(payload ->> '$.transfer'), 0)"
		  "    AND whole(payload -> '$.orderId') IS NOT NULL");
	db_commit(job->db);
}

bool reconcile_read_notes(struct job *job)
{
	return job_is_off(job, "fulfillment") ||
	       get_read(job, &(struct get){.before = "/warehouse-service/order/",
					   .after = "/goods-note/goods-out/",
					   .most = ORDERS_PER_GET,
					   .none_is_404 = true,
					   .of = "$.orderId",
					   .record = "shipment:GON",
					   .called = "goods-out note",
					   .what = "goods-out notes compared",
					   .keep = keep_notes});
}
