#include "lib/brightpearl/search.h"

#include "lib/brightpearl/page.h"
#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"
#include "lib/pipeline.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE  500
#define READ_AGAIN 5 /* times a search is begun anew before we give up for now */

/* A search that is being read. */
struct reading {
	const struct search *search;
	struct feed *feed;
	int64_t from, until;      /* of the window, the same for all pages; 0 = none */
	int64_t first, available; /* of the next page; -1: not told yet */
	int64_t unread;           /* rows that cannot be read */
};

/* "&createdOn=FROM/UNTIL"; the slash is sent literally, bounds a second wider than the window, since
 * whether they are inclusive is not documented. */
static void add_period(struct buf *path, const struct reading *r)
{
	char from[CLOCK_TEXT] = "", until[CLOCK_TEXT] = "";

	if (!r->search->date)
		return;
	if (r->from)
		clock_iso(from, r->from - 1);
	if (r->until)
		clock_iso(until, r->until + 1);
	if (*from || *until)
		buf_printf(path, "&%s=%s/%s", r->search->date, from, until);
}

static char *page_path(const struct reading *r)
{
	const struct search *search = r->search;
	BUF path = buf_new(8192);

	buf_printf(&path, "%s?columns=%s%s%s%s&pageSize=%d&firstResult=%lld", search->path,
		   search->columns, search->told ? "," : "", search->told ? search->told : "",
		   search->filter, PAGE_SIZE, (long long)r->first);
	add_period(&path, r);
	return buf_take(&path);
}

static bool outage(struct job *job, const struct search *search, const struct reply *r)
{
	char *what = xasprintf("reading %s", search->what);

	job_outage(job, BRIGHTPEARL, what, r);
	free(what);
	return false;
}

static bool odd(struct job *job, const struct search *search, const char *why, const char *quoted)
{
	char *what = xasprintf("reading %s", search->what);

	job_odd(job, BRIGHTPEARL, what, why, quoted);
	free(what);
	return false;
}

/* --- rows that cannot be read ---------------------------------------------------------------- */

static char *job_of(const struct job *job)
{
	char *name = xstrdup(job->stage);

	name[strcspn(name, ".")] = 0;
	return name;
}

/* Each window of a list has its own: another one says nothing about these rows. */
static char *record_of(const struct search *search)
{
	char *record = xasprintf("list:%s%s%s", search->what, search->date ? ":" : "",
				 search->date ? search->date : "");

	for (char *p = record; *p; p++)
		if (*p == ' ')
			*p = '-';
	return record;
}

static void tell_unread(struct job *job, const struct search *search, const struct page *p)
{
	char *name = job_of(job), *record = record_of(search);
	char *said = quote_answer(p->example);
	char *message = xasprintf(
		"%d of the %s that Brightpearl lists cannot be read: a value is not what its column"
		" holds, as in %s",
		p->unread_rows, search->what, said);

	reject_open(job, name, record, "unreadable", message,
		    "the others were read, and these are asked for in every run; look at the record"
		    " in Brightpearl, or tell its support what the answer says");
	free(message);
	free(said);
	free(record);
	free(name);
}

bool search_has_unread(struct job *job, const struct search *search)
{
	char *record = record_of(search);
	bool open = db_int(job->db, 0,
			   "SELECT EXISTS (SELECT 1 FROM reject WHERE key GLOB ? || '*'"
			   " AND reason = 'unreadable' AND closed_at IS NULL)",
			   "t", record);

	free(record);
	return open;
}

/* Whichever job's stage could not read them. */
static void tell_readable(struct job *job, const struct search *search)
{
	char *record = record_of(search);

	if (search_has_unread(job, search))
		db_run(job->db,
		       "UPDATE reject SET closed_at = ? WHERE key = ? AND reason = 'unreadable'"
		       " AND closed_at IS NULL",
		       "it", clock_now() / 1000, record);
	free(record);
}

/* --- pages ----------------------------------------------------------------------------------- */

enum page_end { PAGE_MORE, PAGE_LAST, PAGE_SHIFTED, PAGE_FAILED };

/* Ids that an earlier page had, or that stand twice on this one. */
static bool has_old_ids(struct job *job, const struct search *search, int64_t rows)
{
	char *id = xasprintf("%.*s", (int)strcspn(search->columns, ","), search->columns);

	db_run(job->db,
	       "INSERT OR IGNORE INTO temp.search_id SELECT whole(payload -> ('$.' || ?)) FROM temp.page",
	       "t", id);
	free(id);
	return db_changes(job->db) < rows;
}

static bool keep_rows(struct job *job, struct reading *r, const struct page *p, const char *body)
{
	int64_t rows = page_split(job, p, body);

	if (has_old_ids(job, r->search, rows))
		return false;
	if (rows)
		r->search->stage(job);
	if (r->search->date)
		feed_see(job, r->feed, r->search->date);
	if (r->search->moved)
		r->feed->moved = feed_newest(job, r->feed, r->search->moved, r->feed->moved);
	if (p->unread_rows)
		tell_unread(job, r->search, p);
	r->unread += p->unread_rows;
	job->counts.extracted += p->rows;
	r->first += p->rows;
	return true;
}

