/* out_customer -> contacts in Brightpearl, one per e-mail.
 *
 * Two waves: the postal addresses (made again when in doubt: an orphan is harmless), then the
 * contacts, claimed before they are sent.  Brightpearl does not refuse a second contact with the same
 * e-mail, so a contact in doubt is sent again only when it was looked for twice and not found. */
#include "jobs/job.h"
#include "jobs/load.h"
#include "lib/clock.h"
#include "lib/multi.h"
#include "lib/out.h"
#include "lib/reject.h"
#include "lib/search.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

struct wave {
	struct job *job;
	char *last;
	const char *select;      /* key, body of the next row after :last */
	const char *uri, *what;
	void (*settle_one)(struct job *, const struct message *);
	int64_t sent, total;
};

static bool next(void *context, struct message *m)
{
	struct wave *w = context;
	STMT st = db_prepare(w->job->db, w->select);

	bind(st, ":last", w->last);
	if (!stmt_row(st))
		return false;
	free(w->last);
	w->last = xstrdup(col_text(st, 0));
	m->key = xstrdup(w->last);
	m->method = "POST";
	m->uri = w->uri;
	m->body = xstrdup(col_text(st, 1));
	return true;
}

static void settle(void *context, struct message *m, int count)
{
	struct wave *w = context;

	db_begin(w->job->db);
	for (int i = 0; i < count; i++)
		w->settle_one(w->job, &m[i]);
	db_commit(w->job->db);
	w->sent += count;
	log_progress(w->what, w->sent, w->total);
}

static void claim(void *context, struct message *m, int count)
{
	struct wave *w = context;

	db_begin(w->job->db);
	for (int i = 0; i < count; i++)
		out_claim(w->job, "out_customer", m[i].key);
	db_commit(w->job->db);
}

static int64_t answered_id(const struct message *m)
{
	cJSON *json = m->outcome == HTTP_OK ? cJSON_Parse(m->answer) : NULL;
	const cJSON *id = cJSON_GetObjectItem(json, "response");
	int64_t value = cJSON_IsNumber(id) && id->valuedouble >= 1 ? (int64_t)id->valuedouble : 0;

	cJSON_Delete(json);
	return value;
}

static void refused(struct job *job, const struct message *m, const char *what)
{
	char *record = xasprintf("customer:%s", m->key);
	char *message = xasprintf("Brightpearl refused the %s: %s", what, m->text);

	out_reject(job, "out_customer", m->key, message);
	reject_open(job, "customers", record, "refused", message,
		    "mend what it names in the order's billing address, then ./run.sh retry");
	job->counts.rejected++;
	free(message);
	free(record);
}

static void settle_address(struct job *job, const struct message *m)
{
	int64_t id = answered_id(m);

	if (id)
		db_run(job->db, "UPDATE out_customer SET address_id = ? WHERE key = ?", "it", id, m->key);
	else if (m->outcome == HTTP_REFUSED)
		refused(job, m, "address");
	/* else it stays without an address and is asked for again */
}

static void link_contact(struct job *job, const char *email, int64_t contact, const char *how)
{
	out_done(job, "out_customer", email, contact);
	db_run(job->db, "INSERT OR REPLACE INTO link_customer(email, contact_id, how, at) VALUES(?, ?, ?, ?)",
	       "titi", email, contact, how, clock_now() / 1000);
	char *record = xasprintf("customer:%s", email);
	reject_close(job, "customers", record);
	log_info(record, "%s as contact %lld", how, (long long)contact);
	job->counts.done++;
	free(record);
}

static void settle_contact(struct job *job, const struct message *m)
{
	int64_t id = answered_id(m);

	if (id)
		link_contact(job, m->key, id, "created");
	else if (m->outcome == HTTP_REFUSED)
		refused(job, m, "contact");
	else if (m->outcome == HTTP_LATER)
		out_release(job, "out_customer", m->key, m->text);
	else
		out_doubt(job, "out_customer", m->key, m->outcome == HTTP_OK ? "no id was answered" : m->text);
}

#define NO_ADDRESS "state = 'pending' AND address_id IS NULL"
#define NO_CONTACT "state = 'pending' AND address_id IS NOT NULL"

