/* Contacts that exist: their names and telephone by PATCH, their billing address in place by PUT, or by a
 * new one that is linked where theirs is not known or not theirs alone.
 *
 * A PATCH goes by itself, never in a multi-message.  Whether a telephone that is not set yet takes
 * "add" or "replace" is not documented: the one that fits is tried first, then the other.  All of
 * it may be repeated; a row found claimed is read and compared again before anything is sent. */
#include "jobs/customers/customers.h"
#include "jobs/job.h"
#include "jobs/wave.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD     8
#define IN_FLIGHT "state = 'claimed' AND remote_id IS NOT NULL"

extern const char sql_customers_difference[];

/* Done when nothing is left that differs. */
static void finish(struct job *job, const char *email)
{
	if (db_int(job->db, 0, "SELECT count(*) FROM out_customer_change WHERE key = ?", "t",
		   email))
		return;
	db_run(job->db,
	       "UPDATE out_customer SET state = 'done', sent = body, agreed = body, message = NULL"
	       " WHERE key = ?",
	       "t", email);
	char *record = xasprintf("customer:%s", email);
	reject_close(job, "customers", record);
	log_info(record, "contact updated");
	out_came(job, "out_customer", email, "changed");
	free(record);
}

/* Brightpearl took the address (or else the other fields) of the body. */
static void agree(struct job *job, const char *email, bool address)
{
	out_release(job, "out_customer", email, NULL);
	db_run(job->db,
	       "UPDATE out_customer SET agreed = json_object("
	       " 'address', iif(?1, body, agreed) -> '$.address',"
	       " 'contact', iif(?1, agreed, body) -> '$.contact') WHERE key = ?2",
	       "it", (int64_t)address, email);
	db_run(job->db,
	       "DELETE FROM out_customer_change WHERE key = ?2"
	       " AND (path = '/postAddressIds/BIL') = ?1",
	       "it", (int64_t)address, email);
	finish(job, email);
}

/* Never made again by itself: its e-mail waits for a person, its orders with it. */
static void contact_gone(struct job *job, const char *email)
{
	char *record = xasprintf("customer:%s", email);
	char *hint = xasprintf(
		"give its e-mail to a contact in Brightpearl, or name the one that replaced "
		"it: ./run.sh link customer %s ID",
		email);
	char *message = db_text(
		job->db,
		"SELECT printf('its contact %d is no longer in Brightpearl', remote_id)"
		" FROM out_customer WHERE key = ?",
		"t", email);

	db_run(job->db,
	       "UPDATE stg_bp_contact_data SET gone = 1"
	       " WHERE id = (SELECT remote_id FROM out_customer WHERE key = ?)",
	       "t", email);
	db_run(job->db, "DELETE FROM link_customer WHERE email = ?", "t", email);
	out_reject(job, "out_customer", email, message);
	reject_open(job, "customers", record, "contact_gone", message, hint);
	job->counts.rejected++;
	free(hint);
	free(message);
	free(record);
}

static char *next_in_flight(struct job *job)
{
	return db_text(job->db, "SELECT min(key) FROM out_customer WHERE " IN_FLIGHT, "");
}

static void settle(struct job *job, const char *email)
{
	if (db_int(job->db, 0,
		   "SELECT d.gone FROM out_customer x JOIN stg_bp_contact_data d ON d.id = "
		   "x.remote_id"
		   " WHERE x.key = ?",
		   "t", email)) {
		contact_gone(job, email);
		return;
	}
	out_release(job, "out_customer", email, NULL);
	finish(job, email);
}

bool customers_settle_updates(struct job *job)
{
	if (!out_count(job, "out_customer", IN_FLIGHT))
		return true;
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.to_read; CREATE TEMP TABLE to_read("
		  "id INTEGER PRIMARY KEY, brief INTEGER DEFAULT 0);"
		  "INSERT INTO temp.to_read(id) SELECT DISTINCT remote_id FROM out_customer "
		  "WHERE " IN_FLIGHT);
	if (!customers_read(job))
		return false;
	db_begin(job->db);
	db_script(job->db, sql_customers_difference);
	for (char *email; (email = next_in_flight(job)); free(email))
		settle(job, email);
	db_commit(job->db);
	return true;
}

/* --- PATCH
 * ---------------------------------------------------------------------------------------- */

struct patch {
	char *email;
	struct call *call;
};

/* The operations of a contact; other: with the other operation for fields that are empty there and
 * for telephones. */
static char *operations(struct job *job, const char *email, bool other)
{
	return db_text(job->db,
		       "SELECT json_group_array(json_object('op', iif(iif(path LIKE '/comm%', seen "
		       "= '', 0)"
		       "   <> (?2 AND (seen = '' OR path LIKE '/comm%')), 'add', 'replace'),"
		       "  'path', path, 'value', wanted)) FROM (SELECT * FROM out_customer_change"
		       " WHERE key = ?1 AND path <> '/postAddressIds/BIL' ORDER BY path)",
		       "ti", email, (int64_t)other);
}

static struct call *submit(struct job *job, const char *email, const char *body)
{
	char *path = xasprintf("/contact-service/contact/%lld",
			       (long long)db_int(job->db, 0,
						 "SELECT remote_id FROM out_customer WHERE key = ?",
						 "t", email));
	struct call *call = http_submit(job->http, &(struct http_request){.api = BRIGHTPEARL,
									  .method = "PATCH",
									  .path = path,
									  .body = body});
	free(path);
	return call;
}

