/* Brightpearl's records by their ids, in few requests: the one way in which they are read.
 *
 * The caller fills temp.asked(id INTEGER PRIMARY KEY); they are asked for in ascending order, `most` to
 * a request, and each answer is handed over in that order:
 *
 *   get_read(job, &(struct get){.before = "/order-service/order/", .most = 200, .id = "$.id",
 *           .record = "sales_order:", .called = "sales order", .what = "sales orders", .keep = keep});
 *
 * Handed over is only what was asked for: an entry belongs to an id of the request, once, and is of the
 * shape that `entry` demands.  An answer of another shape is an outage: it is never "none of these".
 * One entry that cannot be read is a reject that names it (and closes when it can); the others go on,
 * and keep() does not hear of its id: it is neither read nor gone.  Where an entry does not tell whose
 * it is, none of the ids that the answer leaves out is taken for gone.
 *
 * An id of `twice` that an answer leaves out is asked for once more, before it counts as gone.  One id
 * that Brightpearl does not like may refuse all of a request, which is then asked again in halves,
 * down to the one: 404 says that it is not there, another refusal is a reject that names it.
 */
#ifndef LIB_BRIGHTPEARL_GET_H
#define LIB_BRIGHTPEARL_GET_H

#include "lib/outage.h"

struct get {
	const char *before, *after; /* of the ids, in the path; NULL: nothing */
	int most;
	bool none_is_404; /* a 404 says that none of these exists: nothing to halve */
	/* Where an entry's own id stands in it; NULL: the response is a map by ids. */
	const char *id;
	/* Where the id that was asked for stands in it ("$.orderId"); NULL: it is the entry's own. */
	const char *of;
	bool bare; /* one record to a request, and the response is that record itself, or a map with it */
	/* What each entry must be beyond an object: a condition over e.key and e.value; NULL: nothing. */
	const char *entry;
	bool judged_by_keep; /* entries of any type are handed over */
	/* Ids that count as gone only when they are left out twice: a condition on `id`; NULL: none. */
	const char *twice;
	bool never_none; /* an answer without any of several ids, one of them of `twice`, is an outage */
	const char *record,
		*called;  /* in rejects: "sales_order:" and "sales order", before the id */
	const char *what; /* "sales orders", for messages and progress */
	/* ids: "1001,1002"; the reply is OK and holds entries of these alone ({"response": [...]} or a map),
	 * or REFUSED with 404: they are not there. */
	void (*keep)(struct job *, const char *ids, const struct reply *);
	/* One id alone is refused, and not by 404; NULL: a reject names it. */
	void (*refused)(struct job *, const char *id, const struct reply *);
};

/* False: an outage, noted on the job. */
bool get_read(struct job *, const struct get *);

#endif
