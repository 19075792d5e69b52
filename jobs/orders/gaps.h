/* Orders whose own id could not be read when the list gave them: table order_gap holds the id before
 * each.  They are read again, what stands between that order and the next one that is known, until all
 * there can be read; meanwhile each is a reject. */
#ifndef JOBS_ORDERS_GAPS_H
#define JOBS_ORDERS_GAPS_H

#include "lib/stage.h"

bool gaps_read(struct job *); /* false: an outage, noted */

#endif
