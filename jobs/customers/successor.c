/* A contact that is gone from Brightpearl was merged into another one by staff, as a rule: its orders
 * moved there, its e-mail became a spare one of it.  So the contact that our own earlier sales orders
 * are of now takes its place, else the one contact that has the e-mail as its second or third. */
#include "jobs/customers/customers.h"
#include "jobs/job.h"
#include "jobs/orders/sales.h"
#include "lib/clock.h"
#include "lib/brightpearl/search.h"
#include "lib/told.h"

#include <stdlib.h>
#include <string.h>

#define SALES_ASKED 3 /* of the newest sales orders of an e-mail */

extern const char sql_customers_lost[];

/* temp.candidate(email, contact_id): may take the place of the one that is gone. */
static void make_candidates(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.candidate;"
			   "CREATE TEMP TABLE candidate(email TEXT, contact_id INTEGER,"
			   " PRIMARY KEY (email, contact_id))");
}

/* Each is read, since it may be gone as well, or be no customer. */
static bool read_candidates(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.to_read;"
		  "CREATE TEMP TABLE to_read(id INTEGER PRIMARY KEY, brief INTEGER DEFAULT 0);"
		  "INSERT INTO temp.to_read(id) SELECT DISTINCT contact_id FROM temp.candidate");
	if (!customers_read(job))
		return false;
	db_script(
		job->db,
		"DELETE FROM temp.candidate WHERE contact_id NOT IN (SELECT d.id FROM stg_bp_contact_data d"
		" WHERE NOT d.gone"
		"   AND NOT coalesce(flag(d.payload ->> '$.relationshipToAccount.isStaff'), 0)"
		"   AND NOT coalesce(flag(d.payload ->> '$.relationshipToAccount.isSupplier'), 0))");
	return true;
}

static void tell(struct job *job, const char *email, int64_t gone, int64_t contact, const char *why)
{
	char *record = xasprintf("customer:%s", email),
	     *what = xasprintf("followed %lld", (long long)contact);

	if (told_first(job, record, what))
		log_warn(
			record,
			"its contact %lld is no longer in Brightpearl; %s contact %lld, which its orders are"
			" booked on from now on (./run.sh link customer %s ID names another)",
			(long long)gone, why, (long long)contact, email);
	free(what);
	free(record);
}

/* Of several candidates none is taken: a person says which. */
static bool follow(struct job *job, const char *why)
{
	if (!read_candidates(job))
		return false;
	db_begin(job->db);
	STMT st = db_prepare(job->db,
			     "SELECT c.email, l.gone, max(c.contact_id) FROM temp.candidate c"
			     " JOIN temp.lost l ON l.email = c.email AND l.found IS NULL"
			     " GROUP BY c.email HAVING count(*) = 1");
	while (stmt_row(st)) {
		db_run(job->db,
		       "INSERT OR REPLACE INTO link_customer(email, contact_id, how, at)"
		       " VALUES(?, ?, 'followed', ?)",
		       "tii", col_text(st, 0), col_int(st, 2), clock_now() / 1000);
		tell(job, col_text(st, 0), col_int(st, 1), col_int(st, 2), why);
	}
	db_script(job->db, "UPDATE temp.lost SET found = k.contact_id FROM link_customer k"
			   " WHERE k.email = lost.email AND k.contact_id <> lost.gone");
	db_commit(job->db);
	return true;
}

static bool by_orders(struct job *job)
{
	db_begin(job->db);
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
	db_run(job->db,
	       "INSERT INTO temp.asked SELECT sales_order_id FROM temp.lost_sale WHERE place <= ?",
	       "i", (int64_t)SALES_ASKED);
	db_commit(job->db);
	if (!sales_read(job))
		return false;
	make_candidates(job);
	db_script(
		job->db,
		"INSERT OR IGNORE INTO temp.candidate SELECT l.email, s.contact_id FROM temp.lost_sale l"
		"  JOIN temp.asked a ON a.id = l.sales_order_id"
		"  JOIN stg_bp_sale s ON s.id = l.sales_order_id AND NOT s.gone"
		"  JOIN temp.lost t ON t.email = l.email"
		" WHERE s.contact_id > 0 AND s.contact_id <> t.gone"
		"   AND s.contact_id IS NOT (SELECT CAST(value AS INTEGER) FROM setting"
		"                             WHERE name = 'customers.if_absent')");
	return follow(job, "its sales orders are now of");
}

/* Rows of a search that hold the e-mail exactly: searches find what contains it. */
static void keep_spare(struct job *job)
{
	db_script(
		job->db,
		"INSERT OR IGNORE INTO temp.candidate SELECT l.email, whole(p.payload -> '$.contactId')"
		"  FROM temp.page p JOIN temp.lost l ON l.email IN (fold(p.payload ->> '$.secondaryEmail'),"
		"                                                   fold(p.payload ->> '$.tertiaryEmail'))"
		" WHERE whole(p.payload -> '$.contactId') > 0 AND whole(p.payload -> '$.contactId') <> l.gone");
}

static bool search_spare(struct job *job, const char *column, const char *email)
{
	BUF filter = buf_new(4096);

	buf_printf(&filter, "&%s=", column);
	buf_query(&filter, email);
	return search_all(
		job,
		&(struct search){.path = "/contact-service/contact-search",
				 .columns = "contactId,primaryEmail,secondaryEmail,tertiaryEmail",
				 .filter = filter.data,
				 .what = "contacts by a spare e-mail",
				 .guards = true,
				 .stage = keep_spare});
}

/* Whether the search minds letter case is not documented: as it is spelled, then in lower case. */
static bool search_spelled(struct job *job, const char *email)
{
	char *spelled = db_text(job->db, "SELECT spelled FROM temp.lost WHERE email = ?", "t",
				email);
	bool fine = search_spare(job, "secondaryEmail", spelled) &&
		    search_spare(job, "tertiaryEmail", spelled);

	if (fine && strcmp(spelled, email) != 0 &&
	    !db_int(job->db, 0, "SELECT count(*) FROM temp.candidate WHERE email = ?", "t", email))
		fine = search_spare(job, "secondaryEmail", email) &&
		       search_spare(job, "tertiaryEmail", email);
	free(spelled);
	return fine;
}

/* Only where no other contact has it as its first. */
static bool by_spare_email(struct job *job)
{
	char *list = db_text(job->db,
			     "SELECT group_concat(email, char(10)) FROM temp.lost"
			     " WHERE found IS NULL AND other IS NULL",
			     "");
	bool fine = true;

	make_candidates(job);
	for (char *rest = list, *email; fine && rest && (email = strsep(&rest, "\n"));)
		fine = search_spelled(job, email);
	free(list);
	return fine && follow(job, "its e-mail is now a spare one of");
}

bool customers_seek_gone(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, sql_customers_lost);
	db_commit(job->db);
	if (!db_int(job->db, 0, "SELECT count(*) FROM temp.lost", ""))
		return true;
	return by_orders(job) && by_spare_email(job);
}
