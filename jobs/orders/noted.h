/* How many pieces of each row of a sales order are on goods-out or drop-ship notes: stg_bp_noted.
 * They count as given, whether the note is shipped or not. */
#ifndef JOBS_ORDERS_NOTED_H
#define JOBS_ORDERS_NOTED_H

#include "lib/stage.h"

/* Of the sales orders of temp.asked(id).  False: an outage, noted on the job. */
bool noted_read(struct job *);

/* Of linked orders whose codes say that there are notes, and that were read since: those that owe
 * goods, or of which something was refunded.  No request when there are none. */
bool noted_read_changed(struct job *);

#endif
