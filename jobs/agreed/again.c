/* BigCommerce has no list of orders by their ids, so those that are near each other are read by one
 * list call from the first to the last of them, and one that is alone by itself. */
#include "jobs/agreed/agreed.h"

#include "jobs/job.h"

#include <stdlib.h>

#define PAGE 250 /* the documented most */

extern const char sql_agreed_again[];

static char *path_of(int64_t first, int64_t last)
{
	if (first == last)
		return xasprintf("/v2/orders/%lld", (long long)first);
	return xasprintf("/v2/orders?min_id=%lld&max_id=%lld&sort=id%%3Aasc&limit=%d",
			 (long long)first, (long long)last, PAGE);
}

/* The last of temp.asked that one page from `first` on reaches. */
static int64_t reach(struct job *job, int64_t first)
{
	return db_int(job->db, first,
		      "SELECT max(id) FROM temp.asked WHERE id <= (SELECT max(id) FROM"
		      " (SELECT id FROM stg_bc_order WHERE id >= ? ORDER BY id LIMIT ?))",
		      "ii", first, (int64_t)PAGE);
}

/* Stage what was answered; returns the last id in it, 0 = none. */
static int64_t keep(struct job *job, const struct reply *r)
{
	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
	db_run(job->db,
	       "INSERT INTO temp.page SELECT value FROM json_each(iif(json_type(?1) = 'array', ?1,"
	       " json_array(json(?1)))) WHERE type = 'object'",
	       "t", reply_json(r));
	db_script(job->db, sql_agreed_again);
	db_commit(job->db);
	return db_int(job->db, 0, "SELECT max(id) FROM temp.again", "");
}

bool agreed_read_bigcommerce(struct job *job)
{
	int64_t first, done = 0;

	while ((first = db_int(job->db, 0, "SELECT min(id) FROM temp.asked WHERE id > ?", "i",
			       done))) {
		int64_t last = reach(job, first);
		char *path = path_of(first, last);
		REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
								      .method = "GET",
								      .path = path,
								      .may_be_absent = true});
		free(path);
		if (r.outcome != HTTP_OK && r.status != 404)
			return job_outage(job, BIGCOMMERCE, "reading orders again", &r);
		int64_t answered = r.outcome == HTTP_OK ? keep(job, &r) : 0;
		done = answered >= first && answered < last ? answered : last; /* it may be cut */
	}
	return true;
}
