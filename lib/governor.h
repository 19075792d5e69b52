/* Quota: use the share we may use, all of it, and provoke no throttle answer.
 *
 * Both sides count requests in fixed windows and tell in each answer how many are left and when the
 * window ends (BigCommerce X-Rate-Limit-*, 150 or 450 per 30 s; Brightpearl brightpearl-requests-
 * remaining and -next-throttle-period, 200 per minute of the clock; both shared with other programs).
 * One governor_window per API lives in a file that all processes of the store map, so that they share
 * the quota as well.
 *
 *   wait = governor_take(g, BIGCOMMERCE, 80, &ticket);   0: send now, else ask again after wait ms
 *   governor_answered(g, BIGCOMMERCE, &ticket, &told);   or governor_lost() when no answer came
 *
 * Why it holds: within a window what is left only falls, so the lowest number told covers every
 * request answered so far; those still under way are subtracted.  Nothing told means: as if it counted.
 * A window ends at the latest moment that an answer allows (received + reset), so that no request of
 * the next one arrives in it; one sent before but counted after is recognised by its own answer.
 * A process that dies leaves its requests "under way", which ends with the next window but one.
 *
 * While it is not known where a window begins, or others used quota in the last one, a window begins
 * with a single request whose answer tells how things are.
 */
#ifndef LIB_GOVERNOR_H
#define LIB_GOVERNOR_H

#include "lib/http.h"

struct governor_window {
	int64_t api;                   /* enum api */
	int64_t length, start, end;    /* ms; where the window lies */
	int64_t number;                /* of the window, growing */
	int64_t quota, lowest;         /* lowest: least that was told to be left in this window */
	int64_t most;                  /* the quota that explains what was told to be left */
	int64_t used, answered;        /* by us, of this window */
	int64_t carried;               /* of earlier windows, not answered: may count in this one */
	int64_t others, others_before; /* seen to be used by others; in the window before */
	int64_t taken_at, blocked_until;
	int64_t known; /* what `end` rests on */
};

struct governor_ticket {
	int64_t window, sent_at;
};

/* What an answer's headers said; -1 = nothing, or nothing sensible. */
struct governor_told {
	int64_t quota, left, reset_ms, length_ms;
};

/* The rules, without clock or file. */
void governor_window_reset(struct governor_window *, enum api);
int64_t governor_window_take(struct governor_window *, int share, int64_t now,
			     struct governor_ticket *);
void governor_window_answered(struct governor_window *, const struct governor_ticket *,
			      const struct governor_told *, int64_t now);
void governor_window_lost(struct governor_window *, const struct governor_ticket *);

/* The same on the file, by the clock.  Dies when the file cannot be used. */
struct governor;
struct governor *governor_open(const char *path); /* NULL: not shared with other processes */
void governor_close(struct governor *);           /* NULL is fine */
int64_t governor_take(struct governor *, enum api, int share, struct governor_ticket *);
void governor_answered(struct governor *, enum api, const struct governor_ticket *,
		       const struct governor_told *);
void governor_lost(struct governor *, enum api, const struct governor_ticket *);
void governor_block(struct governor *, enum api, int64_t ms); /* nobody sends before */

#endif
