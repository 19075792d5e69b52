/* What orders name, asked for by its id: table named_read. */
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/clock.h"
#include "lib/server_clock.h"

#include <stdlib.h>

/* temp.unread: what was refused for another reason than that it does not exist. */
static void unread(struct job *job, const char *ids)
{
	db_run(job->db,
	       "INSERT OR IGNORE INTO temp.unread SELECT value FROM json_each('[' || ? || ']')",
	       "t", ids);
}

void named_listed(struct job *job, const char *ids, const struct bc_read *read)
{
	if (read->refused) {
		unread(job, ids);
		return;
	}
	if (!read->absent)
		db_script(job->db, "INSERT OR IGNORE INTO temp.answered SELECT id FROM temp.page"
				   " WHERE id IN (SELECT id FROM temp.asked)");
	db_script(job->db, "DELETE FROM temp.asked WHERE id IN (SELECT id FROM temp.answered)");
}

void named_answered(struct job *job, const char *ids, const struct reply *r, const char *path)
{
	if (r->outcome != HTTP_OK && r->status != 404) {
		unread(job, ids);
		return;
	}
	if (r->outcome == HTTP_OK)
		db_run(job->db,
		       "INSERT OR IGNORE INTO temp.answered SELECT whole(value -> '$.id') FROM json_each(?, ?)"
		       " WHERE whole(value -> '$.id') IN (SELECT id FROM temp.asked)",
		       "tt", reply_json(r), path);
	db_script(job->db, "DELETE FROM temp.asked WHERE id IN (SELECT id FROM temp.answered)");
}

static void note(struct job *job, const char *kind, const char *which, const char *there)
{
	char *sql = xasprintf("INSERT OR REPLACE INTO named_read(kind, id, run, at, there)"
			      " SELECT ?, id, ?, ?, %s FROM %s",
			      there, which);

	db_run(job->db, sql, "tii", kind, job->run, clock_now() / 1000);
	free(sql);
}

/* An answer may leave out what is there (a short page): only one that holds none of those asked for
 * says that they do not exist. */
bool named_read(struct job *job, const char *kind, bool (*read)(struct job *))
{
	int64_t left = db_int(job->db, 0, "SELECT count(*) FROM temp.asked", ""), before = left + 1;

	db_script(job->db, "DROP TABLE IF EXISTS temp.answered; DROP TABLE IF EXISTS temp.unread;"
			   "CREATE TEMP TABLE answered(id INTEGER PRIMARY KEY);"
			   "CREATE TEMP TABLE unread(id INTEGER PRIMARY KEY)");
	while (left && left < before) {
		before = left;
		if (!read(job))
			return false;
		left = db_int(job->db, 0, "SELECT count(*) FROM temp.asked", "");
	}
	db_begin(job->db);
	db_script(job->db, "DELETE FROM temp.asked WHERE id IN (SELECT id FROM temp.unread)");
	note(job, kind, "temp.answered", "1");
	note(job, kind, "temp.asked", "0");
	note(job, kind, "temp.unread WHERE id NOT IN (SELECT id FROM temp.answered)", "NULL");
	db_commit(job->db);
	return true;
}

/* Compared with what changed in BigCommerce, so by that clock. */
void named_note_list(struct job *job, const char *kind)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO named_read(kind, id, run, at, there) VALUES(?, 0, ?, ?, 1)",
	       "tii", kind, job->run, server_now(job, BIGCOMMERCE));
}
