/* Order notes that Pearlbridge writes on sales orders: further addresses, and what was edited.
 *
 * A note's POST is never recognised as a repeat.  Its text begins with a marker, by which one in
 * doubt is looked for among the order's notes; the search may lag, so one that is not found is sent
 * again only when out_absent() says so. */
#ifndef JOBS_ORDERS_NOTES_H
#define JOBS_ORDERS_NOTES_H

#include "lib/stage.h"

/* A load of its own (load_run) of out_order_note; rows wait until their order is a sales order. */
bool order_notes_load(struct job *);

#endif
