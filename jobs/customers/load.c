/* out_customer -> contacts in Brightpearl, one per e-mail.
 *
 * First the changes to contacts that exist (update.c), then two waves: the postal addresses (made
 * again when in doubt: an orphan is harmless), then new contacts, claimed before they are sent.
 * Brightpearl does not refuse a second contact with the same e-mail, so a contact in doubt is sent
 * again only when it was looked for twice and not found.  Addresses of contacts that exist are changed
 * in place at the end, or linked where they are new.
 */
#include "jobs/customers/customers.h"
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/wave.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"
#include "lib/brightpearl/search.h"

#include <stdlib.h>
#include <string.h>

#define NO_ADDRESS                                                                                 \
	CUSTOMER_PENDING " AND address_id IS NULL AND (remote_id IS NULL OR (" CUSTOMER_TO_LINK    \
			 " AND NOT (" CUSTOMER_IN_PLACE ")))"
#define NO_CONTACT CUSTOMER_PENDING " AND remote_id IS NULL AND address_id IS NOT NULL"
#define IN_DOUBT   "state = 'claimed' AND remote_id IS NULL"
#define READY                                                                                      \
	CUSTOMER_PENDING " AND (remote_id IS NULL OR EXISTS (SELECT 1 FROM out_customer_change d"  \
			 " WHERE d.key = out_customer.key))"

static void made_address(struct job *job, const char *email, int64_t id)
{
	db_run(job->db, "UPDATE out_customer SET address_id = ? WHERE key = ?", "it", id, email);
}

static void link_contact(struct job *job, const char *email, int64_t contact, const char *how)
{
	out_done(job, "out_customer", email, contact);
	db_run(job->db, "UPDATE out_customer SET agreed = sent, address_id = NULL WHERE key = ?",
	       "t", email);
	db_run(job->db,
	       "INSERT OR REPLACE INTO link_customer(email, contact_id, how, at) VALUES(?, ?, ?, "
	       "?)",
	       "titi", email, contact, how, clock_now() / 1000);
	char *record = xasprintf("customer:%s", email);
	reject_close(job, "customers", record);
	log_info(record, "%s as contact %lld", how, (long long)contact);
	out_came(job, "out_customer", email, how);
	free(record);
}

static void made_contact(struct job *job, const char *email, int64_t id)
{
	link_contact(job, email, id, "created");
}

static const struct wave addresses = {
	.api = BRIGHTPEARL,
	.table = "out_customer",
	.ready = NO_ADDRESS,
	.uri = "/contact-service/postal-address/",
	.what = "addresses",
	.made = made_address,
	.refused = customers_refused,
	.select = "SELECT key, body -> '$.address' FROM out_customer WHERE " NO_ADDRESS
		  " AND key > :last ORDER BY key LIMIT 1",
};

static const struct wave contacts = {
	.api = BRIGHTPEARL,
	.table = "out_customer",
	.ready = NO_CONTACT,
	.uri = "/contact-service/contact/",
	.what = "contacts",
	.claims = true,
	.made = made_contact,
	.refused = customers_refused,
	.select = "SELECT key, json_set(body -> '$.contact', '$.postAddressIds',"
		  " json_object('DEF', address_id, 'BIL', address_id, 'DEL', address_id))"
		  " FROM out_customer WHERE " NO_CONTACT " AND key > :last ORDER BY key LIMIT 1",
};

void customers_refused(struct job *job, const char *email, const char *why)
{
	char *record = xasprintf("customer:%s", email);

	wave_refuse(job, &contacts, "customers", email, record, why,
		    "mend what it names in the order's billing address, then ./run.sh retry");
	free(record);
}

/* A contact with exactly this primary e-mail that is a customer; 0 = none.  The search finds
 * e-mails that contain it, too; what is not told of a contact's roles counts as no. */
static void keep_same(struct job *job)
{
	db_script(job->db, "INSERT INTO temp.same_email SELECT whole(payload -> '$.contactId')"
			   "  FROM temp.page WHERE fold(payload ->> '$.primaryEmail') ="
			   "       (SELECT email FROM temp.doubted)"
			   "   AND (coalesce(flag(payload ->> '$.isCustomer'), 0)"
			   "     OR NOT coalesce(flag(payload ->> '$.isStaff')"
			   "               OR flag(payload ->> '$.isSupplier'), 0))");
}

static bool search(struct job *job, const char *email, const char *spelled, int64_t *contact)
{
	BUF filter = buf_new(4096);

	buf_text(&filter, "&primaryEmail=");
	buf_query(&filter, spelled);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.same_email; DROP TABLE IF EXISTS temp.doubted;"
		  "CREATE TEMP TABLE same_email(id INTEGER);"
		  "CREATE TEMP TABLE doubted(email TEXT)");
	db_run(job->db, "INSERT INTO temp.doubted VALUES(?)", "t", email);
	if (!search_all(job,
			&(struct search){
				.path = "/contact-service/contact-search",
				.columns = "contactId,primaryEmail,isSupplier,isStaff,isCustomer",
				.filter = filter.data,
				.what = "contacts by the e-mail of one in doubt",
				.guards = true,
				.stage = keep_same}))
		return false;
	*contact = db_int(job->db, 0, "SELECT min(id) FROM temp.same_email", "");
	return true;
}

/* Whether the search minds letter case is not documented: it is asked for the e-mail as it was
 * sent, then in lower case. */
static bool look_up(struct job *job, const char *email)
{
	int64_t contact = 0;
	char *sent = db_text(job->db,
			     "SELECT sent ->> '$.contact.communication.emails.PRI.email' FROM"
			     " out_customer WHERE key = ?",
			     "t", email);
	bool fine = search(job, email, sent ? sent : email, &contact);

	if (fine && !contact && sent && strcmp(sent, email) != 0)
		fine = search(job, email, email, &contact);
	free(sent);
	if (!fine)
		return false;
	db_begin(job->db);
	if (contact)
		link_contact(job, email, contact, "found");
	else
		out_absent(job, "out_customer", email, false);
	db_commit(job->db);
	return true;
}

static bool settle_doubt(struct job *job)
{
	char *list = db_text(job->db,
			     "SELECT group_concat(key, char(10)) FROM out_customer WHERE " IN_DOUBT,
			     "");
	bool fine = true;

	for (char *rest = list, *email; fine && rest && (email = strsep(&rest, "\n"));)
		fine = look_up(job, email);
	free(list);
	return fine;
}

static bool send_all(struct job *job)
{
	return customers_send_patches(job) && wave_send(job, &addresses) &&
	       wave_send(job, &contacts) && customers_send_links(job);
}

/* What is in doubt since just now often shows at once: changes, which are read by id, always. */
static bool load(struct job *job)
{
	if (!customers_settle_updates(job) || !settle_doubt(job) || !send_all(job) ||
	    !customers_settle_updates(job))
		return false;
	if (out_count(job, "out_customer", IN_DOUBT " AND looked_up_at IS NULL") &&
	    !settle_doubt(job))
		return false;
	if (out_count(job, "out_customer", READY) && !send_all(job))
		return false;
	load_remaining(job, "out_customer", "state = 'claimed'",
		       "contacts in doubt: they are looked up again by the next run");
	load_remaining(job, "out_customer", CUSTOMER_PENDING, "contacts could not be sent yet");
	return true;
}

bool customers_load(struct job *job)
{
	return load_run(job, &(struct load){.job = "customers",
					    .table = "out_customer",
					    .brake = &brake_contacts,
					    .ready = READY,
					    .run = load});
}
