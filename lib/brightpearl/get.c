#define _GNU_SOURCE
#include "lib/brightpearl/get.h"

#include "lib/brightpearl/entries.h"
#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/pipeline.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD         2 /* 200 sales orders may be 4 MB each */
#define REFUSED_ALONE 3 /* ids that are refused before any is answered: it is not their fault */

struct reading {
	const struct get *get;
	char *rest; /* ids still to be asked for, "1001,1002,..." */
	int64_t answered, refused;
};

/* --- asking ---------------------------------------------------------------------------------- */

/* The next ids of the list, at most that many; malloc'ed, NULL when there are none. */
static char *next_ids(struct reading *r)
{
	char *ids = r->rest, *end = ids;

	if (!ids || !*ids)
		return NULL;
	for (int i = 0; i < r->get->most && end; i++)
		end = strchr(i ? end + 1 : end, ',');
	r->rest = end ? end + 1 : NULL;
	return end ? xasprintf("%.*s", (int)(end - ids), ids) : xstrdup(ids);
}

/* "1001-1004,1007": Brightpearl takes neighbours as a range, which keeps an address short. */
static char *ranges(const char *ids)
{
	BUF out = buf_new(strlen(ids) + 1);
	char *rest = NULL;

	for (const char *p = ids; *p; p = *rest ? rest + 1 : rest) {
		long long from = strtoll(p, &rest, 10), to = from;
		char *more = rest;
		while (*more && strtoll(more + 1, &more, 10) == to + 1) {
			to++;
			rest = more;
		}
		buf_printf(&out, "%s%lld", p > ids ? "," : "", from);
		if (to > from)
			buf_printf(&out, "-%lld", to);
	}
	return buf_take(&out);
}

static struct call *ask(struct job *job, const struct get *get, const char *ids)
{
	char *list = ranges(ids);
	char *path = xasprintf("%s%s%s", get->before, list, get->after ? get->after : "");
	struct call *call = http_submit(job->http, &(struct http_request){.api = BRIGHTPEARL,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(list);
	free(path);
	return call;
}

/* --- settling -------------------------------------------------------------------------------- */

static bool outage(struct job *job, const struct get *get, const struct reply *r)
{
	char *what = xasprintf("reading %s", get->what);

	job_outage(job, BRIGHTPEARL, what, r);
	free(what);
	return false;
}

static bool odd(struct job *job, const struct get *get, const char *why, const struct reply *r)
{
	char *what = xasprintf("reading %s", get->what);

	job_odd(job, BRIGHTPEARL, what, why, reply_json(r));
	free(what);
	return false;
}

static bool settle(struct job *, struct reading *, const char *ids, struct call *, bool again);

static bool settle_halves(struct job *job, struct reading *r, const char *ids)
{
	char *list = xstrdup(ids), *comma = strchr(list + strlen(list) / 2, ',');

	comma = comma ? comma : strrchr(list, ',');
	*comma = 0;
	bool fine = settle(job, r, list, ask(job, r->get, list), false) &&
		    settle(job, r, comma + 1, ask(job, r->get, comma + 1), false);
	free(list);
	return fine;
}

/* A refusal that may be the fault of one of the ids. */
static bool spoils(int status)
{
	return status == 400 || status == 404 || status == 410 || status == 413 || status == 414 ||
	       status == 422;
}

static bool settle_refused(struct job *job, struct reading *r, const char *ids,
			   const struct reply *reply)
{
	const struct get *get = r->get;
	bool absent = reply->status == 404 || reply->status == 410;

	if (absent && (get->none_is_404 || !strchr(ids, ','))) {
		get->keep(job, ids, reply);
		return true;
	}
	if (strchr(ids, ','))
		return settle_halves(job, r, ids);
	if (!r->answered && ++r->refused >= REFUSED_ALONE)
		return outage(job, get, reply);
	if (get->refused)
		get->refused(job, ids, reply);
	else
		entries_reject(job, get, ids, reply->message);
	return true;
}

static bool settle_answer(struct job *job, struct reading *r, const char *ids, bool again,
			  const struct reply *reply)
{
	struct entries e = entries_read(job, r->get, ids, again, reply_json(reply));
	bool fine = !e.odd;

	if (e.odd)
		odd(job, r->get, e.odd, reply);
	r->answered += fine;
	if (fine && *e.ids) {
		struct reply kept = *reply;
		kept.body = e.body;
		kept.size = strlen(e.body);
		r->get->keep(job, e.ids, &kept);
	}
	if (fine && *e.left_out)
		fine = settle(job, r, e.left_out, ask(job, r->get, e.left_out), true);
	entries_free(&e);
	return fine;
}

static bool settle(struct job *job, struct reading *r, const char *ids, struct call *call,
		   bool again)
{
	REPLY reply = http_wait(job->http, call);

	if (reply.outcome == HTTP_OK)
		return settle_answer(job, r, ids, again, &reply);
	if (reply.outcome == HTTP_REFUSED && spoils(reply.status))
		return settle_refused(job, r, ids, &reply);
	return outage(job, r->get, &reply);
}

/* --- the pipeline ---------------------------------------------------------------------------- */

static struct call *ask_next(struct job *job, void *context, struct asked *about)
{
	struct reading *r = context;

	about->key = next_ids(r);
	return about->key ? ask(job, r->get, about->key) : NULL;
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	return settle(job, context, about->key, call, false);
}

bool get_read(struct job *job, const struct get *get)
{
	int64_t total = db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
	char *ids = db_text(job->db,
			    "SELECT group_concat(id) FROM (SELECT id FROM temp.asked ORDER BY id)",
			    "");
	struct reading reading = {.get = get, .rest = ids};
	bool fine = pipeline_run(job,
				 &(struct pipeline){.ahead = get->most == 1 ? 0 : AHEAD,
						    .context = &reading,
						    .ask = ask_next,
						    .take = take,
						    .what = get->what,
						    .total = (total + get->most - 1) / get->most});

	free(ids);
	return fine;
}
