/* The mapping files -> map_*, checked against the live lists.
 *
 * Every complaint is printed at once.  A file with complaints stops the jobs that read it, not this
 * stage: the others go on, and the run ends with 78. */
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "jobs/stages.h"
#include "lib/map.h"

#include <stdlib.h>
#include <string.h>

extern const char sql_reference_paused[];

static void print_lines(char *text)
{
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			log_line(strstr(line, ": warning: ") ? LOG_WARN : LOG_ERROR, "", "%s",
				 line);
}

static void print_names(char *names)
{
	for (char *rest = names, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			log_warn("", "%s", line);
}

bool reference_transform(struct job *job)
{
	char *folder = xasprintf("%s/mappings", job->store), *digest = map_digest(folder);

	db_begin(job->db);
	int complaints = map_load(job->db, folder);
	db_run(job->db, "INSERT OR REPLACE INTO map_settings VALUES('(digest)', ?, 0)", "t",
	       digest);
	if (!job->plan)
		db_script(job->db, sql_reference_paused);
	char *text = map_complaints(job->db), *names = map_names(job->db);
	db_commit(job->db);
	products_fill_key(job);
	stages_mark_off(job);
	print_lines(text);
	print_names(names);
	if (complaints)
		job_note(job, EX_CONFIG, "%d complaint%s about the mappings", complaints,
			 complaints == 1 ? "" : "s");
	free(text);
	free(names);
	free(folder);
	free(digest);
	return true;
}