static const char address_bodies[] =
	"SELECT key, body -> '$.address' FROM out_customer WHERE " NO_ADDRESS
	" AND key > :last ORDER BY key LIMIT 1";
static const char contact_bodies[] =
	"SELECT key, json_set(body -> '$.contact', '$.postAddressIds',"
	" json_object('DEF', address_id, 'BIL', address_id, 'DEL', address_id))"
	" FROM out_customer WHERE " NO_CONTACT " AND key > :last ORDER BY key LIMIT 1";

/* Rows that a refused pack gave back go once more, one by one. */
static bool run_wave(struct job *job, struct wave wave, const char *ready, bool claims)
{
	char *why = NULL;
	bool fine;
	int64_t left = out_count(job, "out_customer", ready), before;

	wave.job = job;
	wave.total = left;
	do {
		before = left;
		wave.last = xstrdup("");
		fine = multi_run(job, &(struct multi_source){.next = next, .settle = settle,
				 .claim = claims ? claim : NULL, .context = &wave, .waiting = left}, &why);
		free(wave.last);
		left = out_count(job, "out_customer", ready);
	} while (fine && left && left < before);
	log_progress_end();
	if (!fine)
		job_note(job, EX_TEMPFAIL, "Brightpearl: creating %s: %s", wave.what, why);
	free(why);
	return fine;
}

/* A contact with exactly this primary e-mail that is a customer; 0 = none.  The search finds e-mails
 * that contain it, too. */
static int64_t found_contact(struct job *job, const char *email, const char *body)
{
	db_begin(job->db);
	search_split(job, body);
	int64_t id = db_int(job->db, 0,
		"SELECT min(whole(payload -> '$.contactId')) FROM temp.page"
		" WHERE fold(payload ->> '$.primaryEmail') = ?"
		"   AND (payload ->> '$.isCustomer' OR NOT (payload ->> '$.isStaff' OR payload ->> '$.isSupplier'))",
		"t", email);
	db_commit(job->db);
	return id;
}

static bool look_up(struct job *job, const char *email)
{
	BUF path = buf_new(4096);

	buf_text(&path, "/contact-service/contact-search?columns=contactId,primaryEmail,isSupplier,isStaff,"
			"isCustomer&primaryEmail=");
	buf_query(&path, email);
	REPLY r = http_send(job->http, &(struct http_request){.api = BRIGHTPEARL, .method = "GET",
			    .path = path.data});
	if (r.outcome != HTTP_OK || !db_int(job->db, 0, "SELECT json_valid(?)", "t", r.body))
		return job_outage(job, BRIGHTPEARL, "looking up a contact in doubt", &r);
	int64_t contact = found_contact(job, email, r.body);
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
	char *list = db_text(job->db, "SELECT group_concat(key, char(10)) FROM out_customer"
				      " WHERE state = 'claimed'", "");
	bool fine = true;

	for (char *rest = list, *email; fine && rest && (email = strsep(&rest, "\n"));)
		fine = look_up(job, email);
	free(list);
	return fine;
}

static bool load(struct job *job)
{
	if (!settle_doubt(job))
		return false;
	if (!run_wave(job, (struct wave){.select = address_bodies, .uri = "/contact-service/postal-address/",
			   .what = "addresses", .settle_one = settle_address}, NO_ADDRESS, false) ||
	    !run_wave(job, (struct wave){.select = contact_bodies, .uri = "/contact-service/contact/",
			   .what = "contacts", .settle_one = settle_contact}, NO_CONTACT, true))
		return false;
	/* What is in doubt since just now often shows at once. */
	if (out_count(job, "out_customer", "state = 'claimed' AND looked_up_at IS NULL") && !settle_doubt(job))
		return false;
	if (out_count(job, "out_customer", "state = 'claimed'"))
		job_later(job, "%lld contacts in doubt: they are looked up again by the next run",
			  (long long)out_count(job, "out_customer", "state = 'claimed'"));
	if (out_count(job, "out_customer", "state = 'pending'"))
		job_later(job, "%lld contacts could not be sent yet",
			  (long long)out_count(job, "out_customer", "state = 'pending'"));
	return true;
}

bool customers_load(struct job *job)
{
	return load_run(job, &(struct load){.job = "customers", .table = "out_customer",
			.limit = "limits.contacts", .ready = "state = 'pending'", .run = load});
}
