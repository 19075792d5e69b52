/* Feeds: what changed in the other system since we last looked, never skipping anything.
 *
 * A feed reads windows [from, until] by the server's own clock.  The first reaches back to `start`;
 * each later one begins api.overlap_minutes before the end of the last.  Inside a window records
 * are staged page by page, and the position is committed with the page, so that a run that dies
 * continues there.  Only when the last page is staged does the watermark move to `until`.
 */
#ifndef LIB_FEED_H
#define LIB_FEED_H

#include "lib/stage.h"

struct feed {
	const char *name;
	int64_t from;     /* seconds, 0 = no lower bound */
	int64_t until;    /* 0 = not known yet: take the server's date of the first answer */
	int64_t position; /* last record staged in this window, 0 = none */
	int64_t start;
	bool resumed; /* an earlier run left the window unfinished: what came after it is still
			 unread */
};

/* Continue the window that was being read, or begin the next.  A start earlier than the one that
 * the feed once began from (a setting was moved back) begins all over from there. */
struct feed feed_open(struct job *, const char *name, int64_t start);
/* Inside the page's transaction. */
void feed_page(struct job *, struct feed *, int64_t position);
void feed_close(struct job *, struct feed *);

#endif