/* The total was seen to stand at the page size for ever, so a full page is never the last, and more may
 * be read than it tells. */
static enum page_end page_end(const struct reading *r, const struct page *p)
{
	int64_t read = r->first - 1;
	bool stands = p->available > 0 && p->available % PAGE_SIZE == 0;

	if (p->rows && (p->more || p->rows >= PAGE_SIZE || read < p->available))
		return PAGE_MORE;
	return read == p->available || (stands && read > p->available) ? PAGE_LAST : PAGE_SHIFTED;
}

static enum page_end take_page(struct job *job, struct reading *r, const struct page *p,
			       const char *body)
{
	if (p->odd)
		return odd(job, r->search, p->odd, body), PAGE_FAILED;
	if (p->unread_rows && r->search->guards)
		return odd(job, r->search, "a value is not what its column holds", p->example),
		       PAGE_FAILED;
	bool shifted = r->available >= 0 && r->available != p->available;
	r->available = p->available;
	if (shifted)
		return PAGE_SHIFTED;
	db_begin(job->db);
	shifted = !keep_rows(job, r, p, body);
	db_commit(job->db);
	return shifted ? PAGE_SHIFTED : page_end(r, p);
}

static enum page_end read_page(struct job *job, struct reading *r)
{
	char *path = page_path(r);
	REPLY reply = http_get(job->http, BRIGHTPEARL, path);

	free(path);
	if (reply.outcome != HTTP_OK)
		return outage(job, r->search, &reply), PAGE_FAILED;
	struct page p = page_read(reply_json(&reply), r->search->columns, r->search->told, r->first,
				  PAGE_SIZE);
	if (!p.odd)
		feed_answered(job, r->feed, BRIGHTPEARL);
	enum page_end end = take_page(job, r, &p, reply_json(&reply));
	page_free(&p);
	return end;
}

static enum page_end read_once(struct job *job, struct reading *r)
{
	enum page_end end;

	r->from = r->feed->from;
	r->until =
		r->feed->until; /* no bound before the first answer, and none for the pages after it */
	r->first = 1;
	r->available = -1;
	r->unread = 0;
	db_script(job->db, "DROP TABLE IF EXISTS temp.search_id;"
			   "CREATE TEMP TABLE search_id(id INTEGER PRIMARY KEY)");
	do {
		end = read_page(job, r);
		log_progress(r->search->what, r->first - 1, r->available);
	} while (end == PAGE_MORE);
	log_progress_end();
	return end;
}

/* Read all pages, anew when they shift. */
static bool read_pages(struct job *job, struct reading *r)
{
	for (int again = 0; again < READ_AGAIN; again++) {
		enum page_end end = read_once(job, r);
		if (end == PAGE_FAILED)
			return false;
		if (end == PAGE_LAST) {
			if (!r->unread)
				tell_readable(job, r->search);
			return true;
		}
		log_debug("", "%s changed while being read: reading them again", r->search->what);
	}
	job_note(
		job, EX_TEMPFAIL,
		"Brightpearl: reading %s: pages and totals did not fit together, %d times in a row;"
		" the next run asks again",
		r->search->what, READ_AGAIN);
	return false;
}

/* --- readings -------------------------------------------------------------------------------- */

bool search_window(struct job *job, const struct search *search, struct feed *feed)
{
	struct reading reading = {.search = search, .feed = feed};

	if (!read_pages(job, &reading))
		return false;
	if (reading.unread)
		return true;
	db_begin(job->db);
	feed_close(job, feed);
	db_commit(job->db);
	return true;
}

bool search_all(struct job *job, const struct search *search)
{
	struct feed none = {.name = ""};
	struct reading reading = {.search = search, .feed = &none};

	return read_pages(job, &reading);
}

bool search_asked(struct job *job, const struct search *search, const char *name, int most)
{
	int64_t last = 0;
	bool fine = true;
	char *ids;

	while (fine && (ids = asked_next_ids(job, &last, most))) {
		struct search lot = *search;
		char *filter = xasprintf("%s&%s=%s", search->filter, name, ids);
		lot.filter = filter;
		fine = search_all(job, &lot);
		free(filter);
		free(ids);
	}
	return fine;
}

char *search_path(const struct search *search)
{
	return page_path(&(struct reading){.search = search, .first = 1});
}

bool search_answer(struct job *job, const struct search *search, const struct reply *r)
{
	if (r->outcome != HTTP_OK)
		return outage(job, search, r);
	struct page p = page_read(reply_json(r), search->columns, search->told, 1, PAGE_SIZE);
	const char *why = p.odd                   ? p.odd
			  : p.unread_rows         ? "a value is not what its column holds"
			  : p.rows != p.available ? "it does not hold all results"
						  : NULL;
	if (why)
		odd(job, search, why, reply_json(r));
	else
		page_split(job, &p, reply_json(r));
	page_free(&p);
	return !why;
}
