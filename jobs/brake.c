#include "jobs/brake.h"

#include "jobs/job.h"
#include "jobs/load.h"
#include "lib/clock.h"
#include "lib/out.h"

#include <stdlib.h>
#include <string.h>

#define FEW   50    /* rows: so many may always be late */
#define APART 600   /* seconds by which the clocks of three systems may differ */
#define DAY   86400 /* the shortest span: an hour says little */

/* What a person was told of before, and mended, was never in question. */
#define TOLD(job_name, record) record " IN (SELECT key FROM reject WHERE job = '" job_name "')"

/* A row is of such an order: placed since, or as `more` says; named by a person, alone or in a range. */
#define OF_NEW_ORDER(which, more)                                                                  \
	"EXISTS (SELECT 1 FROM stg_bc_order o WHERE " which                                        \
	" AND (o.id > :last OR o.date_created >= :since" more "))"
#define OF_NAMED_ORDER(which)                                                                      \
	"EXISTS (SELECT 1 FROM stg_bc_order o WHERE " which                                        \
	" AND (o.id IN (SELECT id FROM order_named) OR EXISTS (SELECT 1 FROM backfill f"           \
	"       WHERE o.date_created BETWEEN f.from_at AND f.until_at)))"

/* The most that was made in a span: what waits says nothing of what is usual, nor what a person let
 * through. */
#define MADE(link)                                                                                 \
	"WITH freed AS MATERIALIZED (SELECT started_at, ended_at FROM run"                         \
	"  WHERE allow_large IS NOT NULL AND started_at > :now - 29 * 86400)"                      \
	" SELECT max(n) FROM (SELECT count(*) AS n FROM " link " l"                                \
	" WHERE how = 'created' AND at BETWEEN :now - 28 * 86400 AND :now"                         \
	"   AND NOT EXISTS (SELECT 1 FROM freed f"                                                 \
	"                    WHERE l.at BETWEEN f.started_at AND coalesce(f.ended_at, l.at))"      \
	" GROUP BY (:now - at) / :span)"
#define LOADED(stage)                                                                              \
	"SELECT max(n) FROM (SELECT sum(done) AS n FROM stage"                                     \
	" WHERE name = '" stage "' AND started_at BETWEEN :now - 28 * 86400 AND :now"              \
	"   AND run_id NOT IN (SELECT id FROM run WHERE allow_large IS NOT NULL)"                  \
	" GROUP BY (:now - started_at) / :span)"

const struct brake brake_orders = {
	.limit = "limits.orders",
	.did = "placed",
	.recent = OF_NEW_ORDER("o.id = out_order.order_id",
			       " OR out_order.remote_id IS NOT NULL AND o.date_modified >= :since"),
	.asked = OF_NAMED_ORDER("o.id = out_order.order_id") " OR " TOLD("orders",
									 "'order:' || order_id"),
	.busiest = MADE("link_order"),
};

const struct brake brake_order_notes = {
	.limit = "limits.orders",
	.did = "changed",
	.recent =
		OF_NEW_ORDER("o.id = out_order_note.order_id",
			     " OR o.date_modified >= :since") " OR order_id IN (SELECT order_id"
							      " FROM link_order WHERE at >= :here)",
	.asked = OF_NAMED_ORDER("o.id = out_order_note.order_id"),
	.busiest = MADE("link_order"),
};

const struct brake brake_contacts = {
	.limit = "limits.contacts",
	.did = "ordered",
	.recent = "source_at >= :since OR " OF_NEW_ORDER("o.email = out_customer.key", ""),
	.asked = OF_NAMED_ORDER("o.email = out_customer.key") " OR " TOLD("customers",
									  "'customer:' || key"),
	.busiest = LOADED("customers.load"),
};

const struct brake brake_shipments = {
	.limit = "limits.shipments",
	.did = "shipped",
	.recent = "EXISTS (SELECT 1 FROM stg_bp_goods_out_note n WHERE n.kind = out_shipment.kind"
		  "         AND n.id = out_shipment.note_id AND n.shipped_on >= :since)"
		  " OR out_shipment.kind = 'SO' AND EXISTS (SELECT 1 FROM stg_bp_sale s"
		  "         WHERE s.id = out_shipment.sale_id AND s.updated_on >= :since)"
		  " OR out_shipment.waited",
	.asked = "order_id IN (SELECT id FROM order_named) OR " TOLD(
		"fulfillment", "'shipment:' || key") " OR " TOLD("fulfillment",
								 "'shipment:' || kind || note_id"),
	.busiest = MADE("link_shipment"),
};

