/* Orders that are called off in the shop, and goods that are refunded before they left, must not be
 * shipped by Brightpearl.  They are told in the run that reads of it, whatever is switched on, be it
 * not the orders themselves: rejects cancelled:ORDER and refunded:ORDER, which close by themselves
 * when Brightpearl cannot ship them any more.
 *
 * A cancellation that the statuses job is about to carry over is left to it; live_tell_left() then
 * tells of those that it did not. */
#ifndef JOBS_ORDERS_LIVE_H
#define JOBS_ORDERS_LIVE_H

#include "lib/stage.h"

/* At the end of orders.load, unless every job is off.  Reads such sales orders where they may have changed; no request when
 * there are none.  False: an outage, noted on the job. */
bool live_tell(struct job *);

/* At the end of statuses.load: by the orders as they are now, no request. */
void live_tell_left(struct job *);

#endif
