/* Parts of the reconcile job, which compares both systems and writes to neither.
 *
 * Both sides are read afresh and in bulk, into tables of its own (reconcile_bc_*, reconcile_bp_*):
 * BigCommerce's orders of some days by their list, without their lines (250 to a request), refunds,
 * stock; Brightpearl's orders created since by order-search (500), in full (100), with payments
 * (200 orders) and shipped goods-out notes (100).  Only for orders that disagree is more read:
 * their transactions, back orders and credits.
 *
 * What is found is of three classes: a difference (over tolerance: exit code 65); what waits, which
 * was told as a reject already or which the next run settles; and what a setting or mapping
 * explains.
 */
#ifndef JOBS_RECONCILE_RECONCILE_H
#define JOBS_RECONCILE_RECONCILE_H

#include "lib/stage.h"

#define RECONCILE_DAYS 31 /* at most */

/* Orders placed from `from` on and before `until`, epoch seconds. */
struct reconcile_range {
	int64_t from, until;
	bool asked; /* by a person */
};

/* days.c: the account's days.  The zone, malloc'ed, is the one that the C library's time functions
 * use from then on in this process; "UTC" when this machine does not know the account's. */
char *days_zone(struct db *);
int64_t days_midnight(int64_t epoch, int days); /* of the day that many days later */
int64_t days_local(int64_t epoch); /* a moment written without a zone, and read as UTC */
/* Fill reconcile_day.  Needs a transaction. */
void days_list(struct db *, int64_t from, int64_t until);

/* The last 31 days up to now by the shop's clock, not before orders.start_date. */
struct reconcile_range reconcile_usual(struct job *);

/* extract.c: read both sides.  False: an outage, noted on the job. */
bool reconcile_read(struct job *, const struct reconcile_range *);
/* transform.c: compare what was read last; the result is in reconcile_run, _sum and _difference. */
void reconcile_compare(struct job *);

/* bigcommerce.c; false: an outage, noted */
bool reconcile_read_orders(struct job *, const struct reconcile_range *);
bool reconcile_read_refunds(struct job *, int64_t from);
bool reconcile_read_money(struct job *);   /* transactions of the orders in temp.cut, one by one */
bool reconcile_read_unknown(struct job *); /* are there orders with the numbers in temp.cut? */
bool reconcile_read_shop(struct job *);    /* stock */

/* unseen.c; false: an outage, noted.  Orders staged otherwise than they were just listed. */
bool reconcile_read_unseen(struct job *);

/* brightpearl.c; false: an outage, noted.  The last three are about the orders in temp.asked. */
bool reconcile_search(struct job *, const char *filter);
bool reconcile_read_sales(struct job *);
bool reconcile_read_payments(struct job *);
bool reconcile_read_children(struct job *);
bool reconcile_read_notes(struct job *);

#endif
