#include "lib/search.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE  500
#define READ_AGAIN 5 /* times a window is begun anew before we give up for now */

int64_t search_split(struct job *job, const char *body)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
	STMT st = db_prepare(
		job->db, "INSERT INTO temp.page"
			 " SELECT (SELECT json_group_object(c.value ->> '$.name',"
			 "                json(r.value -> ('$[' || c.key || ']')))"
			 "           FROM json_each(:body, '$.response.metaData.columns') c)"
			 "   FROM json_each(:body, '$.response.results') r WHERE r.type = 'array'");
	bind(st, ":body", body);
	stmt_run(st);
	return db_changes(job->db);
}

/* "&createdOn=FROM/UNTIL"; the slash is sent literally, bounds a second wider than the window, since
 * whether they are inclusive is not documented. */
static void add_period(struct buf *path, const struct search *search, const struct feed *feed)
{
	char from[CLOCK_TEXT] = "", until[CLOCK_TEXT] = "";

	if (!search->date)
		return;
	if (feed->from)
		clock_iso(from, feed->from - 1);
	if (feed->until)
		clock_iso(until, feed->until + 1);
	if (*from || *until)
		buf_printf(path, "&%s=%s/%s", search->date, from, until);
}

static char *page_path(const struct search *search, const struct feed *feed, int64_t first)
{
	BUF path = buf_new(4096);

	buf_printf(&path, "%s?columns=%s%s&pageSize=%d&firstResult=%lld", search->path,
		   search->columns, search->filter, PAGE_SIZE, (long long)first);
	add_period(&path, search, feed);
	return buf_take(&path);
}

static int64_t number_at(struct job *job, const char *body, const char *path)
{
	return db_int(job->db, -1, "SELECT whole(? -> ('$.response.metaData.' || ?))", "tt", body,
		      path);
}

enum page_end { PAGE_MORE, PAGE_LAST, PAGE_SHIFTED, PAGE_FAILED };

static enum page_end read_page(struct job *job, const struct search *search, struct feed *feed,
			       int64_t *first, int64_t *available, struct reply *failed)
{
	char *path = page_path(search, feed, *first);
	struct reply r = http_get(job->http, BRIGHTPEARL, path);
	free(path);
	int64_t now_available = r.outcome == HTTP_OK
					? number_at(job, reply_json(&r), "resultsAvailable")
					: -1;
	if (now_available < 0) {
		*failed = r;
		return PAGE_FAILED;
	}
	if (!feed->until)
		feed->until = r.date ? r.date : clock_now() / 1000;
	bool shifted = *available >= 0 && *available != now_available;
	*available = now_available;
	/* the total was seen to stand at the page size for ever, so a full page is never the last */
	bool more = r.outcome == HTTP_OK &&
		    db_int(job->db, 0, "SELECT ? ->> '$.response.metaData.morePagesAvailable'", "t",
			   reply_json(&r));
	int64_t count = 0;
	if (!shifted) {
		db_begin(job->db);
		count = search_split(job, reply_json(&r));
		if (count)
			search->stage(job);
		db_commit(job->db);
	}
	reply_free(&r);
	if (shifted)
		return PAGE_SHIFTED;
	job->counts.extracted += count;
	*first += count;
	return count && (more || count >= PAGE_SIZE || *first <= *available) ? PAGE_MORE
									     : PAGE_LAST;
}

/* Read all pages, anew when they shift. */
static bool read_pages(struct job *job, const struct search *search, struct feed *feed,
		       struct reply *failed)
{
	for (int again = 0; again < READ_AGAIN; again++) {
		int64_t first = 1, available = -1;
		enum page_end end;
		do {
			end = read_page(job, search, feed, &first, &available, failed);
			log_progress(search->what, first - 1, available);
		} while (end == PAGE_MORE);
		log_progress_end();
		if (end == PAGE_FAILED)
			return false;
		if (end == PAGE_LAST)
			return true;
		log_debug("", "%s changed while being read: reading the window again",
			  search->what);
	}
	*failed = (struct reply){
		.outcome = HTTP_LATER,
		.body = xstrdup(""),
		.code = xstrdup(""),
		.message = xasprintf("%s kept changing while being read", search->what)};
	return false;
}

bool search_window(struct job *job, const struct search *search, struct feed *feed,
		   struct reply *failed)
{
	if (!read_pages(job, search, feed, failed))
		return false;
	db_begin(job->db);
	feed_close(job, feed);
	db_commit(job->db);
	return true;
}

bool search_all(struct job *job, const struct search *search, struct reply *failed)
{
	struct feed none = {.name = ""};

	return read_pages(job, search, &none, failed);
}
