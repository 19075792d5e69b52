/* mappings check: every complaint about the mapping files, against the lists as last read. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/job.h"
#include "lib/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_mappings(const struct options *o)
{
	if (o->count != 1 || strcmp(o->arguments[0], "check") != 0)
		die(EX_USAGE, "usage: ./run.sh mappings check");
	struct session *session = session_open(o, "mappings");
	struct db *db = session_job(session)->db;
	db_begin(db);
	int complaints = session_mappings(db, o);
	char *text = map_complaints(db);
	db_commit(db);
	for (const struct map_file *f = map_files; f->name; f++)
		if (f->empty_becomes && *f->empty_becomes)
			printf("%s: an empty \"becomes\" means: %s\n", f->name, f->empty_becomes);
	printf("%s%d complaint%s\n", text, complaints, complaints == 1 ? "" : "s");
	free(text);
	session_close(session);
	return complaints ? EX_CONFIG : 0;
}
