/* The chain that was wanted against the ledger (table stage): exit 0 means that every stage of it wrote its
 * row, whatever Make said.
 *
 * A stage without a stamp is owed by this attempt at the run: its row of an earlier attempt (if there is one)
 * is marked as due, and counts no longer until the stage has begun again. */
#ifndef JOBS_COMMANDS_LEDGER_H
#define JOBS_COMMANDS_LEDGER_H

#include "jobs/store.h"

/* names: jobs and stages; needs: what they need is wanted as well; no names = the whole chain.  Into
 * temp.wanted(name), the last stage first. */
void ledger_want(struct db *, char **names, int count, bool needs);
void ledger_owe(struct db *, const struct options *,
		int64_t run); /* once the stamps are as Make shall find them */

/* What was wanted and has no row, or none of this attempt, or one that tells of no end: "orders.load, ...",
 * malloc'ed; NULL = nothing.  Stages that rest (their job is off) are not missed. */
char *ledger_missing(struct db *, int64_t run);

/* The worst code of what this attempt met. */
int ledger_code(struct db *, int64_t run);

#endif
