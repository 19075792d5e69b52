/* Brightpearl's contacts by e-mail -> stg_bp_contact: a mirror that is complete before any contact
 * is created, so that a customer who is there is found without a request of his own.
 *
 * createdOn and updatedOn are two feeds: updatedOn is null until the first update. */
#include "jobs/job.h"
#include "lib/search.h"

extern const char sql_customers_extract[];

static void stage(struct job *job)
{
	job->counts.changed += db_int(job->db, 0,
				      "SELECT count(*) FROM temp.page p LEFT JOIN stg_bp_contact c"
				      " ON c.id = whole(p.payload -> '$.contactId') WHERE c.sha256 "
				      "IS NOT sha256(p.payload)",
				      "");
	db_script(job->db, sql_customers_extract);
}

static bool mirror(struct job *job, const char *name, const char *date, int64_t start)
{
	struct search search = {.path = "/contact-service/contact-search",
				.columns = "contactId,primaryEmail,isSupplier,isStaff,isCustomer",
				.filter = "",
				.date = date,
				.what = "Brightpearl contacts",
				.stage = stage};
	struct feed feed = feed_open(job, name, start);
	struct reply failed;

	if (search_window(job, &search, &feed, &failed))
		return true;
	job_outage(job, BRIGHTPEARL, "reading contacts", &failed);
	reply_free(&failed);
	return false;
}

bool customers_extract(struct job *job)
{
	if (!db_int(job->db, 0,
		    "SELECT EXISTS (SELECT 1 FROM order_choice c LEFT JOIN link_customer k USING "
		    "(email)"
		    " WHERE c.skipped IS NULL AND c.email <> '' AND k.email IS NULL)",
		    ""))
		return true;
	bool first = !db_int(job->db, 0,
			     "SELECT count(*) FROM cursor WHERE feed = 'bp_contacts_created'"
			     " AND done_until IS NOT NULL",
			     "");
	if (!mirror(job, "bp_contacts_created", "createdOn", 0))
		return false;
	if (first) { /* the first pass saw every contact as it is */
		db_script(job->db, "INSERT OR REPLACE INTO cursor(feed, begun_from, done_until)"
				   " SELECT 'bp_contacts_updated', 0, done_until FROM cursor"
				   " WHERE feed = 'bp_contacts_created'");
		return true;
	}
	return mirror(job, "bp_contacts_updated", "updatedOn", 0);
}
