/* The mapping files -> map_*, checked against the live lists.
 *
 * Every complaint is printed at once.  A file with complaints stops the jobs that read it, not this
 * stage: the others go on, and the run ends with 78. */
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/map.h"

#include <stdlib.h>
#include <string.h>

static void print_lines(char *text, int complaints)
{
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			log_line(complaints ? LOG_ERROR : LOG_WARN, "", "%s", line);
}

/* A reference that orders were sent with cannot change: they would be sent again under the new one. */
static int check_reference(struct job *job)
{
	db_run(job->db,
	       "INSERT INTO map_complaint(file, line, column, severity, message)"
	       " SELECT 'settings.csv', m.line, 'value', 'complaint', 'orders.reference is \"' || m.value ||"
	       " '\", but orders were sent with \"' || b.reference || '\": put that back, it cannot change any more'"
	       "   FROM map_settings m JOIN binding b"
	       "  WHERE m.setting = 'orders.reference' AND m.value <> b.reference", "");
	int64_t count = db_changes(job->db);
	db_run(job->db, "UPDATE map_file SET complaints = complaints + ? WHERE file = 'settings.csv'", "i", count);
	return (int)count;
}

bool reference_transform(struct job *job)
{
	char *folder = xasprintf("%s/mappings", job->store), *digest = map_digest(folder);

	db_begin(job->db);
	int complaints = map_load(job->db, folder);
	complaints += check_reference(job);
	db_run(job->db, "INSERT OR REPLACE INTO map_settings VALUES('(digest)', ?, 0)", "t", digest);
	char *text = map_complaints(job->db);
	db_commit(job->db);
	products_fill_key(job);
	print_lines(text, complaints);
	if (complaints)
		job_note(job, EX_CONFIG, "%d complaint%s about the mappings", complaints,
			 complaints == 1 ? "" : "s");
	free(text);
	free(folder);
	free(digest);
	return true;
}
