/* The brakes of a load.  They look at what is unusual, never at what is new:
 *
 * What came since this load last sent all that was ready (orders placed, notes shipped, statuses
 * changed) is never held.  What is older may be late by a mended mapping; but when more of it is
 * ready at once than limits.factor times the most that was sent in such a span of the last 28 days
 * (50 may always; runs with --allow-large do not count), those rows (and
 * only those) are held: column held says why, and no READY condition fits them.  Never held are rows
 * that a person was asked about before (a reject), and orders that a run is for by name or backfill.
 *
 * limits.orders and its like are the last stop: more than that is never sent at once.  Above it what
 * came since goes, if that alone is not more; then what a person asked for, if it fits in too; the rest
 * is held.  Before the first load that sent all there is no other brake, and above it nothing at all
 * goes.  --allow-large JOB takes both off for one run.
 *
 * Stock has brakes of its own: jobs/inventory/brake.h. */
#ifndef JOBS_BRAKE_H
#define JOBS_BRAKE_H

#include "lib/stage.h"

struct load;

struct brake {
	const char *limit; /* setting of the last stop: "limits.orders" */
	const char *did;   /* "placed", for messages */
	/* SQL conditions on a row: it came since :since (our clock), or is of an order above :last;
	 * a person asked for it */
	const char *recent, *asked;
	/* SQL: the most that were sent within :span seconds, in the 28 days before :now */
	const char *busiest;
};
extern const struct brake brake_orders, brake_order_notes, brake_contacts, brake_shipments,
	brake_statuses;

/* Mark what is held.  False: nothing may be sent.  Either is noted with 65 unless it is only
 * planned. */
bool brake_apply(struct job *, const struct load *);

/* All that was ready and not held was sent: the next span begins with this run. */
void brake_release(struct job *, const struct load *);

/* Whether --allow-large names this job; NAME may be a direction: statuses.to_bigcommerce. */
bool brake_is_off(struct job *, const char *name);

/* Whether some brake of this job may be taken off; for the command line. */
bool brake_knows(const char *job);
#define BRAKE_JOBS "customers, orders, fulfillment, statuses and inventory"

#endif
