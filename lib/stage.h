/* The ledger of runs and stages, and what a stage's code has in its hands.
 *
 * A stage is one process: stage_begin(), the job's function, stage_end().  It ends ok, later (some
 * rows or one feed must wait) or failed; job_later() and job_fail() say so and why.  Dying is
 * recorded as failed by the hook that stage_begin() sets.  The books of a stage must balance:
 *
 *   transform  considered = planned + unchanged + skipped + rejected
 *   load       planned = done + rejected + ignored + remaining
 *
 * else it fails with 70.
 */
#ifndef LIB_STAGE_H
#define LIB_STAGE_H

#include "lib/db.h"
#include "lib/http.h"

#include <stdbool.h>
#include <stdint.h>

struct counts {
	int64_t extracted, changed;
	int64_t considered, planned, unchanged, skipped, rejected, done, ignored, remaining;
	int64_t already_there, changed_there, short_there; /* of done; the others were created */
};

struct job {
	struct db *db;
	struct http *http;           /* NULL in a stage that asks nothing of the APIs */
	const struct config *config; /* NULL likewise */
	const char *store;           /* folder */
	const char *stage;           /* "orders.load" */
	int64_t run;
	const char *allow_large; /* --allow-large: "orders,inventory": jobs whose brakes are off for
				   * this run; NULL = none */
	bool plan;               /* ./run.sh plan: send nothing, whatever the settings say */
	struct counts counts;
	bool later;
	int code; /* worst so far */
	char *message;
};

/* From now on the run is told with which code the stage dies, even before it begins. */
void stage_open(const char *stage);

/* Begin the stage in the run that PEARLBRIDGE_RUN names; dies when it is not the open one. */
void stage_begin(struct job *);
/* Check the books, record the end; returns the exit code of the process: 0 when a stamp may be
 * written (ok and later), else the stage's code. */
int stage_end(struct job *, bool failed);

/* Some rows wait: the stage goes on, the run ends with 75.  The first reason is kept. */
void job_later(struct job *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A result worth reading in status, with an exit code of its own (65: a brake holds the load). */
void job_note(struct job *, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* "yes", "plan" or "no" of NAME.enabled, plan instead of yes under ./run.sh plan.  malloc'ed. */
char *job_enabled(struct job *, const char *name);
bool job_is_off(struct job *, const char *name); /* NAME.enabled is no */

/* Of several exit codes the one that run.sh must give: 70, 78, 77, 74, 73, 75, 65, 0; unknown
 * ones and an injected crash come first. */
int stage_worse(int code, int other);

#endif
