/* Reservations: the second part of stage orders.load, after the orders were sent.
 *
 * An order that owes goods (view status_choice) has one reservation in one warehouse: for each
 * product that is stocked, the pieces not shipped before it was imported; the components of a
 * bundle, not the bundle.  A request names each product once, under its first row, with the pieces
 * of all its rows: products told twice were seen to add up (contract 12.2).  reserve.sql composes
 * that into out_reservation and its rows, from the sales orders in full, which give the row ids at
 * one request for 200 new orders.
 *
 * Where: the warehouse of sales.csv, else the first of warehouses.csv that has all of it, else the
 * first.  Availability is asked for in bulk, and only when there is a choice.  A reservation cannot
 * move: a PUT replaces all of its products, and nothing else.
 *
 * How much was reserved, no answer tells: it is part of it when stock is short, and an error when
 * there is none.  So the orders just reserved are read again in bulk, 200 to a request: AAA = all
 * of it; APA = ask for that one reservation; anything else = the code is not kept up, so the stock
 * that is left decides which are asked for.  In a large run only the first 600 are read again,
 * the others by the runs that follow; till then they count as reserved.
 *
 * Short (view order_short) is not refused: it waits, done as far as it goes, and is tried again as
 * soon as more of it is on hand than when it was last tried, older orders first, before new ones.
 *
 * In doubt, or refused: GET reservation tells what is there.  As wanted: done.  None: sent again,
 * as a second one is refused.  Other: PUT.  One that was there before ours is somebody else's and
 * is never touched; so adopted orders are asked before anything is sent.
 *
 * Goods on goods-out notes, and orders that BigCommerce calls shipped or completed, keep their
 * reservation as it is: letting go of it would sell what has left the shelf.  An order that is
 * called off lets go of it; if Brightpearl will not have an empty one, that is a reject.
 */
#ifndef JOBS_ORDERS_RESERVE_H
#define JOBS_ORDERS_RESERVE_H

#include "lib/stage.h"

bool reserve_load(struct job *);

/* reserve_read.c: GET reservation of the rows for which the SQL condition holds -> temp.found(key,
 * present, warehouse_id), temp.found_row(key, product_id, quantity); and how much of what was just
 * sent is reserved. */
bool reserve_read(struct job *, const char *where);
bool reserve_read_back(struct job *);
/* Inside a transaction: what was found of this key is what is reserved.  holder: us, other, NULL. */
void reserve_store(struct job *, const char *key, const char *holder);

/* reserve_settle.c: rows that are claimed; adopted orders that were not asked yet. */
bool reserve_settle(struct job *);
bool reserve_guard(struct job *);

/* reserve_stock.c: ask availability where it decides; short rows of which more can be had become
 * pending, and every new one is given its warehouse. */
bool reserve_stock(struct job *);

#endif
