/* Parts of the inventory job.
 *
 * What is pushed, for a product at a location of BigCommerce: the sum over the published warehouses
 * of max(0, on hand - buffer), less the units on live BigCommerce orders that Brightpearl has not
 * reserved (view stock_held), never below zero.  It is pushed where the shop shows something else
 * (shop.h), whatever was sent before.  Absolute quantities: a push may be repeated at will, one
 * request is in flight at a time, and after an unknown outcome the next run pushes what it then
 * reads.  Rows of `cursor`: inventory_read (when stock was read last, our clock), inventory_shop
 * (the same of the shop's), inventory_full (done_until: last time all was pushed; window_from: a full
 * push is due in this run). */
#ifndef JOBS_INVENTORY_INVENTORY_H
#define JOBS_INVENTORY_INVENTORY_H

#include "lib/stage.h"

/* extract.c: read afresh what Brightpearl has of everything that BigCommerce sells.  False: an
 * outage */
bool inventory_read_availability(struct job *);

/* The same for the next bundles that inventory.extract left (a request each: all of them may take
 * longer than a reading is good for), else for what is to be pushed but was read before that moment.
 * *some: there was anything to read.  After inventory_decide(), in the same process. */
bool inventory_read_more(struct job *, int64_t before, bool *some);

/* transform.c: out_stock from what is staged, without the books of a transform */
void inventory_decide(struct job *);

#endif
