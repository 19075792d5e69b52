/* Brightpearl's contacts by e-mail -> stg_bp_contact: a mirror that is complete before any contact
 * is created, so that a customer who is there is found without a request of his own.
 *
 * createdOn and updatedOn are two feeds: updatedOn is null until the first update. */
#include "jobs/customers/customers.h"
#include "jobs/job.h"
#include "jobs/torn.h"
#include "lib/brightpearl/search.h"

extern const char sql_customers_extract[], sql_customers_wanted[];

static void stage(struct job *job)
{
	torn_tell_rows(job, "SELECT 'contact ' || whole(p.payload -> '$.contactId'), p.payload"
			    " FROM temp.page p LEFT JOIN stg_bp_contact c"
			    "   ON c.id = whole(p.payload -> '$.contactId')"
			    " WHERE torn(p.payload) AND c.sha256 IS NOT sha256(p.payload)");
	job->counts.changed += db_int(job->db, 0,
				      "SELECT count(*) FROM temp.page p LEFT JOIN stg_bp_contact c"
				      " ON c.id = whole(p.payload -> '$.contactId') WHERE c.sha256 "
				      "IS NOT sha256(p.payload)",
				      "");
	db_script(job->db, sql_customers_extract);
}

static bool mirror(struct job *job, const char *name, const char *date, int64_t *moved)
{
	struct search search = {.path = "/contact-service/contact-search",
				.columns = "contactId,primaryEmail,isSupplier,isStaff,isCustomer",
				.told = "createdOn,updatedOn",
				.filter = "",
				.date = date,
				.moved = "updatedOn",
				.what = "Brightpearl contacts",
				.guards = true,
				.stage = stage};
	struct feed feed = feed_open(job, name, 0);

	if (!search_window(job, &search, &feed))
		return false;
	*moved = feed_moved(&feed);
	return true;
}

/* An order's e-mail without a contact, or whose contact is gone. */
static bool some_unlinked(struct job *job)
{
	return db_int(job->db, 0,
		      "SELECT EXISTS (SELECT 1 FROM temp.wanted w WHERE w.is_open AND NOT EXISTS"
		      " (SELECT 1 FROM link_customer k WHERE k.email = w.email"
		      "   AND k.contact_id = w.contact_id))",
		      "");
}

static bool read_mirror(struct job *job)
{
	bool first = !db_int(job->db, 0,
			     "SELECT count(*) FROM cursor WHERE feed = 'bp_contacts_created'"
			     " AND done_until IS NOT NULL",
			     "");
	int64_t moved = 0;

	if (!mirror(job, "bp_contacts_created", "createdOn", &moved))
		return false;
	if (!first)
		return mirror(job, "bp_contacts_updated", "updatedOn", &moved);
	db_begin(job->db); /* the first pass saw every contact as it is */
	feed_begin_at(job, "bp_contacts_updated", 0, moved);
	db_commit(job->db);
	return true;
}

/* Contacts whose data may have to follow; those of whom an order was refused, and those that an order to
 * be sent names and that were read before it changed: they may be gone.  Each once. */
static int64_t choose(struct job *job)
{
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.to_read;"
		"CREATE TEMP TABLE to_read(id INTEGER PRIMARY KEY, brief INTEGER DEFAULT 0);"
		"INSERT INTO temp.to_read SELECT id, min(brief) FROM ("
		" SELECT contact_id AS id, 0 AS brief FROM temp.follow f LEFT JOIN out_customer x ON x.key = f.email"
		"  WHERE f.body IS NOT f.agreed AND x.state IS NOT 'ignored' AND NOT coalesce("
		"   x.state = 'rejected' AND x.remote_id = f.contact_id AND x.body = f.body, 0)"
		" UNION SELECT remote_id, 0 FROM out_customer"
		"  WHERE state IN ('pending', 'claimed') AND remote_id IS NOT NULL"
		" UNION SELECT w.contact_id, 0 FROM temp.wanted w JOIN stg_bc_order o ON o.email = "
		"w.email"
		"  JOIN out_order x ON x.order_id = o.id AND x.state = 'rejected'"
		"  LEFT JOIN stg_bp_contact_data d ON d.id = w.contact_id"
		"  WHERE w.is_open AND w.contact_id IS NOT NULL AND x.claimed_at >= "
		"coalesce(d.read_at, 0)"
		" UNION SELECT w.contact_id, 1 FROM temp.wanted w JOIN order_choice c ON c.email = w.email"
		"  AND c.skipped IS NULL AND NOT coalesce(c.sent, 0) AND c.state IS NOT 'claimed'"
		"  JOIN stg_bc_order o ON o.id = c.id AND o.unreadable IS NULL"
		"  LEFT JOIN stg_bp_contact_data d ON d.id = w.contact_id"
		"  WHERE w.is_open AND w.contact_id IS NOT NULL AND (d.read_run IS NULL OR d.read_run < o.changed_run"
		"   OR (o.changed_run = d.read_run AND d.read_at < (SELECT started_at FROM stage"
		"        WHERE run_id = o.changed_run AND name = 'orders.extract')))) GROUP BY id;"
		"CREATE TEMP TABLE IF NOT EXISTS was_read(id INTEGER PRIMARY KEY);"
		"DELETE FROM temp.to_read WHERE id IN (SELECT id FROM temp.was_read);"
		"INSERT INTO temp.was_read SELECT id FROM temp.to_read");
	return db_int(job->db, 0, "SELECT count(*) FROM temp.to_read", "");
}

/* A contact that turns out to be gone makes room for another one with its e-mail, which is read in
 * its turn. */
bool customers_extract(struct job *job)
{
	bool mirrored = false, sought = false;

	for (;;) {
		db_script(job->db, sql_customers_wanted);
		if (!mirrored && some_unlinked(job)) {
			if (!read_mirror(job))
				return false;
			mirrored = true;
		} else if (!choose(job)) {
			if (sought)
				return true;
			sought = true;
			if (!customers_seek_gone(job))
				return false;
		} else if (!customers_read(job)) {
			return false;
		}
	}
}
