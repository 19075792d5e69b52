/* Reservations: the second part of stage orders.load, after the orders were sent.
 *
 * An order that owes goods (view status_choice) has one reservation in one warehouse, with an entry for
 * each row of goods that is stocked; the parts of a bundle, not the bundle.  Entries of one row would
 * add up, rows of one product are not the same.  units.sql tells of each row what is ordered, on
 * notes, shipped by hand and refunded; reserve.sql what should be reserved of that.
 *
 * Where: the warehouse of sales.csv, else the first of warehouses.csv that has all of it, else the
 * first.  Availability is asked for in bulk, and only when there is a choice.  A reservation cannot
 * move: a PUT changes its quantities, and nothing else.
 *
 * How much is reserved, no answer of ours tells, only what is read.  The orders just reserved are read
 * again in bulk, 200 to a request: AAA = all of it; APA = ask for that one reservation; anything else
 * = the code is not kept up, so the stock that is left decides which are asked for.  Later it is asked
 * for again whenever the order's codes or notes are others than when it was read, and before it is
 * changed.  What is gone from it without being on a note, staff took out: that is never reserved
 * again.
 *
 * Where Brightpearl has less of a product allocated than is believed to be reserved, no order shows
 * whose it was: some of the orders with that product are read again in each run.
 *
 * Short (view order_short) is not refused: it waits, done as far as it goes, and is tried again as
 * soon as more of it is on hand than when it was last tried, older orders first, before new ones.
 *
 * In doubt, or refused: GET reservation tells what is there.  As wanted: done.  None: sent again,
 * as a second one is refused.  Other: PUT.  One that was there before ours is somebody else's and
 * is never touched; so adopted orders are asked before anything is sent.
 *
 * Pieces on goods-out notes count as given.  Orders that BigCommerce calls shipped or completed keep
 * their reservation as it is: letting go of it would sell what has left the shelf.  So do orders that
 * are called off: Brightpearl's cancelled status lets go of it by itself.  An edit that makes a row
 * smaller, or a refund, lowers it.
 */
#ifndef JOBS_ORDERS_RESERVE_H
#define JOBS_ORDERS_RESERVE_H

#include "lib/stage.h"

bool reserve_load(struct job *);

/* The edits of temp.put (jobs/orders/edit.c) are about to be sent: Brightpearl refuses a row smaller
 * than what is reserved of it, so that is lowered first.  False: an outage. */
bool reserve_before_edits(struct job *);

/* reserve_read.c: GET reservation of the rows for which the SQL condition holds -> temp.found(key,
 * present, warehouse_id), temp.found_row(key, row_id, quantity); and how much of what was just sent is
 * reserved. */
bool reserve_read(struct job *, const char *where);
bool reserve_read_back(struct job *);
/* Inside a transaction: what was found of this key is what is reserved.  holder: us, other, NULL. */
void reserve_store(struct job *, const char *key, const char *holder);
/* The order as it is now is what its reservation was read for. */
void reserve_mark_read(struct job *, const char *key);

/* reserve_refresh.c: read those for which the SQL condition holds again, and see what staff took out. */
bool reserve_refresh(struct job *, const char *where);
/* Of those that are on notes altogether nothing is left to reserve: they need not be read. */
void reserve_all_noted(struct job *, const char *where);
/* The rows that edits make smaller -> temp.edit_after; is more than that reserved of any? */
bool reserve_edits_lower(struct job *);

/* reserve_settle.c: rows that are claimed; adopted orders that were not asked yet. */
bool reserve_settle(struct job *);
bool reserve_guard(struct job *);
/* Rows that were left out of a change and are still reserved are to be named with 0: are there any? */
bool reserve_name_zeros(struct job *);
void reserve_tell_kept(struct job *); /* a reject for what Brightpearl does not let go of */

/* reserve_stock.c: ask availability where it decides; short rows of which more can be had become
 * pending, and every new one is given its warehouse. */
bool reserve_stock(struct job *);

#endif
