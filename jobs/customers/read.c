/* Contacts by id -> stg_bp_contact_data.
 *
 * Whether an id that is gone spoils the answer to a whole list (404) or is only left out of it is
 * not documented: a refused list is halved, and ids left out are asked for again without the
 * others.  A contact tells its addresses by their ids; where those cannot be read, the address
 * counts as different. */
#include "jobs/customers/customers.h"
#include "jobs/job.h"
#include "lib/clock.h"

#include <stdlib.h>

#define MOST 200 /* ids in one request: as many as are allowed */

extern const char sql_customers_read[], sql_customers_read_addresses[];

/* What a request was about, for the scripts: temp.asked(id), temp.page(payload) and the time. */
static void stage_answer(struct job *job, const char *ids, const char *answer, const char *script)
{
	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.asked; DROP TABLE IF EXISTS temp.page;"
			   "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY, at INTEGER NOT NULL);"
			   "CREATE TEMP TABLE page(payload TEXT)");
	db_run(job->db, "INSERT INTO temp.asked SELECT value, ? FROM json_each('[' || ? || ']')",
	       "it", clock_now() / 1000, ids);
	db_run(job->db,
	       "INSERT INTO temp.page SELECT value FROM json_each(?, '$.response') WHERE type = "
	       "'object'",
	       "t", answer);
	db_script(job->db, script);
	db_commit(job->db);
}

static struct reply ask(struct job *job, const char *path, const char *ids, bool may_be_absent)
{
	char *whole = xasprintf("%s/%s", path, ids);
	struct reply r = http_send(job->http,
				   &(struct http_request){.api = BRIGHTPEARL,
							  .method = "GET",
							  .path = whole,
							  .may_be_absent = may_be_absent});
	free(whole);
	return r;
}

/* Ask for the first contacts of temp.to_read; *count: how many at a time. */
static bool read_some(struct job *job, const char *ids, int64_t *count)
{
	REPLY r = ask(job, "/contact-service/contact", ids, false);
	int64_t asked = db_int(job->db, 0, "SELECT json_array_length('[' || ? || ']')", "t", ids);

	if (r.outcome == HTTP_OK || (r.status == 404 && asked == 1)) {
		stage_answer(job, ids, r.outcome == HTTP_OK ? reply_json(&r) : "{}",
			     sql_customers_read);
		*count = MOST;
	} else if (r.outcome == HTTP_REFUSED && asked > 1) {
		*count = (asked + 1) / 2;
	} else {
		return job_outage(job, BRIGHTPEARL, "reading a contact", &r);
	}
	return true;
}

static bool read_addresses(struct job *job)
{
	char *ids;
	bool fine = true;

	while (fine && (ids = db_text(job->db,
				      "SELECT group_concat(address_id) FROM (SELECT address_id FROM"
				      " temp.address_to_read ORDER BY 1 LIMIT ?)",
				      "i", (int64_t)MOST))) {
		REPLY r = ask(job, "/contact-service/postal-address", ids, true);
		if (r.outcome == HTTP_OK || r.outcome == HTTP_REFUSED)
			stage_answer(job, ids, r.outcome == HTTP_OK ? reply_json(&r) : "{}",
				     sql_customers_read_addresses);
		else
			fine = job_outage(job, BRIGHTPEARL, "reading addresses", &r);
		free(ids);
	}
	return fine;
}

bool customers_read(struct job *job)
{
	int64_t count = MOST;
	char *ids;
	bool fine = true;

	db_script(job->db, "DROP TABLE IF EXISTS temp.address_to_read;"
			   "CREATE TEMP TABLE address_to_read(address_id INTEGER PRIMARY KEY)");
	while (fine && (ids = db_text(job->db,
				      "SELECT group_concat(id) FROM"
				      " (SELECT id FROM temp.to_read ORDER BY id LIMIT ?)",
				      "i", count))) {
		fine = read_some(job, ids, &count);
		free(ids);
	}
	return fine && read_addresses(job);
}
