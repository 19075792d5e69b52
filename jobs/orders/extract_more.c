/* What the list of orders does not give, for the orders that are wanted. */
#include "jobs/job.h"
#include "jobs/orders/ahead.h"
#include "jobs/orders/orders.h"
#include "jobs/reference/lists.h"
#include "jobs/torn.h"
#include "lib/clock.h"

#include <stdlib.h>

#define LINES_PAGE 250 /* the documented most; a page past it is answered 413 */

extern const char sql_orders_extract_lines[], sql_orders_extract_known[];

/* The pages of the order that are there: their lines into stg_bc_order_line.  When they are all,
 * as a page past the last one shows, nothing is missing whatever items_total says. */
static void apply_lines(struct job *job, int64_t order, int64_t last_page, bool all)
{
	db_run(job->db, "DELETE FROM stg_bc_order_products WHERE order_id = ? AND page > ?", "ii",
	       order, last_page);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.touched; CREATE TEMP TABLE touched(id INTEGER);"
		  "DROP TABLE IF EXISTS temp.line_record");
	db_run(job->db, "INSERT INTO temp.touched VALUES(?)", "i", order);
	db_script(
		job->db,
		"CREATE TEMP TABLE line_record AS"
		" SELECT p.order_id, p.page * 1000 + l.key AS position, l.type, l.value AS payload"
		"   FROM stg_bc_order_products p JOIN json_each(p.payload) l"
		"  WHERE p.order_id IN (SELECT id FROM temp.touched) AND l.type = 'object'");
	if (!db_int(job->db, 0, "SELECT count(*) FROM temp.line_record", ""))
		return;
	db_script(job->db, sql_orders_extract_lines);
	db_script(job->db, sql_orders_extract_known);
	db_run(job->db,
	       "UPDATE stg_bc_order SET lines_missing = NOT ? AND coalesce((SELECT sum(quantity)"
	       " FROM stg_bc_order_line l WHERE l.order_id = stg_bc_order.id), 0) < "
	       "coalesce(items_total, 0) WHERE id = ?",
	       "ii", (int64_t)all, order);
}

static void tell_torn(struct job *job, int64_t order, const char *body)
{
	char *record = xasprintf("order:%lld", (long long)order);

	free(torn_tell(job, record, body));
	free(record);
}

/* Stage one page of an order's lines; returns how many lines it holds. */
static int64_t keep_lines(struct job *job, int64_t order, int64_t page, int limit,
			  const struct reply *r)
{
	int64_t count = r->size ? db_int(job->db, 0, "SELECT json_array_length(?)", "t", r->body)
				: 0;

	db_begin(job->db);
	tell_torn(job, order, r->size ? r->body : "");
	if (count)
		db_run(job->db,
		       "INSERT OR REPLACE INTO stg_bc_order_products VALUES(?, ?, ?, sha256(?))",
		       "iitt", order, page, r->body, r->body);
	if (count < limit)
		apply_lines(job, order, count ? page : page - 1, !count);
	db_commit(job->db);
	return count;
}

static struct call *ask_for_lines(struct job *job, int64_t order, int limit, int64_t page)
{
	char *path = xasprintf("/v2/orders/%lld/products?limit=%d&page=%lld", (long long)order,
			       limit, (long long)page);
	struct call *call = http_submit(job->http, &(struct http_request){.api = BIGCOMMERCE,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(path);
	return call;
}

/* All pages of one order; first = its first page, already asked for. */
static bool read_pages(struct job *job, int64_t order, int limit, struct call *first)
{
	bool more = true;

	for (int64_t page = 1; more; page++) {
		REPLY r = http_wait(job->http,
				    first ? first : ask_for_lines(job, order, limit, page));
		first = NULL;
		if (r.status == 413 && limit > 50)
			return read_pages(job, order, 50, NULL);
		if (r.status == 404)
			return true; /* gone since the list was read: it stays without lines,
					rejected */
		if (r.outcome != HTTP_OK)
			return job_outage(job, BIGCOMMERCE, "reading the lines of an order", &r);
		int64_t count = keep_lines(job, order, page, limit, &r);
		/* a server may give less than was asked for: the number of items tells */
		more = count == limit ||
		       (count &&
			db_int(job->db, 0, "SELECT lines_missing FROM stg_bc_order WHERE id = ?",
			       "i", order));
	}
	return true;
}

static struct call *ask_first(struct job *job, int64_t order)
{
	return ask_for_lines(job, order, LINES_PAGE, 1);
}

static bool read_lines_of(struct job *job, int64_t order, struct call *first)
{
	return read_pages(job, order, LINES_PAGE, first);
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
