#include "lib/feed.h"

#include "lib/server_clock.h"
#include "lib/settings.h"

#define SLACK 300 /* seconds by which a record may be dated later than the answer that told it */

struct feed feed_open(struct job *job, const char *name, int64_t start)
{
	struct feed feed = {.name = name, .from = start, .start = start};
	STMT st = db_prepare(job->db, "SELECT done_until, begun_from, window_from, window_until,"
				      "       position, window_at, window_newest"
				      "  FROM cursor WHERE feed = :feed");

	bind(st, ":feed", name);
	if (!stmt_row(st) || col_int(st, 1) > start)
		return feed;
	if (!col_null(st, 2)) {
		feed.from = col_int(st, 2);
		feed.until = col_int(st, 3);
		feed.position = col_int(st, 4);
		feed.at = col_int(st, 5);
		feed.newest = col_int(st, 6);
		feed.resumed = feed.begun = true;
	} else if (!col_null(st, 0)) {
		feed.from = col_int(st, 0) - 60 * setting_int(job->db, "api.overlap_minutes", 10);
	}
	return feed;
}

void feed_answered(struct job *job, struct feed *feed, enum api api)
{
	if (feed->begun)
		return;
	feed->begun = true;
	feed->at = server_time(job, api);
	feed->until = feed->at > feed->from ? feed->at : 0;
}

int64_t feed_newest(struct job *job, const struct feed *feed, const char *field, int64_t newest)
{
	if (!feed->at)
		return newest;
	return db_int(job->db, newest,
		      "SELECT max(?1, coalesce(max(at), 0))"
		      "  FROM (SELECT instant(payload -> ('$.' || ?2)) AS at FROM temp.page)"
		      " WHERE at <= ?3",
		      "iti", newest, field, feed->at + SLACK);
}

void feed_see(struct job *job, struct feed *feed, const char *field)
{
	feed->newest = feed_newest(job, feed, field, feed->newest);
}

int64_t feed_moved(const struct feed *feed)
{
	int64_t own = feed->newest < feed->at ? feed->newest : feed->at;

	return feed->moved ? feed->moved : own;
}

void feed_page(struct job *job, struct feed *feed, int64_t position)
{
	feed->position = position;
	db_run(job->db,
	       "INSERT INTO cursor(feed, begun_from, window_from, window_until, position, window_at,"
	       " window_newest) VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
	       " begun_from = excluded.begun_from, window_from = excluded.window_from,"
	       " window_until = excluded.window_until, position = excluded.position,"
	       " window_at = excluded.window_at, window_newest = excluded.window_newest",
	       "tiiiiii", feed->name, feed->start, feed->from, feed->until, position, feed->at,
	       feed->newest);
}

void feed_close(struct job *job, struct feed *feed)
{
	int64_t seen = feed->newest < feed->at ? feed->newest : feed->at;

	db_run(job->db,
	       "INSERT INTO cursor(feed, begun_from, done_until, read_until)"
	       " VALUES(?, ?, nullif(?, 0), nullif(?, 0))"
	       " ON CONFLICT DO UPDATE SET begun_from = excluded.begun_from,"
	       " done_until = max(coalesce(done_until, excluded.done_until),"
	       "                  coalesce(excluded.done_until, done_until)),"
	       " read_until = max(coalesce(read_until, excluded.read_until),"
	       "                  coalesce(excluded.read_until, read_until)),"
	       " window_from = NULL, window_until = NULL, position = NULL, window_at = NULL,"
	       " window_newest = NULL",
	       "tiii", feed->name, feed->start, seen, feed->at);
}

void feed_begin_at(struct job *job, const char *name, int64_t start, int64_t newest)
{
	feed_close(job,
		   &(struct feed){.name = name, .start = start, .at = newest, .newest = newest});
}
