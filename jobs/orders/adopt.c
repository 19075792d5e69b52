/* Orders that Brightpearl has already: rows in doubt are looked up by their reference, rows still
 * to be sent are compared with the mirror.  Which of them is ours the order itself tells
 * (adopt_judge.sql); what only shares our reference is a reject that names both. */
#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/orders/orders.h"
#include "lib/brightpearl/get.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "lib/pipeline.h"
#include "lib/reject.h"
#include "lib/brightpearl/search.h"

#include <stdlib.h>
#include <string.h>

#define IDS_PER_GET 100 /* 200 are allowed; a longer list may be too long for an address */

extern const char sql_orders_adopt_judge[];

/* Candidates: temp.candidate(key, sales_order), what Brightpearl holds under a row's key.
 * found = it is there; holds = the order itself says that it has that reference. */
static void make_candidates(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.candidate;"
		  "CREATE TEMP TABLE candidate(key TEXT, sales_order INTEGER,"
		  " found INTEGER, holds INTEGER, payload TEXT);"
		  "CREATE TEMP TABLE IF NOT EXISTS answered(key TEXT, sales_order INTEGER)");
}

void orders_answered(struct job *job, const char *key, int64_t sales_order)
{
	db_run(job->db, "INSERT INTO temp.answered VALUES(?, ?)", "ti", key, sales_order);
	out_doubt(job, "out_order", key, "Brightpearl answered with the id of an earlier order");
}

/* What of the ids asked for was not answered is gone. */
static void keep_candidates(struct job *job, const char *ids, const struct reply *r)
{
	db_begin(job->db);
	db_run(job->db,
	       "UPDATE temp.candidate SET found = 1, payload = o.value,"
	       " holds = coalesce(o.value ->> '$.externalRef' = candidate.key, 0)"
	       " FROM json_each(?, '$.response') o"
	       " WHERE o.value ->> '$.id' = candidate.sales_order",
	       "t", r->outcome == HTTP_OK ? reply_json(r) : "{}");
	db_run(job->db,
	       "UPDATE temp.candidate SET found = 0 WHERE found IS NULL AND sales_order IN"
	       " (SELECT value FROM json_each('[' || ? || ']'))",
	       "t", ids);
	db_commit(job->db);
}

/* Read what tells whether the candidates are ours. */
static bool read_candidates(struct job *job)
{
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT INTO temp.asked"
		" SELECT DISTINCT sales_order FROM temp.candidate WHERE found IS NULL");
	return get_read(job, &(struct get){.before = "/order-service/order/",
					   .id = "$.id",
					   .twice = "true",
					   .record = "sales_order:",
					   .called = "sales order",
					   .most = IDS_PER_GET,
					   .what = "orders with our reference",
					   .keep = keep_candidates});
}

/* From the first order on, orders.reference cannot change. */
void orders_freeze_reference(struct job *job)
{
	db_script(job->db, "UPDATE binding SET reference = (SELECT prefix FROM order_reference)"
			   " WHERE reference IS NULL");
}

void orders_note_link(struct job *job, const char *key, int64_t sales_order, const char *how)
{
	orders_freeze_reference(job);
	db_run(job->db,
	       "INSERT INTO link_order(order_id, sales_order_id, how, at)"
	       " SELECT order_id, ?, ?, ? FROM out_order WHERE key = ?"
	       " ON CONFLICT DO NOTHING",
	       "itit", sales_order, how, clock_now() / 1000, key);
	char *record = db_text(job->db, "SELECT 'order:' || order_id FROM out_order WHERE key = ?",
			       "t", key);
	reject_close(job, "orders", record);
	log_info(record, "%s as sales order %lld", how, (long long)sales_order);
	free(record);
}

void orders_link(struct job *job, const char *key, int64_t sales_order, const char *how)
{
	out_done(job, "out_order", key, sales_order);
	db_run(job->db,
	       "UPDATE out_order SET sent = coalesce(sent, body), sent_sha256 = source_sha256"
	       " WHERE key = ?",
	       "t", key);
	orders_keep_rows(job, key);
	orders_note_link(job, key, sales_order, how);
}

