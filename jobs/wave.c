#include "jobs/wave.h"

#include "jobs/job.h"
#include "jobs/load.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

struct sending {
	struct job *job;
	const struct wave *wave;
	char *last;          /* key of the last row handed out */
	int64_t sent, total; /* for progress */
};

static bool next(void *context, struct message *m)
{
	struct sending *s = context;
	STMT st = db_prepare(s->job->db, s->wave->select);

	bind(st, ":last", s->last);
	if (sqlite3_bind_parameter_index(st, ":instance"))
		bind(st, ":instance", load_instance(s->job));
	if (!stmt_row(st))
		return false;
	free(s->last);
	s->last = xstrdup(col_text(st, 0));
	m->key = xstrdup(s->last);
	m->method = s->wave->method ? s->wave->method : "POST";
	m->uri = xstrdup(s->wave->uri ? s->wave->uri : col_text(st, 2));
	m->body = xstrdup(col_text(st, 1));
	if (s->wave->header && !col_null(st, 3))
		m->header = xstrdup(col_text(st, 3));
	return true;
}

static void claim(void *context, struct message *m, int count)
{
	struct sending *s = context;

	db_begin(s->job->db);
	for (int i = 0; i < count; i++) {
		out_claim(s->job, s->wave->table, m[i].key);
		if (s->wave->claimed)
			s->wave->claimed(s->job, m[i].key);
	}
	db_commit(s->job->db);
}

/* Only an id that is a plain number is believed; the answer to a repeated write may hold none. */
static int64_t answered_id(enum api api, const char *answer)
{
	cJSON *json = cJSON_Parse(answer);
	const cJSON *id = cJSON_GetObjectItem(json, api == BRIGHTPEARL ? "response" : "id");
	int64_t value = cJSON_IsNumber(id) && id->valuedouble >= 1 ? (int64_t)id->valuedouble : 0;

	cJSON_Delete(json);
	return value;
}

static void settle_one(struct job *job, const struct wave *wave, const struct message *m)
{
	bool ok = m->outcome == HTTP_OK;
	int64_t id = ok && !wave->no_id && !wave->answered ? answered_id(wave->api, m->answer) : 0;

	if (ok && wave->answered)
		wave->answered(job, m->key, m->answer);
	else if (id || (ok && wave->no_id))
		wave->made(job, m->key, id);
	else if (m->outcome == HTTP_REFUSED && m->status == 412 && wave->stale)
		wave->stale(job, m->key);
	else if (m->outcome == HTTP_REFUSED)
		wave->refused(job, m->key, m->text);
	else if (wave->claims && m->outcome == HTTP_LATER)
		out_release(job, wave->table, m->key, m->text);
	else if (wave->claims) /* unknown, or done without telling an id: it will be looked up */
		out_doubt(job, wave->table, m->key, ok ? "no id was answered" : m->text);
}

static void settle(void *context, struct message *m, int count)
{
	struct sending *s = context;

	db_begin(s->job->db);
	for (int i = 0; i < count; i++)
		settle_one(s->job, s->wave, &m[i]);
	db_commit(s->job->db);
	s->sent += count;
	log_progress(s->wave->what, s->sent, s->total);
}

bool wave_send(struct job *job, const struct wave *wave)
{
	struct sending s = {.job = job, .wave = wave};
	int64_t ready = out_count(job, wave->table, wave->ready), before;
	char *why = NULL;
	bool fine;
	int passes =
		0; /* a first pass without progress may have found multi-message out of order */

	s.total = ready;
	do {
		before = ready;
		s.last = xstrdup("");
		fine = multi_run(job,
				 &(struct multi_source){.api = wave->api,
							.single = wave->single,
							.in_turn = wave->in_turn,
							.next = next,
							.settle = settle,
							.claim = wave->claims ? claim : NULL,
							.context = &s,
							.waiting = ready},
				 &why);
		free(s.last);
		ready = out_count(job, wave->table, wave->ready);
	} while (fine && ready && (ready < before || ++passes == 1));
	log_progress_end();
	if (!fine)
		job_note(job, EX_TEMPFAIL, "%s: sending %s: %s", api_title[wave->api], wave->what,
			 why);
	free(why);
	return fine;
}

char *wave_refusal(enum api api, const char *why)
{
	const char *who = api_title[api];
	bool said = !strncmp(why, who, strlen(who)); /* the message of a single call says who */

	return xasprintf("%s%s%s", said ? "" : who, said ? "" : " refused it: ", why);
}

void wave_refuse(struct job *job, const struct wave *wave, const char *job_name, const char *key,
		 const char *record, const char *why, const char *hint)
{
	char *message = wave_refusal(wave->api, why);

	out_reject(job, wave->table, key, message);
	reject_open(job, job_name, record, "refused", message, hint);
	job->counts.rejected++;
	free(message);
}
