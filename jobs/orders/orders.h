/* Parts of the orders job.  Each returns false when the stage failed (the reason is noted). */
#ifndef JOBS_ORDERS_ORDERS_H
#define JOBS_ORDERS_ORDERS_H

#include "lib/bigcommerce/list.h"
#include "lib/stage.h"

/* extract.c: the records of temp.page into stg_bc_order; returns how many.  Inside a transaction. */
int64_t orders_stage(struct job *);
/* How orders are listed with all that belongs to them. */
extern const struct bc_list orders_list;

/* Those placed from..until (0 = now), whatever the feed has read. */
bool orders_read_range(struct job *, int64_t from, int64_t until);

/* named.c: orders by their numbers, as table order_named holds them, whatever the feed has read */
bool orders_read_named(struct job *);

/* extract.c: orders placed after the newest that is staged; no watermark moves */
bool orders_read_newer(struct job *);

/* extract_more.c: what the list call does not give, for the orders that are wanted */
bool orders_read_addresses(struct job *);   /* of orders that came with a link to them */
bool orders_read_lines(struct job *);       /* the rest of orders with more than 50 lines */
bool orders_refresh_products(struct job *); /* new Brightpearl products, if a SKU is not known */

/* mirror.c: Brightpearl's orders by reference, from orders.start_date to now; those updated since */
bool orders_mirror(struct job *);
bool orders_mirror_from(struct job *, int64_t from);
bool orders_read_updated(struct job *);
/* Those of temp.asked(id INTEGER PRIMARY KEY). */
bool orders_read_listed(struct job *);

/* adopt.c: rows in doubt, and orders that are there already */
bool orders_settle_doubt(struct job *);
bool orders_adopt(struct job *);
/* A row in flight was answered with the id of an order that may have been there before: it stays in
 * doubt until orders_settle_doubt() looks.  Inside a transaction. */
void orders_answered(struct job *, const char *key, int64_t sales_order);
/* Before the first order is sent: whether others use our reference.  Links and sends nothing. */
bool orders_look_ahead(struct job *);

/* prefix.c: tells of a reference that is somebody else's; inside a transaction, after
 * adopt_judge.sql */
void orders_tell_prefix(struct job *);

/* Inside a transaction: the sales order of this key is known. how: created, found, settled */
void orders_link(struct job *, const char *key, int64_t sales_order, const char *how);
void orders_note_link(struct job *, const char *key, int64_t sales_order, const char *how);
void orders_freeze_reference(struct job *);

/* linked.c: Brightpearl has the row's body now: which lines its rows stand for -> link_row.  Inside
 * a transaction. */
void orders_keep_rows(struct job *, const char *key);

/* linked.c: a sales order that another hand made is this order's.  Inside a transaction.  Its row
 * is done without a body of ours.  how: linked, adopted */
void orders_link_other(struct job *, int64_t order, int64_t sales_order, const char *how);
/* The order is another sales order than it was: what was agreed on and reserved there counts no more.
 * Inside a transaction. */
void orders_forget_link(struct job *, int64_t order);
/* "2 payments, 1 shipment" that were sent for it; NULL = none.  To be freed. */
char *orders_sent_words(struct job *, int64_t order);
/* The sales order of this key is gone, and is to be made anew: the order is as if it had never been
 * sent, but for its payments.  Inside a transaction. */
void orders_unlink(struct job *, const char *key);

#endif
