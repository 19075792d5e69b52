/* What time it is, by the servers: their Date headers, as far as these can be believed.
 *
 * This machine's clock may be hours or years off, so it decides nothing about data: which changes are
 * asked for, what was read before what, how old a shipment is.  A server's clock moves as fast as any:
 * a Date that moved by more than the time that passed here (measured by a clock that nobody sets) and
 * five minutes is told and not used; until three answers in a row agree on it, what was believed before goes
 * on.  One system that tells no Date is taken to have the other's time.
 *
 *   the rules                 server_clock_told(), server_clock_at(); the HTTP client goes by them
 *   in a job                  server_time(), server_now(); in SQL the view clock_ahead
 *   from process to process   server_clock_load(), server_clock_save()
 *
 * What only waits (patience with a row in doubt, the age of a reading) goes by clock_now().
 */
#ifndef LIB_SERVER_CLOCK_H
#define LIB_SERVER_CLOCK_H

#include "lib/stage.h"

#include <stdint.h>

/* Of one system: the Date believed last and the ticks (clock_ticks()) at which it came; then the
 * one that was not believed, and how many answers in a row agreed on that. */
struct server_clock {
	int64_t date, ticks; /* date: seconds, 0 = none yet */
	int64_t here;        /* what this machine's clock said then */
	int64_t other, other_ticks, others;
};

/* An answer told this Date (0: none, or none that can be read).  The time to go by, 0 when nothing is
 * known; *jump is by how many seconds a Date that is not believed was off, else 0. */
int64_t server_clock_told(struct server_clock *, int64_t date, int64_t ticks, int64_t *jump);
int64_t server_clock_at(const struct server_clock *, int64_t ticks); /* 0 = not known */

/* Seconds, by that system's clock or, where it tells none, by the other's; 0 = neither told one. */
int64_t server_time(struct job *, enum api);
bool server_time_is_sure(struct job *,
			 enum api); /* that system told it, and no answer contradicts */
/* The same; this machine's clock stands in when neither told one. */
int64_t server_now(struct job *, enum api);

/* Table server_clock.  After a restart of the machine nothing is known, since ticks begin anew.
 * Saving needs a transaction. */
void server_clock_load(struct db *, struct server_clock[2]);
void server_clock_save(struct db *, enum api, const struct server_clock *);
/* This machine's clock was minutes off just now: told once a run.  Needs a transaction. */
void server_clock_compare(struct db *, int64_t run, enum api, const struct server_clock *);

#endif
