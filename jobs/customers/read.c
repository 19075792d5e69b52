/* Contacts by id -> stg_bp_contact_data.
 *
 * Whether an id that is gone spoils the answer to a whole list (404) or is only left out of it is
 * not documented: lib/brightpearl/get.h minds both.  A contact tells its addresses by their ids;
 * where those cannot be read, the address counts as different. */
#include "jobs/customers/customers.h"
#include "jobs/job.h"
#include "lib/brightpearl/get.h"
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

static void keep_contacts(struct job *job, const char *ids, const struct reply *r)
{
	stage_answer(job, ids, r->outcome == HTTP_OK ? reply_json(r) : "{}", sql_customers_read);
}

static void keep_addresses(struct job *job, const char *ids, const struct reply *r)
{
	stage_answer(job, ids, r->outcome == HTTP_OK ? reply_json(r) : "{}",
		     sql_customers_read_addresses);
}

static void ask_for(struct job *job, const char *select)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.asked;"
			   "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_script(job->db, select);
}

/* Where addresses cannot be read at all, each counts as different. */
static bool read_addresses(struct job *job)
{
	ask_for(job, "INSERT INTO temp.asked SELECT address_id FROM temp.address_to_read");
	return get_read(job, &(struct get){.before = "/contact-service/postal-address/",
					   .most = MOST,
					   .none_is_404 = true,
					   .id = "$.addressId",
					   .record = "address:",
					   .called = "postal address",
					   .what = "addresses",
					   .keep = keep_addresses,
					   .refused = keep_addresses});
}

bool customers_read(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.address_to_read;"
			   "CREATE TEMP TABLE address_to_read(address_id INTEGER PRIMARY KEY)");
	ask_for(job, "INSERT INTO temp.asked SELECT id FROM temp.to_read");
	return get_read(job, &(struct get){.before = "/contact-service/contact/",
					   .most = MOST,
					   .id = "$.contactId",
					   .twice = "true",
					   .record = "contact:",
					   .called = "contact",
					   .what = "contacts",
					   .keep = keep_contacts}) &&
	       read_addresses(job);
}
