/* out_order -> sales orders in Brightpearl, each exactly once.
 *
 * A row is claimed (committed) before its request leaves and settled (committed) after its answer
 * arrived.  A row found claimed was in flight when something died: it is looked up by its reference
 * first.  Before anything is created, the mirror of references is read up to now. */
#define _GNU_SOURCE
#include "jobs/agreed/agreed.h"
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/edit.h"
#include "jobs/orders/live.h"
#include "jobs/orders/notes.h"
#include "jobs/orders/orders.h"
#include "jobs/orders/reserve.h"
#include "jobs/wave.h"
#include "lib/out.h"

#include <stdlib.h>
#include <string.h>

#define NEW   "remote_id IS NULL AND "
#define READY NEW "state = 'pending' AND waits_for IS NULL AND held IS NULL"

/* Brightpearl refuses a repeat only under the instance id that the first was sent with. */
static void claimed(struct job *job, const char *key)
{
	db_run(job->db, "UPDATE out_order SET sent_instance = ? WHERE key = ?", "it",
	       load_instance(job), key);
	agreed_begin(job, key);
}

/* A repeat is answered with the id of what was there, which may be a stranger's: an id that is not
 * above those that were there before is looked at. */
static void made(struct job *job, const char *key, int64_t id)
{
	if (db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM stg_bp_order WHERE id >= ?)", "i",
		   id)) {
		orders_answered(job, key, id);
		return;
	}
	orders_link(job, key, id, "created");
	out_came(job, "out_order", key, "created");
}

static void refused(struct job *job, const char *key, const char *why);

/* The instance id is no part of the row's body: it may be known only from an answer. */
static const struct wave sending = {
	.api = BRIGHTPEARL,
	.table = "out_order",
	.ready = READY,
	.uri = "/order-service/sales-order/",
	.what = "orders",
	.select = "SELECT key, iif(:instance > 0, json_set(body, "
		  "'$.installedIntegrationInstanceId', :instance),"
		  " body) FROM out_order WHERE " READY " AND key > :last ORDER BY key LIMIT 1",
	.claims = true,
	.claimed = claimed,
	.made = made,
	.refused = refused,
};

static void refused(struct job *job, const char *key, const char *why)
{
	if (load_instance(job) && strcasestr(why, "installedIntegrationInstanceId")) {
		load_instance_refused(job);
		out_release(job, "out_order", key, why);
		return;
	}
	char *record = db_text(job->db, "SELECT 'order:' || order_id FROM out_order WHERE key = ?",
			       "t", key);

	wave_refuse(job, &sending, "orders", key, record, why,
		    "mend what it names in the order, the mappings or Brightpearl, then ./run.sh "
		    "retry");
	free(record);
}

static bool settle_doubt(struct job *job, const char *which)
{
	return !out_count(job, "out_order", which) || orders_settle_doubt(job);
}

static bool send_ready(struct job *job)
{
	if (!out_count(job, "out_order", READY))
		return true;
	db_begin(job->db);
	orders_freeze_reference(job);
	db_commit(job->db);
	return wave_send(job, &sending);
}

static bool send_new(struct job *job)
{
	if (!out_count(job, "out_order", NEW "(state = 'claimed' OR (" READY "))"))
		return true;
	if (!orders_mirror(job) || !settle_doubt(job, NEW "state = 'claimed'") ||
	    !orders_adopt(job) || !send_ready(job))
		return false;
	/* What is in doubt since just now often shows at once. */
	if (!settle_doubt(job, NEW "state = 'claimed' AND looked_up_at IS NULL") ||
	    !send_ready(job))
		return false;
	return true;
}

static bool load(struct job *job)
{
	if (!send_new(job) || !edit_send(job))
		return false;
	load_remaining(job, "out_order", "state = 'claimed'",
		       "orders in doubt: they are looked up again by the next run");
	load_remaining(job, "out_order", "state = 'pending' AND waits_for IS NULL AND held IS NULL",
		       "orders could not be sent yet");
	return true;
}

/* What is wrong with the reference is told before anything is sent by it. */
static bool on_plan(struct job *job)
{
	char *enabled = job_enabled(job, "orders");
	bool plan = strcmp(enabled, "plan") == 0;

	free(enabled);
	return plan;
}

bool orders_load(struct job *job)
{
	if (on_plan(job) && !orders_look_ahead(job))
		return false;
	return load_run(job, &(struct load){.job = "orders",
					    .table = "out_order",
					    .brake = &brake_orders,
					    .ready = "state = 'pending' AND waits_for IS NULL",
					    .run = load}) &&
	       reserve_load(job) && order_notes_load(job) && live_tell(job);
}
