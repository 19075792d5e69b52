/* Parts of the payments job.  Each returns false when the stage failed (the reason is noted). */
#ifndef JOBS_PAYMENTS_PAYMENTS_H
#define JOBS_PAYMENTS_PAYMENTS_H

#include "lib/bigcommerce/list.h"
#include "lib/stage.h"

/* extract.c: asking for an order's transactions, and the answer -> stg_bc_transaction; temp.page holds them
 * then. */
enum payments_answer {
	PAYMENTS_READ,
	PAYMENTS_ODD, /* answered, but not by them, or refused: this order waits, remembered and noted */
	PAYMENTS_FAILED, /* an outage, noted */
};
struct call *payments_ask(struct job *, int64_t order);
enum payments_answer payments_take(struct job *, int64_t order, struct call *);

void payments_note_moment(struct job *); /* -> temp.read_now(at) */

/* extract_refunds.c: BigCommerce's list of refunds, unless payments.refunds is off */
bool payments_read_refunds(struct job *);
/* That list, but for which of them (query); and temp.page of it -> stg_bc_refund, inside a transaction. */
extern const struct bc_list payments_refunds;
void payments_stage_refunds(struct job *);
/* ask_refunds.c: those that orders tell, and that this list did not give */
bool payments_ask_refunds(struct job *);

/* found.c: what Brightpearl has already.  Rows in doubt and rows that it refused are looked up by
 * their transactionRef; rows still to be sent are compared with the payments that are there. */
bool payments_settle_doubt(struct job *);
bool payments_settle_refused(struct job *);
void payments_look_again(struct job *); /* rows that wait since something there could not be read */
bool payments_find(struct job *);
bool payments_read(struct job *); /* of the sales orders in temp.asked(id): stg_bp_payment */

/* transform.c: once more, by what was read since.  Inside a transaction. */
void payments_decide_again(struct job *);
void payments_look_at_refunds(struct job *); /* -> temp.refund_open */

/* credit.c: the sales credits of payments.refunds = credit */
bool payments_load_credits(struct job *);

/* Inside a transaction: the payment or credit of this key is there. how: created, found */
void payments_done(struct job *, const char *key, int64_t id, const char *how);

#endif
