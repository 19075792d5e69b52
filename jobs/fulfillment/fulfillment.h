/* Parts of the fulfillment job.  Those that return bool are false when the other side could not be
 * asked (the reason is noted on the job).
 *
 * A note is a goods-out note (GON) or a drop-ship note (DSN) of Brightpearl; with the trigger
 * order_status a sales order (SO) stands in for one. */
#ifndef JOBS_FULFILLMENT_H
#define JOBS_FULFILLMENT_H

#include "lib/stage.h"

/* notes.c: Brightpearl's notes -> stg_bp_goods_out_note.  Each reads what is new or due; search.c
 * finds them, by the time of shipping, and tells which are of orders from BigCommerce. */
bool notes_find(struct job *);
bool notes_find_since(struct job *, int64_t from); /* for catch-up: what was shipped since then */
/* Remember the moment from which on shipments are sent, if it is not known yet. */
void fulfillment_begin(struct job *, int64_t now);
bool notes_read_new(struct job *);
bool notes_read_again(struct job *); /* for tracking numbers that were added later */
/* Of the sales orders in temp.asked(id INTEGER PRIMARY KEY): */
bool notes_read_goods_out(struct job *);
bool notes_read_drop_ship(struct job *);

/* sales.c: our sales orders as far as shipments hang on them, split-off ones included; then the
 * notes that no search tells of. */
bool fulfillment_read_sales(struct job *);
bool fulfillment_read_untold(struct job *);

/* shipments.c: BigCommerce's shipments of the orders in temp.asked(id) -> stg_bc_shipment. */
bool shipments_read(struct job *);

/* transform.c, in the transaction that is open: what the notes still to be looked at ship of which
 * lines (temp.todo, temp.shared, temp.untold_piece); and what must become true. */
void fulfillment_share(struct job *);
void fulfillment_plan(struct job *);

/* tracking.c: late tracking numbers -> shipments already sent. */
bool tracking_load(struct job *);

#endif
