#include "jobs/commands/session.h"

#include "lib/map.h"
#include "lib/redact.h"
#include "lib/server_clock.h"
#include "lib/stop.h"

#include <stdlib.h>
#include <string.h>

/* The request journal: rows are kept until the next commit, or the end. */
struct session {
	struct job job;
	struct config *config;
	struct http_record *rows;
	int count, room;
	struct server_clock clocks[2]; /* as last saved */
};

/* Answers hold no secret any more; what is sent may, if somebody wrote one into a field. */
static char *copy(const char *text)
{
	char *kept = text ? xstrdup(text) : NULL;

	if (kept)
		redact(kept, strlen(kept));
	return kept;
}

static void note_request(void *context, const struct http_record *r)
{
	struct session *s = context;

	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 16;
		s->rows = xrealloc(s->rows, (size_t)s->room * sizeof *s->rows);
	}
	struct http_record *row = &s->rows[s->count++];
	*row = *r;
	row->method = copy(r->method);
	row->path = copy(r->path);
	row->body = copy(r->body);
	row->answer = copy(r->answer);
}

static void write_request(struct job *job, const struct http_record *r)
{
	static const char *const outcomes[] = {"ok", "refused", "later", "unknown"};

	db_run(job->db,
	       "INSERT INTO request(run_id, stage, at, api, method, path, status, outcome, "
	       "attempts, ms,"
	       " bytes_out, bytes_in, body, answer) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	       "?)",
	       "ititttitiiiitt", job->run, job->stage, r->at / 1000, api_name[r->api], r->method,
	       r->path, (int64_t)r->status, outcomes[r->outcome], (int64_t)r->attempts, r->ms,
	       r->bytes_out, r->bytes_in, r->body, r->answer);
}

static void save_clocks(struct session *s)
{
	const struct server_clock *now = http_clocks(s->job.http);

	for (int api = 0; api < 2; api++) {
		if (!memcmp(&s->clocks[api], &now[api], sizeof *now))
			continue;
		s->clocks[api] = now[api];
		server_clock_save(s->job.db, api, &now[api]);
		server_clock_compare(s->job.db, s->job.run, api, &now[api]);
	}
}

static void flush_requests(void *context)
{
	struct session *s = context;

	if (s->count)
		save_clocks(s);

	for (int i = 0; i < s->count; i++) {
		struct http_record *r = &s->rows[i];
		write_request(&s->job, r);
		free((void *)(uintptr_t)r->method);
		free((void *)(uintptr_t)r->path);
		free((void *)(uintptr_t)r->body);
		free((void *)(uintptr_t)r->answer);
	}
	s->count = 0;
}

struct session *session_open(const struct options *o, const char *name)
{
	if (!store_lock(o))
		die(EX_TEMPFAIL,
		    "another run of this store is under way: wait until it ends, or end it with"
		    " ./run.sh stop");
	struct session *s = xcalloc(1, sizeof *s);
	s->job = (struct job){.db = store_open(o),
			      .store = o->store,
			      .stage = name,
			      .allow_large = o->allow_large,
			      .plan = o->plan};
	s->job.db->before_commit = flush_requests;
	s->job.db->before_commit_context = s;
	return s;
}

void session_ask(struct session *s, const struct options *o)
{
	static const char *const parallel[] = {"api.bigcommerce_parallel",
					       "api.brightpearl_parallel"};
	static const char *const share[] = {"api.bigcommerce_share", "api.brightpearl_share"};
	char *quota = store_path(o, "quota");

	s->config = config_load(o->store);
	s->job.config = s->config;
	server_clock_load(s->job.db, s->clocks);
	struct http_options http = {.config = s->config,
				    .clocks = s->clocks,
				    .quota_file = quota,
				    .journal = note_request,
				    .journal_context = s};
	for (int api = 0; api < 2; api++) {
		http.parallel[api] = (int)setting_int(s->job.db, parallel[api], 3 + api);
		http.share[api] = (int)setting_int(s->job.db, share[api], 80);
	}
	s->job.http = http_open(&http);
	char *mark = store_path(o, "stop");
	stop_watch(&(struct stop_options){.mark = mark});
	stop_after_minutes(setting_int(s->job.db, "run.max_minutes", 120));
	free(mark);
	free(quota);
}

struct job *session_job(struct session *s)
{
	return &s->job;
}

void session_close(struct session *s)
{
	if (s->count) {
		db_begin(s->job.db);
		db_commit(s->job.db);
	}
	http_close(s->job.http);
	db_close(s->job.db);
	config_free(s->config);
	free(s->job.message);
	free(s->rows);
	free(s);
}

int session_mappings(struct db *db, const struct options *o)
{
	char *folder = xasprintf("%s/mappings", o->store);
	char *digest = db_text(db, "SELECT value FROM map_settings WHERE setting = '(digest)'", "");
	int complaints = map_load(db, folder);

	if (digest)
		db_run(db, "INSERT OR REPLACE INTO map_settings VALUES('(digest)', ?, 0)", "t",
		       digest);
	free(digest);
	free(folder);
	return complaints;
}

struct session *session_begin(const struct options *o, const char *name)
{
	struct session *s = session_open(o, name);
	struct db *db = s->job.db;

	db_begin(db);
	session_mappings(db, o);
	db_commit(db);
	session_ask(s, o);
	store_check_binding(db, s->config);
	s->job.run = db_int(db, 0, "SELECT coalesce(max(id), 0) FROM run", "");
	return s;
}
