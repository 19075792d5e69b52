#include "lib/told.h"

#include "lib/clock.h"

bool told_first(struct job *job, const char *record, const char *what)
{
	db_run(job->db, "INSERT INTO told(record, what, at) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
	       "tti", record, what, clock_now() / 1000);
	return db_changes(job->db) > 0;
}