static void refuse(struct job *job, const char *key, int64_t sales_order, const char *differs)
{
	int64_t order = db_int(job->db, 0, "SELECT order_id FROM out_order WHERE key = ?", "t",
			       key);
	char *record = xasprintf("order:%lld", (long long)order);
	char *message = xasprintf(
		"Brightpearl order %lld has the reference %s, but is not order %lld: %s",
		(long long)sales_order, key, (long long)order, differs);
	char *hint = xasprintf(
		"compare the two: if they are the same, ./run.sh link order %lld %lld --force; if"
		" another shop or connector made it, give this store a prefix of its own in"
		" orders.reference before its first order is sent, or change the reference in"
		" Brightpearl, then ./run.sh retry %s",
		(long long)order, (long long)sales_order, record);

	out_reject(job, "out_order", key, message);
	reject_open(job, "orders", record, "already_there", message, hint);
	job->counts.rejected++;
	free(hint);
	free(message);
	free(record);
}

/* It is ours, and cancelled there: taken as it is, the shop's order would be lost untold. */
static void refuse_cancelled(struct job *job, const char *key, int64_t sales_order)
{
	char *record = db_text(job->db, "SELECT 'order:' || order_id FROM out_order WHERE key = ?",
			       "t", key);
	char *message = db_text(
		job->db,
		"SELECT printf('Brightpearl order %d has the reference %s and is order %d (%.2f"
		" %s), but is cancelled there, and in BigCommerce the order is not', ?, x.key,"
		" x.order_id, o.total_inc / 1e4, o.currency) FROM out_order x"
		" JOIN stg_bc_order o ON o.id = x.order_id WHERE x.key = ?",
		"it", sales_order, key);
	char *hint = xasprintf(
		"reopen it in Brightpearl, or change its reference there (a reference is unique, so"
		" that the order can be sent anew), then ./run.sh retry %s; if it is to stay"
		" cancelled, ./run.sh ignore %s --why TEXT",
		record, record);

	out_reject(job, "out_order", key, message);
	reject_open(job, "orders", record, "already_there", message, hint);
	job->counts.rejected++;
	free(hint);
	free(message);
	free(record);
}

/* It is ours, but one of the two was changed since: the next transform tells it as an edit. */
static void changed_since(struct job *job, const char *key)
{
	db_run(job->db,
	       "UPDATE out_order SET body = '{}', sent = NULL, sent_sha256 = '' WHERE key = ?", "t",
	       key);
}

/* One found order per key is the row's own if it agrees; what was in flight and stands there as it was
 * sent was made by us, though the answer was lost.  A stranger says nothing about a row in
 * doubt, whose own order may not be listed yet, unless it stands where ours should have been made. */
static void decide(struct job *job, bool in_doubt)
{
	bool first = db_int(job->db, 0, "SELECT reference IS NULL FROM binding", "");

	db_begin(job->db);
	db_script(job->db, sql_orders_adopt_judge);
	if (first && !in_doubt)
		orders_tell_prefix(job);
	STMT st = db_prepare(job->db,
			     "SELECT key, coalesce(sales_order, 0), stranger, differs,"
			     " (key, stranger) IN (SELECT key, sales_order FROM temp.answered),"
			     " total_agrees, same_second, lost"
			     "  FROM temp.decided ORDER BY key");
	while (stmt_row(st))
		if (col_int(st, 1)) {
			bool sent = in_doubt && !col_int(st, 4) && col_int(st, 5) && col_int(st, 6);
			orders_link(job, col_text(st, 0), col_int(st, 1),
				    sent ? "created" : "found");
			if (!col_int(st, 5))
				changed_since(job, col_text(st, 0));
			out_came(job, "out_order", col_text(st, 0), "found");
		} else if (col_int(st, 7)) {
			refuse_cancelled(job, col_text(st, 0), col_int(st, 2));
		} else if (!in_doubt || col_int(st, 4))
			refuse(job, col_text(st, 0), col_int(st, 2), col_text(st, 3));
	db_commit(job->db);
}

static const struct search by_reference = {.path = "/order-service/order-search",
					   .columns = "orderId,externalRef",
					   .filter = "",
					   .what = "orders by their reference",
					   .guards = true};

/* Ask for one reference by itself: the mirror's windows move on, an index may lag. */
static struct call *look_up(struct job *job, const char *key)
{
	BUF filter = buf_new(1024);
	struct search search = by_reference;

	buf_text(&filter, "&orderTypeId=1&externalRef=");
	buf_query(&filter, key);
	search.filter = filter.data;
	char *path = search_path(&search);
	struct call *call = http_submit(
		job->http,
		&(struct http_request){.api = BRIGHTPEARL, .method = "GET", .path = path});
	free(path);
	return call;
}

static struct call *look_up_next(struct job *job, void *context, struct asked *about)
{
	char **rest = context, *key = strsep(rest, "\n");

