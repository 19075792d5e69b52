#include "jobs/orders/missed.h"

#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "lib/clock.h"
#include "lib/server_clock.h"
#include "lib/told.h"

#include <stdlib.h>

#define DAY    86400
#define HOUR   3600
#define SPAN   (2 * DAY)
#define BESIDE 1 /* seconds: an order so near a bound may be counted or not */
#define LATER                                                                                      \
	6 /* listings in vain after which a change is no reason either, before a day is over */
#define APART HOUR /* what was placed so near to each other is listed at once */
#define MANY  200  /* moments: all in between is listed */

extern const char sql_orders_missed[];

struct span {
	int64_t from, until, first_id;
};

/* What is known of it; archived: whether archived orders are counted, -1 = not known. */
struct count {
	int64_t counted, gap, was_gap, listed_at, vain, archived;
};

/* The bound, moved until no order stands beside it. */
static int64_t clear_bound(struct job *job, int64_t at, int64_t step)
{
	while (db_int(
		job->db, 0,
		"SELECT EXISTS (SELECT 1 FROM stg_bc_order WHERE date_created BETWEEN ? AND ?)",
		"ii", at - BESIDE, at + BESIDE))
		at += step;
	return at;
}

/* False: there is nothing to compare. */
static bool choose_span(struct job *job, struct span *s)
{
	int64_t now = server_time(job, BIGCOMMERCE),
		start = setting_int(job->db, "orders.start_date", 0);

	if (!now)
		return false;
	*s = (struct span){.from = now - SPAN,
			   .until = now - 60 * setting_int(job->db, "api.overlap_minutes", 10),
			   .first_id = setting_int(job->db, "orders.start_id", 0)};
	if (s->from < start)
		s->from = start;
	s->from = clear_bound(job, s->from, 1 + BESIDE);
	s->until = clear_bound(job, s->until, -1 - BESIDE);
	return s->from < s->until;
}

static char *count_path(const struct span *s)
{
	BUF path = buf_new(512);
	char from[CLOCK_TEXT], until[CLOCK_TEXT];

	clock_iso(from, s->from)[19] = 0; /* the documented form has milliseconds and an offset */
	clock_iso(until, s->until)[19] = 0;
	buf_text(&path, "/v2/orders/count?min_date_created=");
	buf_query(&path, from);
	buf_text(&path, ".000%2B00%3A00&max_date_created=");
	buf_query(&path, until);
	buf_text(&path, ".000%2B00%3A00");
	if (s->first_id > 1)
		buf_printf(&path, "&min_id=%lld", (long long)s->first_id);
	return buf_take(&path);
}

/* Told once: the feed does its work without it. */
static void tell_no_count(struct job *job, const struct reply *r)
{
	db_begin(job->db);
	if (told_first(job, "orders", "no count"))
		log_warn(
			"",
			"BigCommerce does not tell how many orders it has (/v2/orders/count answered"
			" %d%s%s): what its list leaves out is found by the daily comparison only",
			r->status, *r->message ? ": " : "", r->message);
	db_commit(job->db);
}

/* temp.mine: what is staged of that span. */
static void compare(struct job *job, const struct span *s, const char *body, struct count *c)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.window; DROP TABLE IF EXISTS temp.mine;"
		  "CREATE TEMP TABLE window(from_at INTEGER, until_at INTEGER, body TEXT);"
		  "CREATE TEMP TABLE mine(id INTEGER PRIMARY KEY, sha256 TEXT, status_id INTEGER,"
		  " is_deleted INTEGER)");
	db_run(job->db, "INSERT INTO temp.window VALUES(?, ?, ?)", "iit", s->from, s->until, body);
	db_run(job->db,
	       "INSERT INTO temp.mine SELECT o.id, o.sha256, o.status_id, o.is_deleted FROM stg_bc_order o"
	       " WHERE o.date_created BETWEEN ? AND ? AND o.id >= ? AND NOT EXISTS"
	       "  (SELECT 1 FROM order_unlisted u JOIN stg_seen s ON s.record = 'bc_order' AND s.id = u.id"
	       "    WHERE u.id = o.id AND s.last_at < u.at)",
	       "iii", s->from, s->until, s->first_id);
	db_script(job->db, sql_orders_missed);
	STMT st = db_prepare(job->db,
			     "SELECT coalesce(c.counted, -1), c.counted - iif(o.archived IS 0,"
			     " c.live, c.staged), coalesce(o.gap, 0), coalesce(o.listed_at, 0),"
			     " coalesce(o.vain, 0), coalesce(o.archived, -1)"
			     " FROM temp.counted c LEFT JOIN order_count o");
	*c = (struct count){.counted = -1};
	if (stmt_row(st))
		*c = (struct count){col_int(st, 0), col_int(st, 1), col_int(st, 2),
				    col_int(st, 3), col_int(st, 4), col_int(st, 5)};
}

static void keep(struct job *job, const struct count *c)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO order_count(one, gap, listed_at, vain, archived)"
	       " VALUES(1, ?, ?, ?, nullif(?, -1))",
	       "iiii", c->gap, c->listed_at, c->vain, c->archived);
}

/* An hour, then four, then a day after the last listing that brought nothing. */
static bool is_due(const struct count *c, int64_t now)
{
	int64_t wait = c->vain <= 1 ? HOUR : c->vain == 2 ? 4 * HOUR : DAY;

	if (c->gap != c->was_gap)
		return c->vain < LATER || now >= c->listed_at + DAY;
	return now >= c->listed_at + wait;
}

