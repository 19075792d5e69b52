/* The last comparison of both systems, on stdout. */
#ifndef JOBS_COMMANDS_RECONCILE_PRINT_H
#define JOBS_COMMANDS_RECONCILE_PRINT_H

#include "jobs/store.h"

/* A table for a person, or (--json) an object, or (--csv) a sheet of sums and differences. */
void reconcile_print(struct db *, const struct options *);
/* What became of it, in one line: "1629 orders, sums equal, 0 differences", malloc'ed; NULL: it was
 * not made in this run, or (0) at any time. */
char *reconcile_verdict(struct db *, int64_t run);

#endif
