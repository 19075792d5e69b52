#include "lib/bigcommerce/answer.h"

#include "lib/die.h"

#include <stdlib.h>

/* Of those that speak of the request: it is never taken as it is.  Others (409, 423) pass. */
static bool stays_refused(int status)
{
	static const int some[] = {400, 405, 406, 410, 411, 413, 414, 415, 416, 422, 431};

	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		if (some[i] == status)
			return true;
	return status / 100 == 3;
}

bool bc_failed(struct job *job, const char *what, const char *setting, const struct reply *r)
{
	char *reading = xasprintf("reading %s", what);

	if (r->outcome == HTTP_REFUSED && stays_refused(r->status))
		job_note(job, EX_CONFIG, "BigCommerce: %s: %s: check %s", reading, r->message,
			 setting ? setting
				 : "BIGCOMMERCE_API_URL and BIGCOMMERCE_STORE_HASH in .env");
	else
		job_outage(job, BIGCOMMERCE, reading, r);
	free(reading);
	return false;
}

bool bc_odd(struct job *job, const char *what, const struct reply *r, const char *why)
{
	char *reading = xasprintf("reading %s", what);

	job_odd(job, BIGCOMMERCE, reading, why, r->size ? r->body : "(nothing)");
	free(reading);
	return false;
}

bool bc_is_record(struct job *job, const struct reply *r, int64_t id, const char *shape)
{
	if (r->outcome != HTTP_OK || r->status != 200 || !r->size)
		return false;
	char *sql = xasprintf(
		"SELECT json_type(?1) = 'object' AND whole(?1 -> '$.id') = ?2 AND (%s)",
		shape ? shape : "true");
	bool is = db_int(job->db, 0, sql, "ti", r->body, id);

	free(sql);
	return is;
}

bool bc_no_record(struct job *job, const char *what, const struct reply *r)
{
	return r->outcome == HTTP_OK ? bc_odd(job, what, r, "not that record")
				     : bc_failed(job, what, NULL, r);
}

void bc_record_split(struct job *job, const struct reply *r, int64_t id)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page;"
			   "CREATE TEMP TABLE page(payload TEXT, id INTEGER, order_id INTEGER)");
	db_run(job->db, "INSERT INTO temp.page(payload, id) VALUES(json(?), ?)", "ti", r->body, id);
}
