/* Brightpearl's searches: the one way in which its lists are read.
 *
 * search_window() reads every row of a search whose date column lies in a feed's window, 500 at a
 * time, and hands each page over as temp.page(payload), one JSON object per row keyed by the names of
 * the columns asked for (null: unset).  The window is closed at the server's time of the first answer.
 *
 * What is read is what was asked for (page.h), or the reading is an outage: the job says what is
 * wrong and quotes it, and the window stays open.  A page must begin where it was asked to and bring
 * only new ids, so reading ends; when the number of results changes, or is not what was read, all is
 * read again from the start, READ_AGAIN times at most.
 *
 * Rows that cannot be read: where .guards says that what is created depends on the rows (what is not
 * listed is not there), they are an outage as well.  Else the others are staged, one reject of the
 * stage's job quotes them, and the window stays open, so that they are asked for again.
 */
#ifndef LIB_BRIGHTPEARL_SEARCH_H
#define LIB_BRIGHTPEARL_SEARCH_H

#include "lib/feed.h"
#include "lib/outage.h"

struct search {
	const char *path;    /* "/order-service/order-search" */
	const char *columns; /* "orderId,externalRef"; the first is the row's own id */
	const char *told; /* more columns, of dates that only tell how far was read: one that cannot
			      * be read there makes no row unreadable; NULL = none */
	const char *filter; /* more query, already encoded: "&orderTypeId=1", or "" */
	const char *date; /* column of the window, one of those asked for: "createdOn"; NULL for the
			      * other readings */
	const char *moved; /* another date whose newest is wanted as well (feed.moved), or NULL */
	const char *what;  /* "orders by reference", for progress and messages */
	bool guards;       /* what it does not list is taken not to be there, and made */
	/* Stage temp.page, inside the page's transaction; not called for a page without rows. */
	void (*stage)(struct job *);
};

/* True: the whole window is staged and the watermark moved.  False: an outage, noted on the job. */
bool search_window(struct job *, const struct search *, struct feed *);

/* The same for a search that no window limits: its filter does. */
bool search_all(struct job *, const struct search *);

/* Some of its rows could not be read the last time. */
bool search_has_unread(struct job *, const struct search *);

/* search_all() for the ids of temp.asked(id), `most` at a time: "&orderId=1,2,3" after the filter. */
bool search_asked(struct job *, const struct search *, const char *name, int most);

/* The address of the first page, for a look-up that the caller has in flight with others.  malloc'ed. */
char *search_path(const struct search *);
/* Its answer, which must hold all results and no row that cannot be read -> temp.page, in a
 * transaction.  False: an outage, noted on the job. */
bool search_answer(struct job *, const struct search *, const struct reply *);

#endif
