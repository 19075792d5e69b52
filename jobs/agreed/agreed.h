/* Values that both systems may change: notes and statuses of linked orders.
 *
 * Table agreed keeps, per order and field, the pair of values that the two sides last agreed on;
 * merge.sql compares it with the values as they are now and says which way something has to be
 * carried.  A load reads both sides again before it writes, and merges again: so a row in doubt is
 * settled by what is there now, and no write crosses a change that was just made.  What a write
 * made of the other side is recorded as agreed on, so that it is never read back as news.
 *
 * An order that we created begins with the pair of its creation, and a direction that is switched on later
 * carries what differs from it; not to BigCommerce if that may mail the shopper.
 *
 * The tables out_note and out_status have the columns order_id, field, target, source, merged and
 * value in common; their keys are what a record is called on the command line. */
#ifndef JOBS_AGREED_AGREED_H
#define JOBS_AGREED_AGREED_H

#include "jobs/wave.h"

/* SQL: rows of the orders that this run is about (all, unless ./run.sh order names some); those of
 * them that are ready to be written to a side. */
#define AGREED_ROWS                                                                                \
	"(NOT EXISTS (SELECT 1 FROM order_named) OR order_id IN (SELECT id FROM order_named))"
#define AGREED_READY(target)                                                                       \
	"state = 'pending' AND held IS NULL AND target = '" target "' AND " AGREED_ROWS

struct agreed_job {
	const char *name;         /* "notes" */
	const char *table;        /* "out_note" */
	const char *const *merge; /* its transform's scripts, ended by NULL */
	const char *direction[2]; /* by enum api: "notes.to_bigcommerce", "notes.to_brightpearl" */
	const struct wave *wave[2];
	bool (*send[2])(struct job *); /* wave_send() of that */
	const struct brake *brake;     /* NULL = none */
};

/* Inside the transaction that claims an order: the pair of both sides' values at its creation, whichever
 * directions are on. */
void agreed_begin(struct job *, const char *order_key);

/* Both directions are off.  One that is on plan and was never on yes is looked at as if it went live
 * now, and nothing is recorded. */
bool agreed_is_idle(struct job *, const struct agreed_job *);

/* The transform: also remembers since when a direction is on yes. */
bool agreed_transform(struct job *, const struct agreed_job *);
bool agreed_load(struct job *, const struct agreed_job *);

/* Inside a transaction, what came of a row: the target now holds `value` (as it is compared), or
 * refuses it. */
void agreed_done(struct job *, const struct agreed_job *, const char *key, const char *value);
void agreed_refused(struct job *, const struct agreed_job *, enum api, const char *key,
		    const char *why);

/* again.c: read the BigCommerce orders of temp.asked(id INTEGER PRIMARY KEY) once more: their
 * status and notes.  False: an outage, noted on the job. */
bool agreed_read_bigcommerce(struct job *);

#endif
