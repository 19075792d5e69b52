/* An answer of BigCommerce that is not what was asked for: what it means, and how it is told.
 *
 * Nothing is learned from such an answer: least of all that a list is empty or a record not there.
 * What was seen is quoted, without our token.  Each returns false, for `return bc_odd(...)`.
 */
#ifndef LIB_BIGCOMMERCE_ANSWER_H
#define LIB_BIGCOMMERCE_ANSWER_H

#include "lib/outage.h"

/* A request that did not succeed: job_outage(), or 78 where it will never be taken as it is.  what: "orders";
 * setting: what made the request so, NULL: .env. */
bool bc_failed(struct job *, const char *what, const char *setting, const struct reply *);

/* A success of another shape than was asked for: job_odd().  why: what is wrong with it. */
bool bc_odd(struct job *, const char *what, const struct reply *, const char *why);

/* One record that was asked for by its id: an object with that id and whatever else it must have (SQL over
 * ?1, the body; NULL: nothing). */
bool bc_is_record(struct job *, const struct reply *, int64_t id, const char *shape);

/* What is told when it is none: bc_failed() or bc_odd(). */
bool bc_no_record(struct job *, const char *what, const struct reply *);
/* That record into temp.page(payload, id, order_id), as a list's are.  Needs a transaction. */
void bc_record_split(struct job *, const struct reply *, int64_t id);

/* What an order has beyond its id: by itself, and as `value` in a list. */
#define BC_ORDER_BODY  BC_ORDER_OF("?1")
#define BC_ORDER_SHAPE BC_ORDER_OF("value")
#define BC_ORDER_OF(json)                                                                          \
	"json_type(" json ", '$.date_created') IS NOT NULL"                                        \
	" AND json_type(" json ", '$.status_id') IS NOT NULL"
/* A refund is known by its id and its order's. */
#define BC_REFUND_SHAPE                                                                            \
	"json_type(value, '$.order_id') IS NOT NULL AND json_type(value, '$.total_amount') IS NOT NULL"
#define BC_REFUND_ID "iif(whole(value -> '$.order_id') > 0, whole(value -> '$.id'), NULL)"

#endif
