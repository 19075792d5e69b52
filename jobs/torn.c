#include "jobs/torn.h"

#include "jobs/job.h"
#include "lib/log.h"
#include "lib/utf8.h"

#include <stdlib.h>

char *torn_tell(struct job *job, const char *record, const char *json)
{
	if (!utf8_torn(json))
		return NULL;
	char *fields = db_text(
		job->db,
		"SELECT replace(group_concat(substr(fullkey, 3), ', '), '\"', '') FROM"
		" (SELECT fullkey FROM json_tree(?) WHERE type = 'text' AND torn(atom)"
		"   ORDER BY id LIMIT 20)",
		"t", json);
	if (fields)
		log_warn(
			record,
			"text that is not UTF-8, or was cut in two, is read with U+FFFD for what is lost: "
			"%s",
			fields);
	return fields;
}

void torn_tell_rows(struct job *job, const char *select)
{
	STMT st = db_prepare(job->db, select);

	while (stmt_row(st))
		free(torn_tell(job, col_text(st, 0), col_text(st, 1)));
}
