#include "lib/feed.h"

#include "lib/settings.h"

struct feed feed_open(struct job *job, const char *name, int64_t start)
{
	struct feed feed = {.name = name, .from = start, .start = start};
	STMT st = db_prepare(job->db,
			     "SELECT done_until, begun_from, window_from, window_until, position"
			     " FROM cursor WHERE feed = :feed");

	bind(st, ":feed", name);
	if (!stmt_row(st) || col_int(st, 1) > start)
		return feed;
	if (!col_null(st, 2)) {
		feed.from = col_int(st, 2);
		feed.until = col_int(st, 3);
		feed.position = col_int(st, 4);
		feed.resumed = true;
	} else if (!col_null(st, 0)) {
		feed.from = col_int(st, 0) - 60 * setting_int(job->db, "api.overlap_minutes", 10);
	}
	return feed;
}

void feed_page(struct job *job, struct feed *feed, int64_t position)
{
	feed->position = position;
	db_run(job->db,
	       "INSERT INTO cursor(feed, begun_from, window_from, window_until, position)"
	       " VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET begun_from = excluded.begun_from,"
	       " window_from = excluded.window_from, window_until = excluded.window_until,"
	       " position = excluded.position",
	       "tiiii", feed->name, feed->start, feed->from, feed->until, position);
}

void feed_close(struct job *job, struct feed *feed)
{
	db_run(job->db,
	       "INSERT INTO cursor(feed, begun_from, done_until) VALUES(?, ?, ?)"
	       " ON CONFLICT DO UPDATE SET begun_from = excluded.begun_from,"
	       " done_until = excluded.done_until,"
	       " window_from = NULL, window_until = NULL, position = NULL",
	       "tii", feed->name, feed->start, feed->until);
}
