/* out_shipment -> shipments in BigCommerce, each exactly once.
 *
 * BigCommerce takes no key and refuses no repeat, so each shipment carries its key in the comments.
 * A row found claimed is looked for among the order's shipments: by that marker, else as a shipment
 * of the same things to the same address, made since the claim, that is nobody's.  What was not
 * there is planned anew before it is sent again, since others may have shipped meanwhile. */
#include "jobs/load.h"

#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "jobs/wave.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

#define READY "state = 'pending' AND waits_for IS NULL AND held IS NULL"

extern const char sql_fulfillment_found[];

static void link_shipment(struct job *job, const char *key, int64_t id, const char *how)
{
	char *record = xasprintf("shipment:%s", key);

	out_done(job, "out_shipment", key, id);
	db_run(job->db,
	       "INSERT OR REPLACE INTO link_shipment(shipment_id, key, order_id, sales_order_id, how, at)"
	       " SELECT ?, key, order_id, sale_id, ?, ? FROM out_shipment WHERE key = ?",
	       "itit", id, how, clock_now() / 1000, key);
	reject_close(job, "fulfillment", record);
	log_info(record, "%s as shipment %lld", how, (long long)id);
	free(record);
	out_came(job, "out_shipment", key, how);
}

static void made(struct job *job, const char *key, int64_t id)
{
	link_shipment(job, key, id, "created");
}

static void refused(struct job *job, const char *key, const char *why);

static const struct wave sending = {
	.api = BIGCOMMERCE,
	.table = "out_shipment",
	.ready = READY,
	.select = "SELECT key, body, '/v2/orders/' || order_id || '/shipments' FROM out_shipment"
		  " WHERE " READY " AND key > :last ORDER BY key LIMIT 1",
	.what = "shipments",
	.claims = true,
	.made = made,
	.refused = refused,
};

static void refused(struct job *job, const char *key, const char *why)
{
	char *record = xasprintf("shipment:%s", key);

	wave_refuse(job, &sending, "fulfillment", key, record, why,
		    "look at the order's shipments in BigCommerce; the next run compares them, "
		    "./run.sh retry sends it again");
	free(record);
}

static void reject_gone(struct job *job, const char *key)
{
	char *record = xasprintf("shipment:%s", key);
	char *message = db_text(
		job->db,
		"SELECT printf('order %d is no longer in BigCommerce: whether the shipment of %s %d was made"
		" there cannot be told', order_id, iif(kind = 'SO', 'sales order', 'note'), note_id)"
		" FROM out_shipment WHERE key = ?",
		"t", key);
	char *hint = xasprintf(
		"if the order was deleted, ./run.sh ignore %s --why TEXT; if it comes back,"
		" ./run.sh retry %s looks for the shipment before it sends one",
		record, record);

	out_reject(job, "out_shipment", key, message);
	reject_open(job, "fulfillment", record, "order_gone", message, hint);
	job->counts.rejected++;
	free(hint);
	free(message);
	free(record);
}

/* Those in doubt of orders that BigCommerce says it does not have (shipments_read() took them out of
 * temp.asked): given up when it said so as often as it takes to believe that a shipment is not there. */
static void settle_gone(struct job *job, const char *which)
{
	char *sql = xasprintf("SELECT group_concat(key, char(10)) FROM out_shipment WHERE (%s)"
			      " AND order_id NOT IN (SELECT id FROM temp.asked)",
			      which);
	char *list = db_text(job->db, sql, "");

	for (char *rest = list, *key; rest && (key = strsep(&rest, "\n"));)
		if (out_absent(job, "out_shipment", key, false))
			reject_gone(job, key);
		else
			log_warn(key,
				 "in doubt, and its order is not in BigCommerce: looked up again");
	free(list);
	free(sql);
}

/* Rows in doubt: adopt what is found.  What is not found twice is released. */
static bool settle_doubt(struct job *job, const char *which, bool *released)
{
	char *sql = xasprintf("INSERT OR IGNORE INTO temp.asked SELECT order_id FROM out_shipment"
			      " WHERE %s",
			      which);
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_script(job->db, sql);
	free(sql);
	if (!shipments_read(job))
		return false;
	db_begin(job->db);
	settle_gone(job, which);
	db_script(job->db, sql_fulfillment_found);
	STMT st = db_prepare(job->db, "SELECT key, shipment_id FROM temp.found ORDER BY key");
	while (stmt_row(st))
		if (!col_null(st, 1))
			link_shipment(job, col_text(st, 0), col_int(st, 1), "found");
		else if (out_absent(job, "out_shipment", col_text(st, 0), false))
			*released = true;
		else
			log_warn(col_text(st, 0),
				 "in doubt: not found yet, will be looked up again");
	db_commit(job->db);
	return true;
}

static bool settle_earlier(struct job *job)
{
	bool released = false;

	if (!out_count(job, "out_shipment", "state = 'claimed'"))
		return true;
	if (!settle_doubt(job, "state = 'claimed'", &released))
		return false;
	if (released) {
		db_begin(job->db);
		fulfillment_plan(job);
		db_commit(job->db);
	}
	return true;
}

static bool load(struct job *job)
{
	bool released = false;

	if (!settle_earlier(job))
		return false;
	if (out_count(job, "out_shipment", READY) && !wave_send(job, &sending))
		return false;
	/* What is in doubt since just now often shows at once. */
	if (out_count(job, "out_shipment", "state = 'claimed' AND looked_up_at IS NULL") &&
	    !settle_doubt(job, "state = 'claimed' AND looked_up_at IS NULL", &released))
		return false;
	load_remaining(job, "out_shipment", "state = 'claimed'",
		       "shipments in doubt: they are looked up again by the next run");
	load_remaining(job, "out_shipment", READY, "shipments could not be sent yet");
	return true;
}

bool fulfillment_load(struct job *job)
{
	return load_run(job, &(struct load){.job = "fulfillment",
					    .table = "out_shipment",
					    .brake = &brake_shipments,
					    .ready = READY,
					    .run = load}) &&
	       tracking_load(job);
}
