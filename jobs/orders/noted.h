/* How many pieces of each row of a sales order are on goods-out or drop-ship notes: stg_bp_noted.
 * They count as given, whether the note is shipped or not. */
#ifndef JOBS_ORDERS_NOTED_H
#define JOBS_ORDERS_NOTED_H

#include "lib/stage.h"

/* Of the sales orders of temp.asked(id).  False: an outage, noted on the job. */
bool noted_read(struct job *);

#define NOTED_REFUNDED                                                                             \
	"EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = o.id AND l.refunded > 0)"    \
	" OR EXISTS (SELECT 1 FROM stg_bc_refund f WHERE f.order_id = o.id)"
#define NOTED_OWED "w.owes OR " NOTED_REFUNDED

/* Of linked orders whose codes say that there are notes, where the sales order is another than when
 * its notes were read, or api.reference_hours have passed; of those for which the SQL condition on
 * stg_bc_order o and status_choice w holds.  No request when there are none. */
bool noted_read_changed(struct job *, const char *which);

#endif
