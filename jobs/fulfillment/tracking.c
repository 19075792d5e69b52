/* out_tracking -> tracking numbers on shipments that were sent before.
 *
 * PUT changes everything of a shipment but its items, so repeating one does no harm.  It is sent
 * only while the shipment has no tracking number or still the one that we sent: another one was
 * typed in by somebody. */
#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/wave.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>

#define READY "state = 'pending'"

extern const char sql_fulfillment_tracking[];

static void made(struct job *job, const char *key, int64_t id)
{
	char *record = xasprintf("tracking:%s", key);

	out_done(job, "out_tracking", key, id);
	reject_close(job, "fulfillment", record);
	free(record);
	out_came(job, "out_tracking", key, "changed");
}

static void refuse(struct job *job, const char *key, const char *why);

static const struct wave sending = {
	.api = BIGCOMMERCE,
	.table = "out_tracking",
	.ready = READY,
	.method = "PUT",
	.select = "SELECT key, body, '/v2/orders/' || order_id || '/shipments/' || shipment_id"
		  " FROM out_tracking WHERE " READY " AND key > :last ORDER BY key LIMIT 1",
	.what = "tracking numbers",
	.claims = true,
	.made = made,
	.refused = refuse,
};

static void refuse(struct job *job, const char *key, const char *why)
{
	char *record = xasprintf("tracking:%s", key);

	wave_refuse(job, &sending, "fulfillment", key, record, why,
		    "compare the shipment in BigCommerce with the note in Brightpearl, correct one "
		    "of them, then ./run.sh retry");
	free(record);
}

/* What BigCommerce has now decides: it is there already, it may be sent, or somebody else's stands
 * there. */
static bool compare(struct job *job)
{
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT OR IGNORE INTO temp.asked SELECT order_id FROM out_tracking"
		" WHERE state IN ('pending', 'claimed')");
	if (!shipments_read(job))
		return false;
	db_begin(job->db);
	db_script(job->db, sql_fulfillment_tracking);
	STMT st = db_prepare(job->db, "SELECT key, verdict, shipment_id, why FROM temp.compared"
				      " ORDER BY key");
	while (stmt_row(st)) {
		const char *key = col_text(st, 0), *verdict = col_text(st, 1);
		if (*verdict == 'd') {
			db_run(job->db, "UPDATE out_tracking SET sent = body WHERE key = ?", "t",
			       key);
			made(job, key, col_int(st, 2));
		} else if (*verdict == 'r') {
			refuse(job, key, col_text(st, 3));
		} else {
			out_release(job, "out_tracking", key, NULL);
		}
	}
	db_commit(job->db);
	return true;
}

static bool load(struct job *job)
{
	if (!out_count(job, "out_tracking", "state IN ('pending', 'claimed')"))
		return true;
	if (!compare(job) || (out_count(job, "out_tracking", READY) && !wave_send(job, &sending)))
		return false;
	load_remaining(job, "out_tracking", "state IN ('pending', 'claimed')",
		       "tracking numbers in doubt: the next run compares them");
	return true;
}

bool tracking_load(struct job *job)
{
	return load_run(job, &(struct load){.job = "fulfillment",
					    .table = "out_tracking",
					    .ready = READY,
					    .run = load});
}