const struct brake brake_statuses = {
	.limit = "limits.statuses",
	.did = "changed",
	.recent = "order_id > :last"
		  " OR order_id IN (SELECT order_id FROM link_shipment WHERE at >= :here)"
		  " OR CASE target WHEN 'brightpearl' THEN EXISTS (SELECT 1 FROM stg_bc_order o"
		  "     WHERE o.id = out_status.order_id AND o.date_modified >= :since)"
		  " ELSE EXISTS (SELECT 1 FROM link_order k"
		  "     LEFT JOIN stg_bp_sale s ON s.id = k.sales_order_id"
		  "     LEFT JOIN stg_bp_order p ON p.id = k.sales_order_id"
		  "     WHERE k.order_id = out_status.order_id"
		  "       AND (s.updated_on >= :since OR p.updated_on >= :since)) END",
	.asked = "order_id IN (SELECT id FROM order_named) OR " TOLD("statuses", "key"),
	.busiest = LOADED("statuses.load"),
};

struct mark {
	int64_t since; /* the last load, by the servers' clocks */
	int64_t here;  /* the same by ours, for what we noted ourselves */
	int64_t last, now, span;
};

bool brake_knows(const char *job)
{
	static const char *const jobs[] = {"customers", "orders", "fulfillment", "statuses",
					   "inventory"};

	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
		if (!strcmp(jobs[i], job))
			return true;
	return false;
}

/* The job's name at some place of "orders,inventory". */
bool brake_is_off(struct job *job, const char *name)
{
	size_t length = strcspn(name, ".");
	const char *at = job->allow_large;

	for (; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strcspn(at, ",") == length && !strncmp(at, name, length))
			return true;
	return false;
}

static char *feed_of(const struct load *load)
{
	return xasprintf("sent:%s", load->units ? load->units : load->job);
}

/* False: there is none yet. */
static bool read_mark(struct job *job, const struct load *load, struct mark *mark)
{
	char *feed = feed_of(load);
	int64_t at = db_int(job->db, -1, "SELECT done_until FROM cursor WHERE feed = ?", "t", feed);

	*mark = (struct mark){.now = clock_now() / 1000,
			      .here = at - APART,
			      .since = at - APART +
				       db_int(job->db, 0, "SELECT seconds FROM clock_ahead", ""),
			      .last = db_int(job->db, 0,
					     "SELECT CAST(position AS INTEGER) FROM cursor"
					     " WHERE feed = ?",
					     "t", feed)};
	mark->span = mark->now - at > DAY ? mark->now - at : DAY;
	free(feed);
	return at >= 0;
}

void brake_release(struct job *job, const struct load *load)
{
	char *feed = feed_of(load);

	if (!db_int(job->db, 0, "SELECT EXISTS (SELECT 1 FROM order_named)", ""))
		db_run(job->db,
		       "INSERT OR REPLACE INTO cursor(feed, done_until, position) SELECT ?,"
		       " started_at, (SELECT coalesce(max(id), 0) FROM stg_bc_order)"
		       "  FROM run WHERE id = ?",
		       "ti", feed, job->run);
	free(feed);
}

static sqlite3_stmt *prepare(struct job *job, const struct mark *mark, const char *sql)
{
	static const char *const names[] = {":since", ":here", ":last", ":now", ":span"};
	const int64_t values[] = {mark->since, mark->here, mark->last, mark->now, mark->span};
	sqlite3_stmt *st = db_prepare(job->db, sql);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (sqlite3_bind_parameter_index(st, names[i]))
			bind(st, names[i], values[i]);
	return st;
}

static int64_t number(struct job *job, const struct mark *mark, const char *sql)
{
	STMT st = prepare(job, mark, sql);

	return stmt_row(st) ? col_int(st, 0) : 0;
}

/* SQL: the rows that would be sent now, of which `which` holds (or does not). */
static char *ready_rows(const struct load *load, const char *is, const char *which)
{
	return xasprintf("(%s) AND (%s) AND %s coalesce((%s), 0)", load->ready,
			 load->rows ? load->rows : "true", is, which);
}

static int64_t count_rows(struct job *job, const struct load *load, const struct mark *mark,
			  const char *is, const char *which)
{
	char *where = ready_rows(load, is, which);
	char *sql = xasprintf("SELECT count(*) FROM %s WHERE %s", load->table, where);
	int64_t count = number(job, mark, sql);

	free(sql);
	free(where);
	return count;
}

