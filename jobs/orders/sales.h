/* Our sales orders as Brightpearl has them now, in full: stg_bp_sale, its rows and custom fields,
 * read in bulk by GET /order-service/order/{ids}.  Statuses, notes, edits, reservations and
 * shipments all decide by these tables. */
#ifndef JOBS_ORDERS_SALES_H
#define JOBS_ORDERS_SALES_H

#include "lib/stage.h"

/* Read the orders of temp.asked (lib/brightpearl/get.h).  An order that is not answered is marked as gone.
 * False: an outage, noted on the job. */
bool sales_read(struct job *);

/* Read every linked order that is new to stg_bp_sale, or was changed since it was read.
 * Brightpearl tells changes by updatedOn, to the second, and may leave a custom field's change
 * untold; so the orders that are still open and were read longest ago are read again as well, a
 * few in each run, once api.reference_hours have passed. */
bool sales_read_changed(struct job *);
/* The same for those of which the SQL condition on link_order k holds; no request if there are none. */
bool sales_read_changed_of(struct job *, const char *which);

#endif
