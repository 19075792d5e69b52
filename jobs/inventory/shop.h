/* What BigCommerce shows of each item at each location, read afresh: it moves its own stock as orders
 * are placed, edited, cancelled and refunded, so only reading tells.  1,000 items to a request, the
 * documented most; an answer may hold fewer, so pages are read until one is empty or the last. */
#ifndef JOBS_INVENTORY_SHOP_H
#define JOBS_INVENTORY_SHOP_H

#include "lib/stage.h"

/* Into a table like stg_bc_stock, emptied before.  False: an outage, noted.  *refused (may be NULL:
 * then it is an outage): BigCommerce does not tell, and the table stays empty. */
bool shop_read(struct job *, const char *table, const char *what, bool *refused);

#endif
