/* Running a transform.
 *
 * A transform.sql reads stg_, ref_ and map_ tables and makes out_ rows, in one transaction.  What
 * cannot be mapped it leaves in temp.problem(key, reason, message, hint, csv_line), its books in
 * temp.books(considered, planned, unchanged, skipped, rejected).  It runs unedited in the sqlite3
 * shell. */
#ifndef JOBS_TRANSFORM_H
#define JOBS_TRANSFORM_H

#include "lib/stage.h"

/* first: a script to run before sql, NULL = none */
bool transform_run(struct job *, const char *name, const char *first, const char *sql);

#endif
