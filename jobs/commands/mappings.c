/* mappings check: every complaint about the mapping files, against the lists as last read. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/job.h"
#include "lib/map.h"
#include "lib/show.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_known(const char *name)
{
	for (const struct map_file *f = map_files; f->name; f++)
		if (!strcmp(name, f->name))
			return true;
	return *name == '.' || !strcmp(name, "README.md") || !strcmp(name, "datapackage.json");
}

/* "statuses (1).csv": a spreadsheet may have saved what was meant to be read under another name. */
static void print_strangers(const struct options *o)
{
	char *folder = xasprintf("%s/mappings", o->store);
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		if (!is_known(entries[i]->d_name))
			show("mappings/%s: warning: this file is not read: only the nine files of "
			     "mappings/README.md are, by their exact names\n",
			     entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(folder);
}

int command_mappings(const struct options *o)
{
	if (o->count != 1 || strcmp(o->arguments[0], "check") != 0)
		die(EX_USAGE, "usage: ./run.sh mappings check");
	struct session *session = session_open(o, "mappings");
	struct db *db = session_job(session)->db;
	db_begin(db);
	int complaints = session_mappings(db, o);
	char *text = map_complaints(db), *names = map_names(db);
	db_commit(db);
	for (const struct map_file *f = map_files; f->name; f++)
		if (f->empty_becomes && *f->empty_becomes)
			show("%s: an empty \"becomes\" means: %s\n", f->name, f->empty_becomes);
	print_strangers(o);
	show_lines(text);
	show_lines(names);
	show("%d complaint%s\n", complaints, complaints == 1 ? "" : "s");
	free(text);
	free(names);
	session_close(session);
	return complaints ? EX_CONFIG : 0;
}
