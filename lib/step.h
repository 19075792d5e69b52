/* The crash seam: a counter that ticks at every moment after which the outside could differ.
 *
 * step() is called before and after each COMMIT (db.c), before each request is sent and after its
 * answer arrived, before it is believed (http.c), when a new OAuth token is kept, and nowhere else, so a new job is covered without
 * a thought.  For tests:
 *   PEARLBRIDGE_STEP_FILE=path   the counter, one int64_t, shared by all processes of a run
 *   PEARLBRIDGE_CRASH_AT=n       at the n-th tick die at once, exit code 100
 *   PEARLBRIDGE_STEP_TRACE=path  the name of each tick is appended there as a line
 * Without any of them a tick costs nothing to speak of.
 */
#ifndef LIB_STEP_H
#define LIB_STEP_H

void step(const char *where);

#endif
