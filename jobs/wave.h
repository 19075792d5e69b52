/* Sending the rows of an out_ table that are ready, and settling them by what was answered.
 *
 * Rows go in the order of their keys; to Brightpearl packed where that pays (lib/multi.h).  With
 * `claims`, a row is claimed before it leaves, so that it is in doubt if anything dies; without, it
 * may be sent again at will.  Rows that a refused pack gave back go once more, one by one. */
#ifndef JOBS_WAVE_H
#define JOBS_WAVE_H

#include "lib/multi.h"

struct wave {
	enum api api;
	const char *table;  /* "out_order" */
	const char *ready;  /* SQL condition of the rows that are sent */
	const char *select; /* key, body of the next row after :last; may use :instance */
	const char *method; /* NULL = POST */
	const char *uri;    /* where to; NULL = the third column of select */
	const char *what;   /* "orders", for messages and progress */
	bool claims;
	bool single;  /* never packed: a PATCH */
	bool in_turn; /* as in lib/multi.h */
	bool header; /* select's fourth column is one more header line, NULL = none; needs single */
	bool no_id;  /* success answers no id: made() is told 0 */
	void (*claimed)(struct job *,
			const char *key); /* in the claim's transaction; NULL = nothing more */
	/* Inside a transaction: id = what was made. */
	void (*made)(struct job *, const char *key, int64_t id);
	/* Instead of made(), where the whole answer to a success matters, not an id. */
	void (*answered)(struct job *, const char *key, const char *answer);
	void (*refused)(struct job *, const char *key, const char *why);
	/* It changed since it was read (412): nothing was done.  NULL = as refused */
	void (*stale)(struct job *, const char *key);
};

/* False when the service is down (noted on the job). */
bool wave_send(struct job *, const struct wave *);

/* Why a row was refused, saying who did; to be freed. */
char *wave_refusal(enum api, const char *why);

/* Open a reject for a row that the other side refused, and mark the row.  record: "order:1042". */
void wave_refuse(struct job *, const struct wave *, const char *job_name, const char *key,
		 const char *record, const char *why, const char *hint);

#endif
