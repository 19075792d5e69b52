/* What a sales order stands for: the lines of its rows; and one that another hand made (a person,
 * another connector) becomes this order's. */
#include "jobs/job.h"
#include "jobs/orders/orders.h"

#include <stdlib.h>

extern const char sql_orders_row_lines[];

void orders_keep_rows(struct job *job, const char *key)
{
	/* not dropped: the caller may be reading */
	db_script(job->db, "CREATE TEMP TABLE IF NOT EXISTS relined(order_id INTEGER, lines TEXT);"
			   "DELETE FROM temp.relined");
	db_run(job->db,
	       "INSERT INTO temp.relined SELECT order_id, lines FROM out_order"
	       " WHERE key = ? AND lines IS NOT NULL",
	       "t", key);
	db_script(job->db, sql_orders_row_lines);
}

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
	       "       agreed = NULL, edit = NULL,"
	       "       source_sha256 = excluded.source_sha256, sent_sha256 = excluded.sent_sha256",
	       "iii", sales_order, job->run, order);
	db_run(job->db, "DELETE FROM link_row WHERE order_id = ?", "i", order);
	char *key = db_text(job->db, "SELECT key FROM out_order WHERE order_id = ?", "i", order);

	orders_note_link(job, key, sales_order, how);
	free(key);
}

static void forget(struct job *job, int64_t order, const char *const *tables, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *sql = xasprintf("DELETE FROM %s WHERE order_id = ?", tables[i]);
		db_run(job->db, sql, "i", order);
		free(sql);
	}
}

void orders_forget_link(struct job *job, int64_t order)
{
	static const char *const tables[] = {"link_order", "link_row", "out_reservation_row",
					     "out_reservation", "agreed"};

	forget(job, order, tables, sizeof tables / sizeof *tables);
}

void orders_unlink(struct job *job, const char *key)
{
	static const char *const tables[] = {"out_order"};
	int64_t order = db_int(job->db, 0, "SELECT order_id FROM out_order WHERE key = ?", "t",
			       key);

	orders_forget_link(job, order);
	/* one in doubt is looked up yet */
	db_run(job->db, "DELETE FROM out_order_note WHERE order_id = ? AND state <> 'claimed'", "i",
	       order);
	forget(job, order, tables, sizeof tables / sizeof *tables);
}

char *orders_sent_words(struct job *job, int64_t order)
{
	return db_text(
		job->db,
		"SELECT group_concat(words, ', ') FROM ("
		" SELECT count(*) || iif(kind = 'credit', ' sales credit', ' payment')"
		"        || iif(count(*) = 1, '', 's') AS words"
		"   FROM out_payment WHERE order_id = ?1 AND state = 'done' GROUP BY kind"
		" UNION ALL SELECT count(*) || ' shipment' || iif(count(*) = 1, '', 's')"
		"   FROM out_shipment WHERE order_id = ?1 AND state = 'done' HAVING count(*)"
		" UNION ALL SELECT count(*) || ' order note' || iif(count(*) = 1, '', 's')"
		"   FROM out_order_note WHERE order_id = ?1 AND state = 'done' HAVING count(*))",
		"i", order);
}
