/* BigCommerce has no list of orders by their ids, so those that are near each other are read by one
 * list call from the first to the last of them, and one that is alone by itself. */
#include "jobs/agreed/agreed.h"

#include "jobs/job.h"
#include "lib/bigcommerce/answer.h"
#include "lib/bigcommerce/list.h"

#include <stdlib.h>

#define PAGE 250 /* the documented most */

extern const char sql_agreed_again[];

/* The last of temp.asked that one page from `first` on reaches. */
static int64_t reach(struct job *job, int64_t first)
{
	return db_int(job->db, first,
		      "SELECT max(id) FROM temp.asked WHERE id <= (SELECT max(id) FROM"
		      " (SELECT id FROM stg_bc_order WHERE id >= ? ORDER BY id LIMIT ?))",
		      "ii", first, (int64_t)PAGE);
}

/* One that is gone stays as it was known. */
static bool read_one(struct job *job, int64_t order)
{
	char *path = xasprintf("/v2/orders/%lld", (long long)order);
	char *what = xasprintf("order %lld again", (long long)order);
	REPLY r = http_get(job->http, BIGCOMMERCE, path);
	bool absent = r.outcome == HTTP_REFUSED && r.status == 404;
	bool fine = absent || bc_is_record(job, &r, order, BC_ORDER_BODY) ||
		    bc_no_record(job, what, &r);

	if (fine && !absent) {
		db_begin(job->db);
		bc_record_split(job, &r, order);
		db_script(job->db, sql_agreed_again);
		db_commit(job->db);
	}
	free(path);
	free(what);
	return fine;
}

static char *bound(void *context, const struct bc_read *read)
{
	const int64_t *last = context;

	(void)read;
	return xasprintf("&max_id=%lld", (long long)*last);
}

/* A page may be cut: then it does not come to the last of them. */
static bool enough(struct job *job, void *context)
{
	const int64_t *last = context;

	return db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM temp.page WHERE id = ?)", "i",
		      *last);
}

static bool read_range(struct job *job, int64_t first, int64_t last)
{
	struct bc_read read;
	struct bc_list list = {.what = "orders again",
			       .path = "/v2/orders?sort=id%3Aasc",
			       .limit = PAGE,
			       .by_id = true,
			       .above = first - 1,
			       .shape = BC_ORDER_SHAPE,
			       .query = bound,
			       .enough = enough,
			       .context = &last};

	if (!bc_list_read(job, &list, NULL, &read))
		return false;
	db_begin(job->db);
	db_script(job->db, sql_agreed_again);
	db_commit(job->db);
	return true;
}

bool agreed_read_bigcommerce(struct job *job)
{
	int64_t first, done = 0;

	while ((first = db_int(job->db, 0, "SELECT min(id) FROM temp.asked WHERE id > ?", "i",
			       done))) {
		done = reach(job, first);
		if (!(first == done ? read_one(job, first) : read_range(job, first, done)))
			return false;
	}
	return true;
}