/* All but those of which `which` holds. */
static void hold_but(struct job *job, const struct load *load, const struct mark *mark,
		     const char *which, const char *why)
{
	char *where = ready_rows(load, "NOT", which);
	char *sql = xasprintf("UPDATE %s SET held = :why WHERE %s", load->table, where);
	STMT st = prepare(job, mark, sql);

	bind(st, ":why", why);
	stmt_run(st);
	free(sql);
	free(where);
}

/* What came since, or was asked for. */
static char *never_late(const struct load *load)
{
	return xasprintf("(%s) OR (%s)", load->brake->recent, load->brake->asked);
}

static const char *units_of(const struct load *load)
{
	return load->units ? load->units : load->job;
}

/* A dry run only tells. */
static void tell(struct job *job, const struct load *load, const char *text)
{
	int job_name = (int)strcspn(load->job, ".");
	char *message = xasprintf("%s. Look at ./run.sh plan %.*s; ./run.sh --allow-large"
				  " %.*s sends them once",
				  text, job_name, load->job, job_name, load->job);

	char *enabled = job_enabled(job, load->job);
	if (!strcmp(enabled, "yes"))
		job_note(job, EX_DATAERR, "%s", message);
	else
		log_warn("", "%s", message);
	free(enabled);
	free(message);
}

static void hold_unusual(struct job *job, const struct load *load, int64_t ready)
{
	struct mark mark;
	char at[CLOCK_TEXT];

	if (ready <= FEW || !read_mark(job, load, &mark))
		return;
	char *goes = never_late(load);
	int64_t older = count_rows(job, load, &mark, "NOT", goes);
	int64_t busiest = number(job, &mark, load->brake->busiest);
	int64_t usual = busiest * setting_int(job->db, "limits.factor", 5);
	if (older > FEW && older > usual) {
		char *why = xasprintf("the brake (limits.factor): %lld %s that were %s before %s"
				      " are ready at once, more than %lld",
				      (long long)older, units_of(load), load->brake->did,
				      clock_iso(at, mark.since + APART),
				      (long long)(usual > FEW ? usual : FEW));
		hold_but(job, load, &mark, goes, why);
		char *text = xasprintf("%s; these are held, the other %lld go", why,
				       (long long)(ready - older));
		tell(job, load, text);
		free(text);
		free(why);
	}
	free(goes);
}

/* Of more than the limit, what goes all the same; malloc'ed SQL condition. */
static char *what_goes(struct job *job, const struct load *load, const struct mark *mark,
		       int64_t limit)
{
	char *all = never_late(load);

	if (count_rows(job, load, mark, "", all) <= limit)
		return all;
	free(all);
	return xstrdup(count_rows(job, load, mark, "", load->brake->recent) <= limit
			       ? load->brake->recent
			       : "false");
}

/* Returns how many of the ready rows may go. */
static int64_t stop_at_limit(struct job *job, const struct load *load, int64_t ready)
{
	int64_t limit = setting_int(job->db, load->brake->limit, 5000);
	struct mark mark;

	if (ready <= limit)
		return ready;
	char *goes = read_mark(job, load, &mark) ? what_goes(job, load, &mark, limit)
						 : xstrdup("false");
	int64_t going = count_rows(job, load, &mark, "", goes);
	char *why = xasprintf("%s, which is %lld", load->brake->limit, (long long)limit);
	hold_but(job, load, &mark, goes, why);
	char *text = going ? xasprintf("%lld %s would be sent, %s is %lld: the %lld that are new"
				       " or were asked for go, the others are held",
				       (long long)ready, units_of(load), load->brake->limit,
				       (long long)limit, (long long)going)
			   : xasprintf("%lld %s would be sent, %s is %lld: none is",
				       (long long)ready, units_of(load), load->brake->limit,
				       (long long)limit);
	tell(job, load, text);
	free(text);
	free(why);
	free(goes);
	return going;
}

static void forget_held(struct job *job, const struct load *load)
{
	char *sql = xasprintf("UPDATE %s SET held = NULL WHERE held IS NOT NULL AND (%s)",
			      load->table, load->rows ? load->rows : "true");

	db_script(job->db, sql);
	free(sql);
}

bool brake_apply(struct job *job, const struct load *load)
{
	bool fine = true;

	db_begin(job->db);
	forget_held(job, load);
	if (!brake_is_off(job, load->job)) {
		char *where = xasprintf("(%s) AND (%s)", load->ready,
					load->rows ? load->rows : "true");
		int64_t ready = out_count(job, load->table, where);
		int64_t going = stop_at_limit(job, load, ready);
		free(where);
		fine = going || !ready;
		if (going == ready)
			hold_unusual(job, load, ready);
	}
	db_commit(job->db);
	return fine;
}
