/* The kinds of records that Pearlbridge brings over: one for each out_ table, or for each direction
 * of one.  What is told of records in general (plan, status, summary, retry, ignore, ...) goes
 * through this table, so a new job adds a line and is known everywhere.
 *
 * Every such table has the columns key, body, state, sent, remote_id, attempts, claimed_at,
 * looked_up_at, look_ups, message and changed_run, as out_order has them. */
#ifndef JOBS_RECORDS_H
#define JOBS_RECORDS_H

#include "lib/stage.h"

struct record_kind {
	const char *job;     /* "orders": of its rejects, and of its stages */
	const char *enabled; /* "orders": the setting orders.enabled switches it on */
	const char *table;   /* "out_order" */
	const char *rows;    /* SQL condition of the rows that are of this kind; "true" = all */
	const char *record;  /* SQL: what a row is called on the command line: order:1042 */
	const char *waits;   /* SQL: what a row has to wait for, NULL when nothing */
	const char *units;   /* "orders" */
	const char *made;    /* what sending one does: "create" or "write" */
	enum api to;
};
extern const struct record_kind record_kinds[]; /* in the order of the chain; end: job NULL */

struct record_row {
	char *key, *state;
	int64_t remote_id; /* 0 = none */
};
/* The row that is called record (order:1042).  False: this kind has none. */
bool record_find(struct db *, const struct record_kind *, const char *record, struct record_row *);
void record_free(struct record_row *);
#define RECORD_ROW __attribute__((cleanup(record_free))) struct record_row

/* SQL: why a brake holds a row (jobs/brake.h), NULL = none does. */
const char *record_held(struct db *, const struct record_kind *);

/* No kind is switched on, not even to plan. */
bool records_all_off(struct job *);

#endif
