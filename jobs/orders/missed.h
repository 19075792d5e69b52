/* Orders that the feed of orders did not show.
 *
 * In each run BigCommerce is asked how many orders were placed in the last two days, up to an overlap
 * ago, and that is compared with what is staged.  When they differ, those days are listed and what is
 * missing is staged, and told.  A difference that the list does not explain (a count may count what no
 * list shows: archived or incomplete orders) is told once; the days are listed again when it changes,
 * else less and less often, down to once a day.
 *
 * Orders before orders.start_date or orders.start_id are neither counted nor missed.
 */
#ifndef JOBS_ORDERS_MISSED_H
#define JOBS_ORDERS_MISSED_H

#include "lib/stage.h"

/* After the feed was read.  False: an outage while listing, noted.  That nobody can be asked for the count
 * is none. */
bool missed_fetch(struct job *);

/* Orders placed at these moments (temp.unseen(at)) are read again.  False: an outage, noted. */
bool missed_read(struct job *);

/* Told in the log and in the summary of the run.  Needs a transaction. */
void missed_tell(struct job *, const char *text);

#endif
