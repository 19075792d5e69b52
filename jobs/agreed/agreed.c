#include "jobs/agreed/agreed.h"

#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/sales.h"
#include "jobs/transform.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

#define WAITING "state IN ('pending', 'claimed') AND " AGREED_ROWS

/* Nothing was told of the notes yet, nor of a status that the sales order was not given. */
void agreed_begin(struct job *job, const char *order_key)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO agreed(order_id, field, bigcommerce, brightpearl, at,"
	       " created, made)"
	       " SELECT o.id, f.field,"
	       "        iif(f.is_status AND x.sent ->> '$.statusId' IS NOT NULL, o.status_id, ''),"
	       "        iif(f.is_status, x.sent ->> '$.statusId', ''), ?, 1,"
	       "        iif(f.is_status, coalesce(x.sent ->> '$.statusId',"
	       "            (SELECT nullif(value, '') FROM ref_bp_configuration"
	       "              WHERE name = 'newSalesOrderStatusId')), '')"
	       "   FROM out_order x JOIN stg_bc_order o ON o.id = x.order_id"
	       "   JOIN (SELECT 'status' AS field, 1 AS is_status UNION ALL"
	       "         SELECT 'customer_note', 0 UNION ALL SELECT 'staff_note', 0) f"
	       "  WHERE x.key = ?",
	       "it", clock_now() / 1000, order_key);
}

static bool is_on(struct job *job, const struct agreed_job *a, enum api to)
{
	char *enabled = job_enabled(job, a->direction[to]);
	bool on = !strcmp(enabled, "yes");

	free(enabled);
	return on;
}

bool agreed_is_idle(struct job *job, const struct agreed_job *a)
{
	return job_is_off(job, a->direction[BIGCOMMERCE]) &&
	       job_is_off(job, a->direction[BRIGHTPEARL]);
}

static void remember_since(struct job *job, const struct agreed_job *a, enum api to)
{
	if (is_on(job, a, to))
		db_run(job->db,
		       "INSERT OR IGNORE INTO cursor(feed, done_until)"
		       " SELECT ? || '.enabled', started_at FROM run WHERE id = ?",
		       "ti", a->direction[to], job->run);
}

bool agreed_transform(struct job *job, const struct agreed_job *a)
{
	if (agreed_is_idle(job, a))
		return true;
	db_begin(job->db);
	remember_since(job, a, BIGCOMMERCE);
	remember_since(job, a, BRIGHTPEARL);
	db_commit(job->db);
	return transform_run(job, a->name, a->merge);
}

/* The orders of the rows to be sent, by their ids on one side, into temp.asked. */
static void ask(struct job *job, const struct agreed_job *a, const char *id)
{
	char *sql = xasprintf("INSERT OR IGNORE INTO temp.asked SELECT %s FROM link_order"
			      " WHERE order_id IN (SELECT order_id FROM %s WHERE " WAITING ")",
			      id, a->table);

	db_script(job->db, "DROP TABLE IF EXISTS temp.asked;"
			   "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_script(job->db, sql);
	free(sql);
}

/* Both sides as they are now; a row in doubt is then a row like any other. */
static bool read_again(struct job *job, const struct agreed_job *a)
{
	ask(job, a, "sales_order_id");
	if (!sales_read(job))
		return false;
	ask(job, a, "order_id");
	if (!agreed_read_bigcommerce(job))
		return false;
	char *sql = xasprintf("UPDATE %s SET state = 'pending'"
			      " WHERE state = 'claimed' AND " AGREED_ROWS,
			      a->table);
	db_begin(job->db);
	db_script(job->db, sql);
	transform_again(job, a->name, a->merge);
	db_commit(job->db);
	free(sql);
	return true;
}

static bool send_to(struct job *job, const struct agreed_job *a, enum api to)
{
	bool brightpearl = to == BRIGHTPEARL;

	return load_run(job, &(struct load){.job = a->direction[to],
					    .table = a->table,
					    .rows = brightpearl ? "target = 'brightpearl'"
								: "target = 'bigcommerce'",
					    .brake = a->brake,
					    .ready = a->wave[to]->ready,
					    .run = a->send[to]});
}

/* What was merged into Brightpearl goes back at once. */
static void merge_merged(struct job *job, const struct agreed_job *a)
{
	if (!out_count(job, a->table,
		       "state = 'done' AND merged"
		       " AND changed_run = (SELECT id FROM current_run)"))
		return;
	db_begin(job->db);
	transform_again(job, a->name, a->merge);
	db_commit(job->db);
}

bool agreed_load(struct job *job, const struct agreed_job *a)
{
	bool on[] = {is_on(job, a, BIGCOMMERCE), is_on(job, a, BRIGHTPEARL)};

	if (agreed_is_idle(job, a))
		return true;
	if ((on[BIGCOMMERCE] || on[BRIGHTPEARL]) && out_count(job, a->table, WAITING) &&
	    !read_again(job, a))
		return false;
	if (!send_to(job, a, BRIGHTPEARL))
		return false;
	merge_merged(job, a);
	if (!send_to(job, a, BIGCOMMERCE))
		return false;
	load_remaining(job, a->table, "state = 'claimed' AND " AGREED_ROWS,
		       "rows in doubt: both sides are read again by the next run");
	return true;
}

void agreed_done(struct job *job, const struct agreed_job *a, const char *key, const char *value)
{
	char *sql = xasprintf(
		"INSERT OR REPLACE INTO agreed(order_id, field, bigcommerce, brightpearl, at,"
		" created, made)"
		" SELECT x.order_id, x.field, iif(x.target = 'brightpearl', x.source, ?1),"
		"        CASE WHEN x.target = 'bigcommerce' THEN x.source"
		"             WHEN x.merged THEN g.brightpearl ELSE ?1 END,"
		"        (SELECT started_at FROM run WHERE id = ?2), coalesce(g.created, 0), g.made"
		"   FROM %s x LEFT JOIN agreed g ON g.order_id = x.order_id AND g.field = x.field"
		"  WHERE x.key = ?3",
		a->table);
	db_run(job->db, sql, "tit", value, job->run, key);
	free(sql);
	sql = xasprintf("SELECT iif(x.target = 'brightpearl', k.sales_order_id, x.order_id)"
			"  FROM %s x JOIN link_order k ON k.order_id = x.order_id WHERE x.key = ?",
			a->table);
	out_done(job, a->table, key, db_int(job->db, 0, sql, "t", key));
	free(sql);
	reject_close(job, a->name, key);
	db_run(job->db, "DELETE FROM catch_up WHERE key = ?", "t", key);
	out_came(job, a->table, key, "changed");
}

void agreed_refused(struct job *job, const struct agreed_job *a, enum api to, const char *key,
		    const char *why)
{
	wave_refuse(job, a->wave[to], a->name, key, key, why,
		    "mend what it names, or make the change there by hand, then ./run.sh retry");
}
