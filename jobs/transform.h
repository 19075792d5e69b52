/* Running a transform.
 *
 * A transform's scripts read stg_, ref_ and map_ tables and make out_ rows, in one transaction.
 * What cannot be mapped they leave in temp.problem(key, reason, message, hint, csv_line), their
 * books in temp.books(considered, planned, unchanged, skipped, rejected).  They run unedited in the
 * sqlite3 shell.
 *
 * What a person said to ignore (table decision) is then taken out of both: it is skipped. */
#ifndef JOBS_TRANSFORM_H
#define JOBS_TRANSFORM_H

#include "lib/stage.h"

/* scripts: run one after the other, ended by NULL */
bool transform_run(struct job *, const char *name, const char *const *scripts);

/* The same in a load that has read both sides once more: inside its transaction, and its books stay
 * as they are. */
void transform_again(struct job *, const char *name, const char *const *scripts);

#endif
