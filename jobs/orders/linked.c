/* A sales order that another hand made (a person, another connector) becomes this order's. */
#include "jobs/job.h"
#include "jobs/orders/orders.h"

#include <stdlib.h>

/* The row keeps no body: what we never sent must not look as if we had. */
void orders_link_other(struct job *job, int64_t order, int64_t sales_order, const char *how)
{
	db_run(job->db,
	       "INSERT INTO out_order(key, order_id, body, state, remote_id, total, source_sha256,"
	       "       sent_sha256, changed_run)"
	       " SELECT (SELECT prefix FROM order_reference) || id, id, '{}', 'done', ?,"
	       "        coalesce(total_inc, 0), coalesce(lines_sha256, ''),"
	       "        coalesce(lines_sha256, ''), ? FROM stg_bc_order WHERE id = ?"
	       " ON CONFLICT(order_id) DO UPDATE SET body = '{}', sent = NULL, state = 'done',"
	       "       remote_id = excluded.remote_id, waits_for = NULL, message = NULL,"
	       "       source_sha256 = excluded.source_sha256, sent_sha256 = excluded.sent_sha256",
	       "iii", sales_order, job->run, order);
	char *key = db_text(job->db, "SELECT key FROM out_order WHERE order_id = ?", "i", order);

	orders_note_link(job, key, sales_order, how);
	free(key);
}

void orders_unlink(struct job *job, const char *key)
{
	static const char *const tables[] = {"link_order",      "out_reservation_row",
					     "out_reservation", "out_order_note",
					     "agreed",          "out_order"};
	int64_t order = db_int(job->db, 0, "SELECT order_id FROM out_order WHERE key = ?", "t",
			       key);

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		char *sql = xasprintf("DELETE FROM %s WHERE order_id = ?", tables[i]);
		db_run(job->db, sql, "i", order);
		free(sql);
	}
}
