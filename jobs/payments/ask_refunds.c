/* Refunds of single orders, asked for by the orders' ids: those that an order tells, and that the
 * list by dates did not give (view order_adds_up).  Many orders to a request. */
#include "jobs/job.h"
#include "jobs/payments/payments.h"
#include "lib/clock.h"

#include <stdlib.h>

#define ORDERS_PER_GET 100

extern const char sql_payments_refunds_short[];

/* The next ids of temp.cut after *last, "1,2,3"; NULL: there are no more. */
static char *next_ids(struct job *job, int64_t *last)
{
	char *ids = db_text(job->db,
			    "SELECT group_concat(id) FROM (SELECT id FROM temp.cut WHERE id > ?"
			    " ORDER BY id LIMIT ?)",
			    "ii", *last, (int64_t)ORDERS_PER_GET);

	*last = db_int(job->db, *last, "SELECT max(value) FROM json_each('[' || ? || ']')", "t",
		       ids);
	return ids;
}

static char *of_orders(void *context, const struct bc_read *read)
{
	(void)read;
	return xasprintf("&order_id:in=%s", (const char *)context);
}

static void keep(struct job *job, void *context, const struct bc_read *read)
{
	(void)context;
	(void)read;
	payments_stage_refunds(job);
}

static bool read_orders(struct job *job, char *ids)
{
	struct bc_list list = payments_refunds;
	struct bc_read read;

	list.what = "the refunds of orders";
	list.nameless = "refund:of_orders";
	list.keep = keep;
	list.query = of_orders;
	list.context = ids;
	if (!bc_list_read(job, &list, NULL, &read))
		return false;
	db_run(job->db,
	       "UPDATE stg_bc_order_money SET back_at = ?, back_asked = back_asked + 1"
	       " WHERE back_since IS NOT NULL"
	       "   AND order_id IN (SELECT value FROM json_each('[' || ? || ']'))",
	       "it", clock_now() / 1000, ids);
	return true;
}

static void list_orders(struct job *job)
{
	db_begin(job->db);
	payments_note_moment(job);
	db_script(job->db, sql_payments_refunds_short);
	db_commit(job->db);
}

bool payments_ask_refunds(struct job *job)
{
	int64_t last = 0;
	bool fine = true;

	list_orders(job);
	while (fine) {
		char *ids = next_ids(job, &last);
		if (!ids)
			return true;
		fine = read_orders(job, ids);
		free(ids);
	}
	return false;
}
