/* out_order -> sales orders in Brightpearl, each exactly once.
 *
 * A row is claimed (committed) before its request leaves and settled (committed) after its answer
 * arrived.  A row found claimed was in flight when something died: it is looked up by its reference
 * first.  Before anything is created, the mirror of references is read up to now. */
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/orders.h"
#include "lib/multi.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define READY "state = 'pending' AND waits_for IS NULL"

struct sending {
	struct job *job;
	char *last;          /* key of the last row handed out */
	int64_t instance;    /* installedIntegrationInstanceId, 0 = unknown */
	int64_t sent, total; /* for progress */
};

/* The id is no part of the row's body: it may be known only from an answer. */
static char *final_body(struct job *job, const char *body, int64_t instance)
{
	if (!instance)
		return xstrdup(body);
	return db_text(job->db, "SELECT json_set(?, '$.installedIntegrationInstanceId', ?)", "ti", body,
		       instance);
}

static bool next(void *context, struct message *m)
{
	struct sending *s = context;
	STMT st = db_prepare(s->job->db, "SELECT key, body FROM out_order WHERE " READY
					 " AND key > :last ORDER BY key LIMIT 1");

	bind(st, ":last", s->last);
	if (!stmt_row(st))
		return false;
	free(s->last);
	s->last = xstrdup(col_text(st, 0));
	m->key = xstrdup(s->last);
	m->method = "POST";
	m->uri = "/order-service/sales-order/";
	m->body = final_body(s->job, col_text(st, 1), s->instance);
	return true;
}

static void claim(void *context, struct message *m, int count)
{
	struct sending *s = context;

	db_begin(s->job->db);
	for (int i = 0; i < count; i++)
		out_claim(s->job, "out_order", m[i].key);
	db_run(s->job->db, "UPDATE binding SET reference = (SELECT prefix FROM order_reference)"
			   " WHERE reference IS NULL", "");
	db_commit(s->job->db);
}

/* Only an id that is a plain number is believed; the answer to a repeated order may hold none. */
static int64_t answered_id(const char *answer)
{
	cJSON *json = cJSON_Parse(answer);
	const cJSON *id = cJSON_GetObjectItem(json, "response");
	int64_t value = cJSON_IsNumber(id) && id->valuedouble >= 1 ? (int64_t)id->valuedouble : 0;

	cJSON_Delete(json);
	return value;
}

static void refused(struct job *job, const struct message *m)
{
	char *record = db_text(job->db, "SELECT 'order:' || order_id FROM out_order WHERE key = ?", "t", m->key);
	char *message = xasprintf("Brightpearl refused it: %s", m->text);

	out_reject(job, "out_order", m->key, message);
	reject_open(job, "orders", record, "refused", message,
		    "mend what it names in the order, the mappings or Brightpearl, then ./run.sh retry");
	job->counts.rejected++;
	free(message);
	free(record);
}

static void settle_one(struct job *job, const struct message *m)
{
	int64_t id = m->outcome == HTTP_OK ? answered_id(m->answer) : 0;

	if (id) {
		orders_link(job, m->key, id, "created");
		job->counts.done++;
	} else if (m->outcome == HTTP_REFUSED) {
		refused(job, m);
	} else if (m->outcome == HTTP_LATER) {
		out_release(job, "out_order", m->key, m->text);
	} else { /* unknown, or done without telling an id: the reference will tell */
		out_doubt(job, "out_order", m->key, m->outcome == HTTP_OK ? "no id was answered" : m->text);
	}
}

static void settle(void *context, struct message *m, int count)
{
	struct sending *s = context;

	db_begin(s->job->db);
	for (int i = 0; i < count; i++)
		settle_one(s->job, &m[i]);
	db_commit(s->job->db);
	s->sent += count;
	log_progress("orders sent", s->sent, s->total);
}

/* Pack after pack until none is ready; a refused pack's orders go once more, one by one. */
static bool send_ready(struct job *job)
{
	char *why = NULL;
	bool fine = true;
	int64_t ready = out_count(job, "out_order", READY), before;

	do {
		struct sending s = {.job = job, .last = xstrdup(""), .total = ready,
				    .instance = load_instance(job)};
		before = ready;
		fine = multi_run(job, &(struct multi_source){.next = next, .claim = claim, .settle = settle,
				 .context = &s, .waiting = ready}, &why);
		free(s.last);
		ready = out_count(job, "out_order", READY);
	} while (fine && ready && ready < before);
	log_progress_end();
	if (!fine)
		job_note(job, EX_TEMPFAIL, "Brightpearl: sending orders: %s", why);
	free(why);
	return fine;
}

static bool load(struct job *job)
{
	bool waiting = false;

	if (!out_count(job, "out_order", "state = 'claimed' OR (" READY ")"))
		return true;
	if (!orders_mirror(job))
		return false;
	if (out_count(job, "out_order", "state = 'claimed'") && !orders_settle_doubt(job, &waiting))
		return false;
	if (!orders_adopt(job))
		return false;
	bool sent = send_ready(job);
	/* What is in doubt since just now often shows at once. */
	if (sent && out_count(job, "out_order", "state = 'claimed' AND looked_up_at IS NULL")) {
		if (!orders_settle_doubt(job, &waiting))
			return false;
		sent = send_ready(job);
	}
	if (out_count(job, "out_order", "state = 'claimed'"))
		job_later(job, "%lld orders in doubt: they are looked up again by the next run",
			  (long long)out_count(job, "out_order", "state = 'claimed'"));
	if (sent && out_count(job, "out_order", READY))
		job_later(job, "%lld orders could not be sent yet",
			  (long long)out_count(job, "out_order", READY));
	return sent;
}

bool orders_load(struct job *job)
{
	return load_run(job, &(struct load){.job = "orders", .table = "out_order", .limit = "limits.orders",
			.ready = READY, .run = load});
}
