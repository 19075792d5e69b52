/* The stages in their order: GNU Make runs each that has no stamp, and what hangs on it. */
#ifndef JOBS_COMMANDS_CHAIN_H
#define JOBS_COMMANDS_CHAIN_H

#include "jobs/store.h"

/* goals: stamps to make, all of them malloc'ed paths; none = the whole chain.  Returns the worst
 * code that a stage told, 75 when one was killed before it could tell. */
int chain_make(const struct options *, char **goals, int count);

#endif
