/* The brake of stock.  A fall that orders explain always goes: what Brightpearl has allocated more than
 * when the item was last set, what live orders hold more, what was ordered since.  Many other falls to
 * zero (limits.stock_to_zero_percent), or many rises to more than limits.factor times what was there
 * (limits.stock_changed_percent), are held, those items alone.  What is read the same ten minutes later
 * or more is sent, if such items are less than 20 % of all; else --allow-large inventory frees them.
 * An item of which nothing is known, neither shown nor set before, falls when it would be set to 0.
 *
 * Runs after inventory_decide(), in the same process. */
#ifndef JOBS_INVENTORY_BRAKE_H
#define JOBS_INVENTORY_BRAKE_H

#include "lib/stage.h"

/* Mark the rows of out_stock that are held. */
void stock_brake_apply(struct job *);

/* Before a load: what was held and is no longer to be set was put right; should it fall again, that is new. */
void stock_brake_forget(struct job *);

/* Say what is held, and what may have caused it (65; only logged when nothing is sent anyway). */
void stock_brake_tell(struct job *);

/* What was set is what the mapping files of now make of it, unless something is held. */
void stock_brake_release(struct job *);

/* A row is claimed: what orders hold or have allocated of it now.  SQL: a column to set. */
#define STOCK_BRAKE_CLAIM                                                                            \
	"owed = (SELECT w.units FROM temp.owed w JOIN temp.item i ON i.bp_product_id = w.product_id" \
	" WHERE i.row_key = out_stock.key)"

#endif
