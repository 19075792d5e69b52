/* The stages in their order: GNU Make runs each that has no stamp, and what hangs on it. */
#ifndef JOBS_COMMANDS_CHAIN_H
#define JOBS_COMMANDS_CHAIN_H

#include "jobs/store.h"

void chain_name_run(int64_t run); /* the stages started from now on are of that run */

/* goals: stamps to make, all of them malloc'ed paths; none = the whole chain.  Returns the worst
 * code that a stage told, 75 when one was killed before it could tell.
 *
 * When the end is asked for (stop.h), no more stages are started and those under way are told: data/stop says why.
 * What has not ended when no request can be under way any more is killed. */
int chain_make(const struct options *, struct db *, char **goals, int count);

#endif
