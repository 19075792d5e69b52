/* What Brightpearl says may be sold, by product and warehouse: stg_bp_availability and its
 * stg_bp_availability_warehouse.  There is no "changed since" for stock, so it is read whenever it
 * is needed: 100 products to a request (the limit is not documented; lists of 100 are in use), a
 * bundle by a request of its own.
 *
 * A product that is not stock-tracked is left out of the answer; a warehouse that holds none of a
 * product is left out of the product's.  onHand = inStock - allocated. */
#ifndef JOBS_INVENTORY_AVAILABILITY_H
#define JOBS_INVENTORY_AVAILABILITY_H

#include "lib/stage.h"

/* Read the products of temp.asked (lib/brightpearl/get.h), which are no bundles; then, the bundles. */
bool availability_read(struct job *);
bool availability_read_bundles(struct job *);

/* Fill ref_bp_product.bundle, and ref_bp_component, for those of temp.asked where it is not known.
 * Searches do not tell it: GET product does. */
bool bundles_read(struct job *);

#endif
