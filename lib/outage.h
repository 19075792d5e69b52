/* A reading that failed: the stage ends, and the next run goes on where it stood.
 *
 * An outage is 75.  A list that may not be read is 77 and names the permission; one that the account
 * does not have is 78 and names the setting.  An answer that is well-formed and not what was asked for
 * is an outage as well: what it said is quoted, without our credentials.
 */
#ifndef LIB_OUTAGE_H
#define LIB_OUTAGE_H

#include "lib/stage.h"

/* Note on the job why `what` ("reading orders") failed.  Returns false. */
bool job_outage(struct job *, enum api, const char *what, const struct reply *);

/* The same of an answer that cannot be believed: odd says what is wrong with it.  Returns false. */
bool job_odd(struct job *, enum api, const char *what, const char *odd, const char *body);

/* The beginning of an answer, on one line, without our credentials.  malloc'ed. */
char *quote_answer(const char *body);

#endif
