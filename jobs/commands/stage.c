/* One stage, started by Make: pearlbridge stage orders.load; its stamp is data/run/orders.load.ok */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/stages.h"
#include "lib/map.h"

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
	int fd = open(made, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || close(fd) < 0 || rename(made, stamp) < 0)
		die(EX_IOERR, "cannot write the stamp %s", stamp);
	free(name);
	free(stamp);
	free(made);
}

int command_stage(const struct options *o)
{
	const struct stage_entry *entry = o->count == 1 ? stage_find(o->arguments[0]) : NULL;

	if (!entry)
		die(EX_USAGE, "usage: pearlbridge stage NAME");
	char *log = xasprintf("run/%s.log", entry->name), *path = store_path(o, log);
	log_open(&(struct log_options){.json = o->json, .quiet = o->quiet, .verbose = o->verbose},
		 entry->name, path);
	free(log);
	free(path);
	struct session *session = session_open(o, entry->name);
	struct job *job = session_job(session);
	if (entry->asks)
		session_ask(session, o);
	stage_begin(job);
	refuse_complaints(job, entry);
	bool fine = entry->run(job);
	if (!fine && entry->later && job->code == EX_TEMPFAIL)
		fine = job->later = true; /* an outage here holds nothing else back */
	int code = stage_end(job, !fine);
	if (code == 0)
		write_stamp(o, entry->name);
	session_close(session);
	return code;
}
