#define _GNU_SOURCE
#include "lib/bulk.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/pipeline.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD 2 /* requests asked for before they are needed; 200 sales orders may be 4 MB each */

/* "1001,1002,...": the next ids of temp.asked after `last`; NULL when there are none. */
static char *next_ids(struct job *job, int most, int64_t *last)
{
	char *ids = db_text(job->db,
			    "SELECT group_concat(id) FROM (SELECT id FROM temp.asked WHERE id > ?"
			    " ORDER BY id LIMIT ?)",
			    "ii", *last, (int64_t)most);
	const char *comma = ids ? strrchr(ids, ',') : NULL;

	if (ids)
		*last = strtoll(comma ? comma + 1 : ids, NULL, 10);
	return ids;
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

static struct call *ask(struct job *job, const struct bulk *bulk, const char *ids)
{
	bool filter = strchr(bulk->before, '?'); /* of a search, which takes no ranges */
	char *list = bulk->api == BRIGHTPEARL && !filter ? ranges(ids) : xstrdup(ids);
	char *path = xasprintf("%s%s%s", bulk->before, list, bulk->after);
	free(list);
	struct call *call = http_submit(job->http, &(struct http_request){.api = bulk->api,
									  .method = "GET",
									  .path = path,
									  .may_be_absent = true});
	free(path);
	return call;
}

/* The comma nearest the middle, NULL for one id alone. */
static char *middle(char *ids)
{
	char *comma = strchr(ids + strlen(ids) / 2, ',');

	return comma ? comma : strrchr(ids, ',');
}

/* Brightpearl's answers are {"response": ...}, BigCommerce's {"data": [...]} or a bare list.  A success
 * without it says nothing about the ids: least of all that they are not there. */
static bool has_envelope(struct job *job, const struct bulk *bulk, const char *body)
{
	const char *sql =
		bulk->api == BRIGHTPEARL
			? "SELECT json_type(?, '$.response') IN ('object', 'array')"
			: "SELECT json_type(?1) = 'array' OR json_type(?1, '$.data') = 'array'";

	return db_int(job->db, 0, sql, "t", body);
}

static bool has_entries(struct job *job, const struct bulk *bulk, const char *body)
{
	if (!bulk->entry)
		return true;
	char *sql = xasprintf("SELECT NOT EXISTS (SELECT 1 FROM json_each(?, '$.response') e"
			      " WHERE NOT coalesce(iif(e.type = 'object', %s, 0), 0))",
			      bulk->entry);
	bool all = db_int(job->db, 0, sql, "t", body);

	free(sql);
	return all;
}

static bool settle(struct job *, const struct bulk *, char *ids, struct call *);

static bool settle_halves(struct job *job, const struct bulk *bulk, char *ids, char *comma)
{
	*comma = 0;
	return settle(job, bulk, ids, ask(job, bulk, ids)) &&
	       settle(job, bulk, comma + 1, ask(job, bulk, comma + 1));
}

static bool settle(struct job *job, const struct bulk *bulk, char *ids, struct call *call)
{
	REPLY r = http_wait(job->http, call);
	char *comma = middle(ids);

	if (r.status == 403)
		die(EX_NOPERM, "%s: reading %s: %s", api_title[bulk->api], bulk->what, r.message);
	if (r.outcome == HTTP_REFUSED && r.status / 100 == 4 && comma &&
	    !(r.status == 404 && bulk->none_is_404))
		return settle_halves(job, bulk, ids, comma);
	if (r.outcome != HTTP_OK && (r.outcome != HTTP_REFUSED || r.status / 100 != 4)) {
		job_note(job, EX_TEMPFAIL, "%s: reading %s: %s", api_title[bulk->api], bulk->what,
			 *r.message ? r.message : "the answer cannot be read");
		return false;
	}
	if (r.outcome == HTTP_OK &&
	    (!has_envelope(job, bulk, reply_json(&r)) || !has_entries(job, bulk, reply_json(&r)))) {
		job_note(job, EX_TEMPFAIL,
			 "%s: reading %s: the answer is not what was asked for: %.120s",
			 api_title[bulk->api], bulk->what, reply_json(&r));
		return false;
	}
	bulk->keep(job, ids, &r);
	return true;
}

struct reading {
	const struct bulk *bulk;
	int64_t last;
};

static struct call *ask_next(struct job *job, void *context, struct asked *about)
{
	struct reading *r = context;

	about->key = next_ids(job, r->bulk->most, &r->last);
	return about->key ? ask(job, r->bulk, about->key) : NULL;
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	struct reading *r = context;

	return settle(job, r->bulk, about->key, call);
}

bool bulk_read(struct job *job, const struct bulk *bulk)
{
	int64_t total = db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
	struct reading reading = {.bulk = bulk};

	return pipeline_run(job,
			    &(struct pipeline){.ahead = AHEAD,
					       .context = &reading,
					       .ask = ask_next,
					       .take = take,
					       .what = bulk->what,
					       .total = (total + bulk->most - 1) / bulk->most});
}
