/* Request budgets of the simulated clock: BigCommerce per 30 s, Brightpearl per minute. */
#ifndef QUOTA_H
#define QUOTA_H

#include "exchange.h"

/* Count the request and add the quota headers.  False: over budget, the answer is filled. */
bool quota_take(struct exchange *);
void quota_refuse(struct exchange *); /* the answer of a throttled request, whatever the budget */

#endif
