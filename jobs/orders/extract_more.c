/* What the list of orders does not give, for the orders that are wanted. */
#include "jobs/job.h"
#include "jobs/orders/ahead.h"
#include "jobs/orders/orders.h"
#include "jobs/reference/lists.h"
#include "jobs/torn.h"
#include "lib/bigcommerce/answer.h"
#include "lib/bigcommerce/list.h"

#include <stdlib.h>

#define LINES_PAGE 250 /* the documented most; a page past it is answered 413 */

extern const char sql_orders_extract_lines[], sql_orders_extract_known[];

/* More lines than one page: when the quantities do not come to what the order holds, only an empty page
 * shows that these are all. */
static bool enough(struct job *job, void *context)
{
	const int64_t *order = context;

	return db_int(
		job->db, 1,
		"SELECT coalesce((SELECT sum(whole(payload -> '$.quantity')) FROM temp.page), 0)"
		" >= coalesce(items_total, 0) FROM stg_bc_order WHERE id = ?",
		"i", *order);
}

static const struct bc_list lines = {
	.what = "lines",
	.path = "/v2/orders/{}/products",
	.limit = LINES_PAGE,
	.may_be_absent = true,
	.shape = "json_type(value, '$.quantity') IS NOT NULL",
	.nameless = "", /* extract_lines.sql makes such a line the order's fault */
	.enough = enough,
};

static void tell_torn(struct job *job, int64_t order, const char *json)
{
	char *record = xasprintf("order:%lld", (long long)order);

	free(torn_tell(job, record, json));
	free(record);
}

/* All lines are there, whatever items_total says. */
static void keep_lines(struct job *job, int64_t order)
{
	db_begin(job->db);
	char *all = db_text(job->db, "SELECT json_group_array(json(payload)) FROM temp.page", "");
	tell_torn(job, order, all);
	db_run(job->db, "INSERT OR REPLACE INTO stg_bc_order_products VALUES(?, 1, ?, sha256(?))",
	       "itt", order, all, all);
	db_run(job->db, "DELETE FROM stg_bc_order_products WHERE order_id = ? AND page > 1", "i",
	       order);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.touched; CREATE TEMP TABLE touched(id INTEGER);"
		  "DROP TABLE IF EXISTS temp.line_record; CREATE TEMP TABLE line_record AS"
		  " SELECT order_id, rowid AS position, 'object' AS type, payload FROM temp.page");
	db_run(job->db, "INSERT INTO temp.touched VALUES(?)", "i", order);
	db_script(job->db, sql_orders_extract_lines);
	db_script(job->db, sql_orders_extract_known);
	db_run(job->db, "UPDATE stg_bc_order SET lines_missing = 0 WHERE id = ?", "i", order);
	db_commit(job->db);
	free(all);
}

/* Of an order that is there and holds goods. */
static bool must_have_lines(struct job *job, int64_t order, bool *fine)
{
	char *path = xasprintf("/v2/orders/%lld", (long long)order);
	char *what = xasprintf("order %lld", (long long)order);
	REPLY r = http_get(job->http, BIGCOMMERCE, path);
	bool gone = r.outcome == HTTP_REFUSED && r.status == 404;

	*fine = gone || bc_is_record(job, &r, order, BC_ORDER_BODY) || bc_no_record(job, what, &r);
	free(path);
	free(what);
	return *fine && !gone &&
	       db_int(job->db, 1, "SELECT whole(? -> '$.items_total') IS NOT 0", "t", r.body);
}

/* An order has lines.  A list that says none is read once more, when the order is there and holds goods; if it
 * stays so the order waits, rejected by the transform, and the others go on. */
static bool read_lines_of(struct job *job, int64_t order, struct call *first)
{
	struct bc_list list = lines;
	struct bc_read read;
	bool fine;

	list.order = order;
	list.context = &order;
	if (!bc_list_read(job, &list, first, &read))
		return ahead_leave(&read);
	if (!read.count && must_have_lines(job, order, &fine)) {
		if (!bc_list_read(job, &list, NULL, &read))
			return ahead_leave(&read);
		if (!read.count)
			log_warn("",
				 "BigCommerce lists no line of order %lld, which holds goods: the"
				 " next run asks again",
				 (long long)order);
	} else if (!read.count && !fine) {
		return false;
	}
	if (read.count)
		keep_lines(job, order);
	return true;
}

static struct call *ask_first(struct job *job, int64_t order)
{
	struct bc_list list = lines;

	list.order = order;
	return bc_list_ask(job, &list);
}

bool orders_read_lines(struct job *job)
{
	/* an order that is not imported may hold goods all the same: stock must know its lines */
	const char *missing =
		job_is_off(job, "inventory")
			? "o.lines_missing AND c.skipped IS NULL"
			: "o.lines_missing AND (c.skipped IS NULL OR (o.is_deleted IS NOT 1"
			  " AND o.status_id IN (SELECT status_id FROM status_choice WHERE owes)))";

	return ahead_read(job, &(struct ahead){.missing = missing,
					       .what = "orders with more lines read",
					       .ask = ask_first,
					       .read = read_lines_of});
}

bool orders_refresh_products(struct job *job)
{
	if (!db_int(job->db, 0,
		    "SELECT EXISTS (SELECT 1 FROM order_choice c JOIN line_product p ON p.order_id "
		    "= c.id"
		    " WHERE c.skipped IS NULL AND p.catalogued AND p.product_id IS NULL)",
		    ""))
		return true;
	return products_read(job, false);
}
