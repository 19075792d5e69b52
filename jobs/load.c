#include "jobs/load.h"

#include "jobs/brake.h"
#include "jobs/job.h"
#include "lib/out.h"

#include <stdlib.h>
#include <string.h>

static int64_t instance_known(struct job *job)
{
	return setting_int(job->db, "orders.instance_id", http_instance_id(job->http));
}

int64_t load_instance(struct job *job)
{
	int64_t refused = db_int(job->db, 0,
				 "SELECT position FROM cursor WHERE feed = 'instance_refused'", "");
	int64_t id = instance_known(job);

	return id == refused ? 0 : id;
}

void load_instance_refused(struct job *job)
{
	int64_t id = instance_known(job);

	log_warn("", "Brightpearl refuses the integration instance id %lld: sending without it",
		 (long long)id);
	db_run(job->db,
	       "INSERT OR REPLACE INTO cursor(feed, position) VALUES('instance_refused', ?)", "i",
	       id);
}

static int64_t count_waiting(struct job *job, const struct load *load)
{
	char *where = xasprintf("state IN ('pending', 'claimed') AND (%s)",
				load->rows ? load->rows : "true");
	int64_t count = out_count(job, load->table, where);

	free(where);
	return count;
}

/* What was counted since `before` is of a kind of its own. */
static void count_apart(struct job *job, const struct load *load, const struct counts *before)
{
	db_begin(job->db);
	db_run(job->db,
	       "INSERT OR REPLACE INTO stage_part(run_id, name, units, done, rejected, remaining,"
	       " already_there, changed_there, short_there) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
	       "ittiiiiii", job->run, job->stage, load->units, job->counts.done - before->done,
	       job->counts.rejected - before->rejected, job->counts.remaining - before->remaining,
	       job->counts.already_there - before->already_there,
	       job->counts.changed_there - before->changed_there,
	       job->counts.short_there - before->short_there);
	db_commit(job->db);
}

static void release(struct job *job, const struct load *load)
{
	db_begin(job->db);
	brake_release(job, load);
	db_commit(job->db);
}

bool load_run(struct job *job, const struct load *load)
{
	struct counts before = job->counts;
	bool fine = true;

	if (job_is_off(job, load->job))
		return true;
	char *enabled = job_enabled(job, load->job);
	int64_t waiting = count_waiting(job, load);
	bool may = !load->brake || brake_apply(job, load);
	job->counts.planned += waiting;
	if (!strcmp(enabled, "yes")) {
		if (may)
			fine = load->run(job);
		if (may && fine && load->brake)
			release(job, load);
	} else if (waiting) {
		log_warn("", "NOTHING SENT: %s is on plan (%lld %s waiting)", load->job,
			 (long long)waiting, load->units ? load->units : load->job);
	}
	job->counts.remaining += count_waiting(job, load);
	if (load->units)
		count_apart(job, load, &before);
	free(enabled);
	return fine;
}

void load_remaining(struct job *job, const char *table, const char *where, const char *what)
{
	int64_t count = out_count(job, table, where);

	if (count)
		job_later(job, "%lld %s", (long long)count, what);
}
