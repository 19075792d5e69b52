/* Orders that were edited in BigCommerce after they became sales orders.
 *
 * What becomes of an edit is decided by the transform (edit.sql): where orders.edits.address or
 * orders.edits.lines says update, a sales order of which nothing is picked, shipped or invoiced, and
 * whose rows are as we sent them, is replaced by PUT (contract 8.3); its addresses only while it
 * has no goods-out note.  A replacement clears what it does not hold, so it is the
 * order as just read, with what the edit changed laid over it: rows of ours keep their ids, rows of
 * staff, status and all else stay.  If-Match refuses it (412) when somebody was faster; then it is
 * read and merged again.  Whatever became of an earlier request, the order as it is now tells what
 * is left to do, so an edit in doubt is simply read and compared again. */
#ifndef JOBS_ORDERS_EDIT_H
#define JOBS_ORDERS_EDIT_H

#include "lib/stage.h"

/* Read the sales orders of edited orders, and how far their goods are.  Costs nothing when no order
 * was edited.  False: an outage, noted on the job. */
bool edit_read(struct job *);

/* Send the edits that are ready: rows of out_order that are pending and have a remote_id. */
bool edit_send(struct job *);

#endif
