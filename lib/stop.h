/* An end that was asked for.
 *
 * Asked by SIGTERM, SIGINT or SIGHUP, by ./run.sh stop (a mark in the store's data/), or by the time that a
 * run may take (run.max_minutes).  Nothing is broken off: whoever is about to begin something asks
 * stop_reason() first, and the HTTP client sends nothing more, waits for the answers under way, and gives
 * what was not sent as HTTP_LATER.  A second signal ends the process at once.
 *
 *   stop_watch(&(struct stop_options){.mark = "…/data/stop"});
 *   if (stop_reason())
 *           ...
 */
#ifndef LIB_STOP_H
#define LIB_STOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct stop_options {
	const char
		*mark; /* file whose being there asks for the end, its text says why; NULL = none */
	bool child; /* started by Make: ends when Make does, and Make may pass a signal on to it */
};

/* Signals that were ignored before stay ignored (nohup).  SIGPIPE is ignored from now on: a reader that
 * goes away breaks nothing off. */
void stop_watch(const struct stop_options *);

void stop_after_minutes(
	int64_t minutes);           /* since stop_watch(), by a clock that nobody sets; 0 = never */
void stop_takes_along(pid_t child); /* killed when a second signal ends us; 0 = none */

/* Why to end, "it got SIGTERM"; NULL: go on.  Looks at the mark, at most five times a second. */
const char *stop_reason(void);

#endif
