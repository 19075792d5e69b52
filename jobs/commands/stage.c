/* One stage, started by Make: pearlbridge stage orders.load STAMP */
#include "jobs/commands/commands.h"
#include "jobs/stages.h"
#include "lib/map.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The request journal: rows are kept until the next commit, or the end of the stage. */
struct journal {
	struct job *job;
	struct http_record *rows;
	int count, room;
};

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static void note_request(void *context, const struct http_record *r)
{
	struct journal *j = context;

	if (j->count == j->room) {
		j->room = j->room ? 2 * j->room : 16;
		j->rows = xrealloc(j->rows, (size_t)j->room * sizeof *j->rows);
	}
	struct http_record *row = &j->rows[j->count++];
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

static void flush_requests(void *context)
{
	struct journal *j = context;

	for (int i = 0; i < j->count; i++) {
		struct http_record *r = &j->rows[i];
		write_request(j->job, r);
		free((void *)(uintptr_t)r->method);
		free((void *)(uintptr_t)r->path);
		free((void *)(uintptr_t)r->body);
		free((void *)(uintptr_t)r->answer);
	}
	j->count = 0;
}

static void open_http(struct job *job, const struct options *o, struct journal *journal)
{
	static const char *const parallel[] = {"api.bigcommerce_parallel",
					       "api.brightpearl_parallel"};
	static const char *const share[] = {"api.bigcommerce_share", "api.brightpearl_share"};
	char *quota = store_path(o, "quota");
	struct http_options http = {.config = job->config,
				    .quota_file = quota,
				    .journal = note_request,
				    .journal_context = journal};

	for (int api = 0; api < 2; api++) {
		http.parallel[api] = (int)setting_int(job->db, parallel[api], 3 + api);
		http.share[api] = (int)setting_int(job->db, share[api], 80);
	}
	job->http = http_open(&http);
	free(quota);
}

static void refuse_complaints(struct job *job, const struct stage_entry *entry)
{
	char *files = *entry->reads ? map_unusable(job->db, entry->reads) : NULL;

	if (files)
		die(EX_CONFIG,
		    "%s reads %s, about which there are complaints: mend them and run again",
		    entry->name, files);
}

/* The stamp is made under another name and renamed: it is there whole or not at all. */
static void write_stamp(const char *stamp)
{
	char *made = xasprintf("%s.tmp", stamp);
	int fd = open(made, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || close(fd) < 0 || rename(made, stamp) < 0)
		die(EX_IOERR, "cannot write the stamp %s", stamp);
	free(made);
}

int command_stage(const struct options *o)
{
	const struct stage_entry *entry = o->count == 2 ? stage_find(o->arguments[0]) : NULL;

	if (!entry)
		die(EX_USAGE, "usage: pearlbridge stage NAME STAMP");
	char *log = xasprintf("run/%s.log", entry->name), *path = store_path(o, log);
	log_open(&(struct log_options){.json = o->json, .quiet = o->quiet, .verbose = o->verbose},
		 entry->name, path);
	free(log);
	free(path);
	if (!store_lock(o))
		die(EX_TEMPFAIL, "another run of this store is under way");
	struct config *config = entry->asks ? config_load(o->store) : NULL;
	struct job job = {.db = store_open(o),
			  .config = config,
			  .store = o->store,
			  .stage = entry->name,
			  .allow_large = o->allow_large,
			  .plan = o->plan};
	struct journal journal = {.job = &job};
	job.db->before_commit = flush_requests;
	job.db->before_commit_context = &journal;
	stage_begin(&job);
	refuse_complaints(&job, entry);
	if (entry->asks)
		open_http(&job, o, &journal);
	bool fine = entry->run(&job);
	if (!fine && entry->later && job.code == EX_TEMPFAIL)
		fine = job.later = true; /* an outage here holds nothing else back */
	int code = stage_end(&job, !fine);
	if (code == 0)
		write_stamp(o->arguments[1]);
	http_close(job.http);
	db_close(job.db);
	config_free(config);
	free(job.message);
	free(journal.rows);
	return code;
}
