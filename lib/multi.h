/* Many writes in few requests.
 *
 * A source hands out messages one at a time.  To Brightpearl they are packed ten to a multi-message
 * (which counts as one request), several batches in flight, and settled in order.  Below MULTI_FROM
 * waiting, and once multi-message proves to be out of order, each goes by a request of its own; so
 * do those to BigCommerce, which has no such thing, and those of a `single` source.
 *
 * What a batch's answer means (contract section 14): 4xx or the throttle text = nothing was
 * processed; any other outer answer but 200 and 207, a label missing from it, or no answer, leaves
 * a message in doubt (HTTP_UNKNOWN).  PATCH inside multi-message is unproven: do not use it here.
 */
#ifndef LIB_MULTI_H
#define LIB_MULTI_H

#include "lib/stage.h"

#define MULTI_MOST    10
#define MULTI_FROM    4
#define MULTI_IN_TURN 50
#define MULTI_BYTES   (256 * 1024)

struct message {   /* what is malloc'ed is freed by multi_run */
	char *key; /* label */
	const char *method;
	char *uri, *body;
	char *header; /* one more header line, of a `single` source only; NULL = none */
	/* the result: */
	enum outcome outcome;
	int status;
	char *answer; /* JSON as answered to this message, "" when none */
	char *text;   /* why, for people */
};

struct multi_source {
	enum api api;
	bool single; /* never packed */
	/* The first who asks gets what is scarce: up to MULTI_IN_TURN go one request after the other.  More
	 * would take too long; then only those of one batch are in turn. */
	bool in_turn;
	/* Fill the next message; false when there is none.  room = bytes left in the batch. */
	bool (*next)(void *context, struct message *);
	/* Commit that these are about to be sent (claims).  NULL = nothing to commit. */
	void (*claim)(void *context, struct message *, int count);
	/* Commit what came of them; all in one transaction. */
	void (*settle)(void *context, struct message *, int count);
	void *context;
	int64_t waiting; /* about how many messages there are */
};

/* Send all of it.  False when the service is down (a batch ended LATER, or two requests in a row
 * UNKNOWN): nothing more was sent, *why (malloc'ed) tells the reason. */
bool multi_run(struct job *, const struct multi_source *, char **why);

#endif