static struct patch send_patch(struct job *job, char *email)
{
	char *body = operations(job, email, false);

	db_begin(job->db);
	out_claim(job, "out_customer", email);
	db_commit(job->db);
	struct patch sent = {email, submit(job, email, body)};
	free(body);
	return sent;
}

/* What came of the first try, or of the second one with the other operations, where they differ. */
static struct reply wait_for(struct job *job, const struct patch *p)
{
	struct reply r = http_wait(job->http, p->call);

	if (r.outcome != HTTP_REFUSED || r.status == 404)
		return r;
	char *body = operations(job, p->email, false), *other = operations(job, p->email, true);
	if (strcmp(body, other) != 0) {
		reply_free(&r);
		r = http_wait(job->http, submit(job, p->email, other));
	}
	free(body);
	free(other);
	return r;
}

/* *lost counts the answers in a row that never came: after two the service is down.  False then. */
static bool settle_patch(struct job *job, const struct patch *p, int *lost)
{
	REPLY r = wait_for(job, p);

	db_begin(job->db);
	if (r.outcome == HTTP_OK)
		agree(job, p->email, false);
	else if (r.outcome == HTTP_REFUSED && r.status == 404)
		contact_gone(job, p->email);
	else if (r.outcome == HTTP_REFUSED)
		customers_refused(job, p->email, r.message);
	else if (r.outcome == HTTP_LATER)
		out_release(job, "out_customer", p->email, r.message);
	else
		out_doubt(job, "out_customer", p->email, r.message);
	db_commit(job->db);
	*lost = r.outcome == HTTP_UNKNOWN ? *lost + 1 : 0;
	return (r.outcome != HTTP_LATER && *lost < 2) ||
	       job_outage(job, BRIGHTPEARL, "updating contacts", &r);
}

bool customers_send_patches(struct job *job)
{
	struct patch ring[AHEAD];
	int first = 0, count = 0, lost = 0;
	bool fine = true;
	char *last = xstrdup("");

	do {
		char *email = NULL;
		if (fine && count < AHEAD)
			email = db_text(job->db,
					"SELECT min(key) FROM out_customer WHERE " CUSTOMER_PENDING
					" AND key > ? AND " CUSTOMER_DIFFERS("<>"),
					"t", last);
		if (email) {
			free(last);
			last = xstrdup(email);
			ring[(first + count++) % AHEAD] = send_patch(job, email);
			continue;
		}
		if (count) {
			struct patch *p = &ring[first];
			first = (first + 1) % AHEAD;
			count--;
			fine = settle_patch(job, p, &lost) && fine;
			free(p->email);
		}
	} while (count);
	free(last);
	return fine;
}

/* --- addresses
 * ------------------------------------------------------------------------------------ */

static void linked(struct job *job, const char *email, int64_t id)
{
	(void)id;
	db_run(job->db, "UPDATE out_customer SET address_id = NULL WHERE key = ?", "t", email);
	agree(job, email, true);
}

/* An address that cannot be changed in place is replaced by a new one. */
static void link_refused(struct job *job, const char *email, const char *why)
{
	if (!db_int(job->db, 0,
		    "SELECT count(*) FROM out_customer WHERE key = ? AND " CUSTOMER_IN_PLACE, "t",
		    email)) {
		customers_refused(job, email, why);
		return;
	}
	db_run(job->db,
	       "UPDATE stg_bp_contact_data SET address_own = 0"
	       " WHERE id = (SELECT remote_id FROM out_customer WHERE key = ?)",
	       "t", email);
	out_release(job, "out_customer", email, why);
}

/* The whole address in place of what it was; a new one takes the place of the old billing one, wherever
 * that stood. */
static const struct wave links = {
	.api = BRIGHTPEARL,
	.table = "out_customer",
	.ready = CUSTOMER_TO_LINK " AND (address_id IS NOT NULL OR (" CUSTOMER_IN_PLACE "))",
	.method = "PUT",
	.what = "addresses of contacts",
	.claims = true,
	.no_id = true,
	.made = linked,
	.refused = link_refused,
	.select =
		"SELECT x.key, iif(x.address_id IS NULL, x.body -> '$.address', (SELECT"
		"  json_group_array(json_object('postalAddressId', x.address_id, 'type', t.value))"
		"  FROM json_each('[\"DEF\",\"BIL\",\"DEL\"]') t WHERE t.value = 'BIL'"
		"  OR d.payload ->> ('$.postAddressIds.' || t.value) IS d.address_id)),"
		" iif(x.address_id IS NULL, '/contact-service/postal-address/' || d.address_id,"
		"     '/contact-service/contact/' || x.remote_id || '/postal-address')"
		" FROM out_customer x JOIN stg_bp_contact_data d ON d.id = x.remote_id"
		" WHERE x.key = (SELECT min(key) FROM out_customer WHERE " CUSTOMER_TO_LINK
		" AND (address_id IS NOT NULL OR (" CUSTOMER_IN_PLACE ")) AND key > :last)",
};

bool customers_send_links(struct job *job)
{
	return wave_send(job, &links);
}
