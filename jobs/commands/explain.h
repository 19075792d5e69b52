/* One order's story, on stdout; brief: only what stopped it or became of it, and what is next. */
#ifndef JOBS_COMMANDS_EXPLAIN_H
#define JOBS_COMMANDS_EXPLAIN_H

#include "jobs/store.h"

void explain_order(struct db *, const struct options *, int64_t order, bool brief);

#endif
