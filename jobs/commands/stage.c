/* One stage, started by Make: pearlbridge stage orders.load; its stamp is data/run/orders.load.ok */
#include "jobs/commands/commands.h"
#include "jobs/commands/open_run.h"
#include "jobs/commands/session.h"
#include "jobs/stages.h"
#include "lib/file.h"
#include "lib/map.h"
#include "lib/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void refuse_complaints(struct job *job, const struct stage_entry *entry)
{
	char *files = *entry->reads ? map_unusable(job->db, entry->reads) : NULL;

	if (files)
		die(EX_CONFIG,
		    "%s reads %s, about which there are complaints: mend them and run again",
		    entry->name, files);
}

/* The stamp is made under another name and renamed: it is there whole or not at all. */
static void write_stamp(const struct options *o, const char *stage)
{
	char *name = xasprintf("run/%s.ok", stage), *stamp = store_path(o, name),
	     *made = xasprintf("%s.tmp", stamp);
	int fd = file_open(made, O_WRONLY | O_CREAT | O_TRUNC);

	if (fd < 0 || close(fd) < 0)
		die(EX_IOERR, "cannot write the stamp %s: %s", made, file_why(made));
	if (rename(made, stamp) < 0)
		die(EX_IOERR, "cannot write the stamp %s: %s", stamp, strerror(errno));
	free(name);
	free(stamp);
	free(made);
}

static void log_to_file(const struct options *o, const char *stage)
{
	char *log = xasprintf("run/%s.log", stage), *path = store_path(o, log);

	log_open(&(struct log_options){.json = o->json, .quiet = o->quiet, .verbose = o->verbose},
		 stage, path);
	free(log);
	free(path);
}

static void watch(const struct options *o, struct db *db)
{
	const char *reports = getenv("PEARLBRIDGE_REPORT_FD");
	char *mark = store_path(o, "stop");

	stop_watch(&(struct stop_options){.mark = mark, .child = reports && *reports});
	stop_after_minutes(setting_int(db, "run.max_minutes", 120));
	free(mark);
}

static int work(struct session *session, const struct options *o, const struct stage_entry *entry)
{
	struct job *job = session_job(session);

	if (entry->asks)
		session_ask(session, o);
	stage_begin(job);
	refuse_complaints(job, entry);
	bool fine = entry->run(job);
	if (!fine && entry->later && job->code == EX_TEMPFAIL)
		fine = job->later = true; /* an outage here holds nothing else back */
	int code = stage_end(job, !fine);
	stage_open(entry->name); /* dying of the stamp is told, too */
	if (code == 0)
		write_stamp(o, entry->name);
	return code;
}

int command_stage(const struct options *o)
{
	const struct stage_entry *entry = o->count == 1 ? stage_find(o->arguments[0]) : NULL;

	if (!entry)
		die(EX_USAGE, "usage: pearlbridge stage NAME");
	if (!getenv("PEARLBRIDGE_RUN"))
		die(EX_USAGE, "no run is under way: stages are started by ./run.sh");
	stage_open(entry->name);
	open_run_check_folder(o);
	log_to_file(o, entry->name);
	struct session *session = session_open(o, entry->name);
	watch(o, session_job(session)->db);
	/* one that Make started before it heard of the end is not begun: the run owes it */
	int code = stop_reason() ? EX_TEMPFAIL : work(session, o, entry);
	session_close(session);
	return code;
}
