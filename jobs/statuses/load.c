/* out_status -> order statuses, whichever way.
 *
 * Brightpearl adds a note to the order with every PUT of a status, BigCommerce may mail the
 * shopper: so a status is only written where it differs from what was just read. */
#include "jobs/brake.h"
#include "jobs/job.h"
#include "jobs/orders/live.h"
#include "jobs/statuses/statuses.h"

#include <stdlib.h>

extern const char sql_statuses_pair[], sql_agreed_merge[], sql_statuses_transform[];

static const char *const merge[] = {sql_statuses_pair, sql_agreed_merge, sql_statuses_transform,
				    NULL};

/* Brightpearl answers nothing to a PUT of a status. */
static void told_brightpearl(struct job *job, const char *key, const char *answer)
{
	char *status = db_text(job->db, "SELECT value FROM out_status WHERE key = ?", "t", key);

	(void)answer;
	db_run(job->db,
	       "UPDATE stg_bp_sale SET status_id = ?, sha256 = '' WHERE id = (SELECT"
	       " k.sales_order_id FROM out_status x JOIN link_order k ON k.order_id = x.order_id"
	       " WHERE x.key = ?)",
	       "tt", status, key);
	agreed_done(job, &statuses_job, key, status);
	free(status);
}

/* BigCommerce answers the order, which tells what it made of the status. */
static void told_bigcommerce(struct job *job, const char *key, const char *answer)
{
	char *status = db_text(
		job->db,
		"SELECT coalesce(whole(iif(json_valid(?1), ?1, '{}') -> '$.status_id'),"
		" value) FROM out_status WHERE key = ?2",
		"tt", answer, key);

	db_run(job->db,
	       "UPDATE stg_bc_order SET status_id = ?, sha256 = ''"
	       " WHERE id = (SELECT order_id FROM out_status WHERE key = ?)",
	       "tt", status, key);
	agreed_done(job, &statuses_job, key, status);
	free(status);
}

static void refused_brightpearl(struct job *job, const char *key, const char *why)
{
	agreed_refused(job, &statuses_job, BRIGHTPEARL, key, why);
}

static void refused_bigcommerce(struct job *job, const char *key, const char *why)
{
	agreed_refused(job, &statuses_job, BIGCOMMERCE, key, why);
}

#define TO_BRIGHTPEARL AGREED_READY("brightpearl")
#define TO_BIGCOMMERCE AGREED_READY("bigcommerce")

static const struct wave to_brightpearl = {
	.api = BRIGHTPEARL,
	.table = "out_status",
	.ready = TO_BRIGHTPEARL,
	.select = "SELECT key, body, (SELECT printf('/order-service/order/%d/status',"
		  " k.sales_order_id) FROM link_order k WHERE k.order_id = out_status.order_id)"
		  "  FROM out_status WHERE " TO_BRIGHTPEARL " AND key > :last ORDER BY key LIMIT 1",
	.method = "PUT",
	.what = "statuses",
	.claims = true,
	.answered = told_brightpearl,
	.refused = refused_brightpearl,
};

static const struct wave to_bigcommerce = {
	.api = BIGCOMMERCE,
	.table = "out_status",
	.ready = TO_BIGCOMMERCE,
	.select = "SELECT key, body, printf('/v2/orders/%d', order_id) FROM out_status"
		  " WHERE " TO_BIGCOMMERCE " AND key > :last ORDER BY key LIMIT 1",
	.method = "PUT",
	.what = "statuses",
	.claims = true,
	.answered = told_bigcommerce,
	.refused = refused_bigcommerce,
};

static bool send_to_brightpearl(struct job *job)
{
	return wave_send(job, &to_brightpearl);
}

static bool send_to_bigcommerce(struct job *job)
{
	return wave_send(job, &to_bigcommerce);
}

const struct agreed_job statuses_job = {
	.name = "statuses",
	.table = "out_status",
	.merge = merge,
	.direction = {"statuses.to_bigcommerce", "statuses.to_brightpearl"},
	.wave = {&to_bigcommerce, &to_brightpearl},
	.send = {send_to_bigcommerce, send_to_brightpearl},
	.brake = &brake_statuses,
};

bool statuses_load(struct job *job)
{
	if (!agreed_load(job, &statuses_job))
		return false;
	live_tell_left(job);
	return true;
}