void missed_tell(struct job *job, const char *text)
{
	log_warn("", "%s", text);
	db_run(job->db,
	       "INSERT INTO order_fetched(run, message) VALUES(?, ?) ON CONFLICT DO UPDATE SET"
	       " message = message || '; ' || excluded.message",
	       "it", job->run, text);
}

/* What the listing brought: orders that were not staged, and others that had changed. */
static int64_t tell_fetched(struct job *job, const struct span *s)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.fetched; CREATE TEMP TABLE fetched(id, is_new)");
	db_run(job->db,
	       "INSERT INTO temp.fetched SELECT o.id, m.id IS NULL FROM stg_bc_order o"
	       "  LEFT JOIN temp.mine m ON m.id = o.id"
	       " WHERE o.date_created BETWEEN ? AND ? AND o.id >= ? AND o.sha256 IS NOT m.sha256",
	       "iii", s->from, s->until, s->first_id);
	STMT st = db_prepare(job->db, "SELECT count(*), sum(is_new), group_concat(id, ', ')"
				      "  FROM (SELECT * FROM temp.fetched ORDER BY id LIMIT 20)");
	int64_t all = db_int(job->db, 0, "SELECT count(*) FROM temp.fetched", "");
	if (!all || !stmt_row(st))
		return 0;
	char *text = xasprintf("%lld order%s that the feed had not shown %s fetched: %s%s",
			       (long long)all, all == 1 ? "" : "s", all == 1 ? "was" : "were",
			       col_text(st, 2), all > 20 ? " ..." : "");
	missed_tell(job, text);
	free(text);
	return all;
}

static void tell_gap(struct job *job, const struct span *s, const struct count *c)
{
	char from[CLOCK_TEXT], until[CLOCK_TEXT];

	if (!c->gap || !told_first(job, "orders", c->gap > 0 ? "counts more" : "counts fewer"))
		return;
	log_warn(
		"",
		"BigCommerce counts %lld orders placed from %s to %s, its list shows %lld: what it"
		" shows is taken, and those days are listed again when that changes, else once a day",
		(long long)c->counted, clock_iso(from, s->from), clock_iso(until, s->until),
		(long long)(c->counted - c->gap));
}

/* The list was just read: whether the count has archived orders can be seen. */
static void learn_archived(struct job *job, struct count *c)
{
	int64_t like = db_int(
		job->db, -1,
		"SELECT CASE WHEN staged = live THEN NULL WHEN counted = staged THEN 1"
		"  WHEN counted = live THEN 0 END FROM temp.counted",
		"");

	if (like < 0 || like == c->archived)
		return;
	c->archived = like;
	c->gap = 0;
}

/* Of those staged before, what this listing did not show. */
static void note_unlisted(struct job *job, int64_t begun)
{
	db_run(job->db,
	       "INSERT OR REPLACE INTO order_unlisted SELECT m.id, ?1 FROM temp.mine m"
	       "  JOIN stg_seen s ON s.record = 'bc_order' AND s.id = m.id WHERE s.last_at < ?1",
	       "i", begun);
}

static bool list_span(struct job *job, const struct span *s, const char *body, struct count *c)
{
	struct count after;
	int64_t begun = db_int(job->db, 0, "SELECT unixepoch()", "");

	if (!orders_read_range(job, s->from, s->until))
		return false;
	db_begin(job->db);
	int64_t fetched = tell_fetched(job, s);
	note_unlisted(job, begun);
	compare(job, s, body, &after);
	after.listed_at = server_now(job, BIGCOMMERCE);
	after.vain = fetched ? 0 : c->vain + 1;
	learn_archived(job, &after);
	tell_gap(job, s, &after);
	keep(job, &after);
	db_commit(job->db);
	return true;
}

static bool take_count(struct job *job, const struct span *s, const char *body)
{
	struct count c;

	db_begin(job->db);
	compare(job, s, body, &c);
	bool due = c.counted >= 0 && c.gap && is_due(&c, server_now(job, BIGCOMMERCE));
	if (c.counted >= 0 && !c.gap && (c.was_gap || c.vain))
		keep(job, &(struct count){.archived = c.archived, .listed_at = c.listed_at});
	db_commit(job->db);
	return !due || list_span(job, s, body, &c);
}

bool missed_fetch(struct job *job)
{
	struct span s;

	if (!choose_span(job, &s))
		return true;
	char *path = count_path(&s);
	REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
							      .method = "GET",
							      .path = path,
							      .may_be_absent = true});
	free(path);
	bool told = r.outcome == HTTP_OK &&
		    db_int(job->db, 0,
			   "SELECT json_type(?1) = 'object' AND whole(?1 -> '$.count') >= 0", "t",
			   reply_json(&r));
	if (told)
		return take_count(job, &s, reply_json(&r));
	if (r.outcome == HTTP_LATER)
		log_warn("", "BigCommerce: counting orders: %s; the next run compares them",
			 r.message);
	else
		tell_no_count(job, &r);
	return true;
}

bool missed_read(struct job *job)
{
	bool at_once = db_int(job->db, 0, "SELECT count(*) > ? FROM temp.unseen", "i",
			      (int64_t)MANY);
	bool fine = true;
	int64_t from;

	while (fine && (from = db_int(job->db, 0, "SELECT min(at) FROM temp.unseen", ""))) {
		int64_t until = db_int(job->db, from,
				       "SELECT max(at) FROM temp.unseen WHERE at <= ? OR ?", "ii",
				       from + APART, (int64_t)at_once);
		fine = orders_read_range(job, from, until);
		db_run(job->db, "DELETE FROM temp.unseen WHERE at <= ?", "i", until);
	}
	return fine;
}
