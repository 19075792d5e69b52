/* Many records by their ids, in few requests.
 *
 * The caller fills temp.asked(id INTEGER PRIMARY KEY); they are asked for in ascending order,
 * `most` to a request, several requests in flight, and each answer is handed over in that order:
 *
 *   bulk_read(job, &(struct bulk){.api = BRIGHTPEARL, .before = "/order-service/order/",
 *           .after = "?includeOptional=customFields", .most = 100, .what = "sales orders",
 *           .keep = keep});
 *
 * A success whose body is not of the shape that was asked for is an outage: it is never "none of these",
 * and an entry that cannot be read is never a record that is gone.
 *
 * One id that the other side does not like may refuse all of a request; it is then asked again in
 * halves, down to the one.
 */
#ifndef LIB_BULK_H
#define LIB_BULK_H

#include "lib/stage.h"

struct bulk {
	enum api api;
	const char *before, *after; /* of the ids, in the path */
	int most;
	bool none_is_404; /* a 404 says that none of these exists: nothing to halve */
	/* What each entry of Brightpearl's response must be beyond an object: a condition over json_each's
	 * e.key and e.value; NULL: the caller judges entries one by one. */
	const char *entry;
	const char *what; /* "sales orders", for messages and progress */
	/* ids: "1001,1002"; the reply is OK, or REFUSED: for one id alone, it has no such record. */
	void (*keep)(struct job *, const char *ids, const struct reply *);
};

/* False: an outage, noted on the job with 75. */
bool bulk_read(struct job *, const struct bulk *);

#endif
