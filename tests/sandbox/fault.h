/* What shall go wrong with a request: table fault, and the switches fault_at / fault_kind. */
#ifndef FAULT_H
#define FAULT_H

#include "exchange.h"

struct fault {
	const struct fault_kind *kind; /* NULL: none */
	char *arg;
};

/* Count the request and choose the fault that fires, the switch first, then by id. */
struct fault fault_take(const struct exchange *);
void fault_release(struct fault *);

const char *fault_name(const struct fault *); /* NULL when there is none */
int64_t fault_stall_ms(const struct fault *); /* to sleep before processing */
bool fault_skips(const struct fault *);       /* the request is not processed at all */
void fault_before(const struct fault *, struct exchange *); /* changes what is asked for */
void fault_apply(const struct fault *, struct exchange *);  /* after processing, or instead of it */

#endif
