/* Reading what the list of orders did not give, order by order: the first request of the next few
 * orders is asked for before it is needed, so that latency does not idle the quota. */
#ifndef JOBS_ORDERS_AHEAD_H
#define JOBS_ORDERS_AHEAD_H

#include "lib/http.h"
#include "lib/stage.h"

struct ahead {
	const char *missing; /* SQL condition on stg_bc_order o, order_choice c: it is to be read;
				ahead_read() only */
	const char *what;    /* for progress */
	struct call *(*ask)(struct job *,
			    int64_t order); /* its first request; NULL: none for now */
	/* All of it, first = that request.  False: an outage, noted. */
	bool (*read)(struct job *, int64_t order, struct call *first);
};

/* One order's list was answered, but not as what was asked for: it waits, rejected by the transform, and the
 * others go on.  False: that was an outage, or several in a row were such, so it is the server. */
struct bc_read;
bool ahead_leave(const struct bc_read *);

/* For those orders, by their ids.  False: an outage. */
bool ahead_read(struct job *, const struct ahead *);
/* The same for the orders in temp.cut(id), which the caller filled. */
bool ahead_read_listed(struct job *, const struct ahead *);

#endif