	if (!key)
		return NULL;
	about->key = xstrdup(key);
	return look_up(job, key);
}

static bool keep_look_up(struct job *job, void *context, const struct asked *about,
			 struct call *call)
{
	REPLY r = http_wait(job->http, call);

	(void)context;
	db_begin(job->db);
	bool fine = search_answer(job, &by_reference, &r);
	if (fine)
		db_run(job->db,
		       "INSERT INTO temp.candidate(key, sales_order)"
		       " SELECT ?, whole(payload -> '$.orderId')"
		       "   FROM temp.page WHERE payload ->> '$.externalRef' = ?",
		       "tt", about->key, about->key);
	db_commit(job->db);
	return fine;
}

/* Look up each key of a list, one a line, which is freed. */
static bool look_up_all(struct job *job, char *list)
{
	char *rest = list;
	bool fine = pipeline_run(
		job,
		&(struct pipeline){.context = &rest, .ask = look_up_next, .take = keep_look_up});

	free(list);
	return fine;
}

/* The mirror learns references when orders are created.  What the order itself no longer holds is
 * asked for once more, and believed to be free when the search does not know it either. */
static bool check_references(struct job *job)
{
	db_begin(job->db);
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.stale; CREATE TEMP TABLE stale AS"
		  " SELECT key, sales_order FROM temp.candidate WHERE found = 1 AND NOT holds;"
		  "DELETE FROM temp.candidate WHERE found = 1 AND NOT holds");
	db_commit(job->db);
	if (!db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM temp.stale)", ""))
		return true;
	if (!look_up_all(job, db_text(job->db,
				      "SELECT group_concat(key, char(10)) FROM"
				      " (SELECT DISTINCT key FROM temp.stale)",
				      "")))
		return false;
	db_run(job->db,
	       "UPDATE stg_bp_order SET external_ref = NULL FROM temp.stale s"
	       " WHERE stg_bp_order.id = s.sales_order AND NOT EXISTS (SELECT 1 FROM "
	       "temp.candidate c"
	       " WHERE c.key = s.key AND c.sales_order = s.sales_order)",
	       "");
	return read_candidates(job);
}

static bool find_candidates(struct job *job)
{
	make_candidates(job);
	db_run(job->db,
	       "INSERT INTO temp.candidate(key, sales_order)"
	       " SELECT x.key, s.id FROM out_order x JOIN stg_bp_order s ON s.external_ref = x.key"
	       "  WHERE x.state = 'pending' AND x.remote_id IS NULL",
	       "");
	return read_candidates(job) && check_references(job);
}

bool orders_adopt(struct job *job)
{
	if (!find_candidates(job))
		return false;
	decide(job, false);
	return true;
}

bool orders_look_ahead(struct job *job)
{
	if (!db_int(job->db, 0,
		    "SELECT reference IS NULL AND EXISTS (SELECT 1 FROM out_order"
		    "  WHERE state = 'pending' AND remote_id IS NULL) FROM binding",
		    ""))
		return true;
	if (!orders_mirror(job) || !find_candidates(job))
		return false;
	db_begin(job->db);
	db_script(job->db, sql_orders_adopt_judge);
	orders_tell_prefix(job);
	db_commit(job->db);
	return true;
}

bool orders_settle_doubt(struct job *job)
{
	int64_t told = http_instance_id(job->http);
	bool known = told != 0 && load_instance(job) == told;

	make_candidates(job);
	if (!look_up_all(job, db_text(job->db,
				      "SELECT group_concat(key, char(10)) FROM out_order"
				      " WHERE state = 'claimed' AND remote_id IS NULL"
				      "   AND key NOT IN (SELECT key FROM temp.answered)",
				      "")))
		return false;
	db_script(job->db, "INSERT INTO temp.candidate(key, sales_order)"
			   " SELECT key, sales_order FROM temp.answered");
	if (!read_candidates(job))
		return false;
	decide(job, true);
	char *list = db_text(job->db,
			     "SELECT group_concat(key, char(10)) FROM out_order"
			     " WHERE state = 'claimed' AND remote_id IS NULL",
			     "");
	db_begin(job->db);
	for (char *rest = list, *key; rest && (key = strsep(&rest, "\n"));)
		if (!out_absent(job, "out_order", key,
				known && db_int(job->db, 0,
						"SELECT sent_instance FROM out_order WHERE key = ?",
						"t", key) == told))
			log_warn(key, "in doubt: not found yet, will be looked up again");
	db_commit(job->db);
	free(list);
	return true;
}
