/* Sending the rows of an out_ table that are ready, and settling them by what was answered.
 *
 * Rows go in the order of their keys, packed where that pays (lib/multi.h).  With `claims`, a row
 * is claimed before it leaves, so that it is in doubt if anything dies; without, it may be sent
 * again at will.  Rows that a refused pack gave back go once more, one by one. */
#ifndef JOBS_WAVE_H
#define JOBS_WAVE_H

#include "lib/multi.h"

struct wave {
	const char *table;  /* "out_order" */
	const char *ready;  /* SQL condition of the rows that are sent */
	const char *select; /* key, body (and uri) of the next row after :last; may use :instance */
	const char *uri;    /* where all go; NULL = each where its third column says */
	const char *method; /* NULL = POST */
	bool answers_nothing; /* a success needs no id: made() is given 0 */
	const char *what;     /* "orders", for messages and progress */
	bool claims;
	void (*claimed)(struct job *,
			const char *key); /* in the claim's transaction; NULL = nothing more */
	/* Inside a transaction: id = what was made, 0 = the answer named none. */
	void (*made)(struct job *, const char *key, int64_t id);
	void (*refused)(struct job *, const char *key, const char *why);
};

/* False when the service is down: noted on the job. */
bool wave_send(struct job *, const struct wave *);

/* Open a reject for a row that the other side refused, and mark the row.  record: "order:1042". */
void wave_refuse(struct job *, const struct wave *, const char *job_name, const char *key,
		 const char *record, const char *why, const char *hint);

#endif
