/* Feeds: what changed in the other system since we last looked, never skipping anything.
 *
 * A feed reads windows of the other system's dates.  The first reaches back to `start`; each later
 * one begins api.overlap_minutes before the watermark.  Inside a window records are staged page by
 * page, and the position is committed with the page, so that a run that dies continues there.
 *
 * The watermark is the newest date seen in the feed's own records.  It moves only when the last
 * page is staged, never back, and never past the server's clock at the beginning of the reading: what
 * is dated later than that (by a clock that is off, or year 2099) does not count.  An empty window
 * leaves it, so the next one begins at the same moment and costs no more.  So no clock, theirs or
 * ours, can make us skip what was not seen.
 */
#ifndef LIB_FEED_H
#define LIB_FEED_H

#include "lib/stage.h"

struct feed {
	const char *name;
	int64_t from; /* seconds, 0 = no lower bound */
	int64_t until; /* upper bound to ask with, 0 = none: until the first answer came, and where the
			   * server's clock is not known or lies before `from` */
	int64_t position; /* last record staged in this window, 0 = none */
	int64_t start;
	int64_t at;     /* the server's clock when the reading began; 0 = not known */
	int64_t newest; /* newest date seen so far, 0 = none */
	int64_t moved;  /* the same of another date, where one was asked for (search.h) */
	bool resumed; /* an earlier run left the window unfinished: what came after it is still unread */
	bool begun; /* the first answer is there */
};

/* Continue the window that was being read, or begin the next.  A start earlier than the one that
 * the feed once began from (a setting was moved back) begins all over from there. */
struct feed feed_open(struct job *, const char *name, int64_t start);
/* An answer came; the first one of a window tells when its reading began. */
void feed_answered(struct job *, struct feed *, enum api);
/* The records of a page are in temp.page(payload): their newest date in that field ("date_modified"). */
void feed_see(struct job *, struct feed *, const char *field);
/* The same for another feed that begins with what this one reads: the newest date in that field, or `newest`. */
int64_t feed_newest(struct job *, const struct feed *, const char *field, int64_t newest);
/* How far that date was seen; where no record has one yet, whatever gets one is dated later than the newest
 * of the feed's own dates. */
int64_t feed_moved(const struct feed *);
/* Inside the page's transaction. */
void feed_page(struct job *, struct feed *, int64_t position);
void feed_close(struct job *, struct feed *);
/* Another feed's records up to that date (0: none) were seen by this one, which read all there is. */
void feed_begin_at(struct job *, const char *name, int64_t start, int64_t newest);

#endif
