/* Nothing older than an order decides about it: what an order to be sent names and what was read before
 * that order changed (its customer's group, its products in both systems) is asked for once more, by id
 * and many at a time.  What is not there any more is none, which an order note tells; what cannot be
 * read waits. */
#ifndef JOBS_ORDERS_FRESH_H
#define JOBS_ORDERS_FRESH_H

#include "lib/stage.h"

/* After the orders were staged; false: an outage (noted). */
bool fresh_read_customers(struct job *); /* their groups, if a mapping selects by one */
bool fresh_read_products(struct job *); /* BigCommerce's, if a mapping needs more than lines tell */
bool fresh_read_keys(struct job *);     /* Brightpearl's products for the orders' keys */

#endif
