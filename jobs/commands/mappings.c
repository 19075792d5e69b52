/* mappings check: every complaint about the mapping files, against the lists as last read. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"
#include "lib/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_mappings(const struct options *o)
{
	if (o->count != 1 || strcmp(o->arguments[0], "check") != 0)
		die(EX_USAGE, "usage: ./run.sh mappings check");
	if (!store_lock(o)) {
		log_error("", "another run of this store is under way: it holds data/lock");
		return EX_TEMPFAIL;
	}
	struct db *db = store_open(o);
	char *folder = xasprintf("%s/mappings", o->store);
	db_begin(db);
	int complaints = map_load(db, folder);
	char *text = map_complaints(db);
	db_commit(db);
	for (const struct map_file *f = map_files; f->name; f++)
		if (f->empty_becomes && *f->empty_becomes)
			printf("%s: an empty \"becomes\" means: %s\n", f->name, f->empty_becomes);
	printf("%s%d complaint%s\n", text, complaints, complaints == 1 ? "" : "s");
	free(text);
	free(folder);
	db_close(db);
	return complaints ? EX_CONFIG : 0;
}
