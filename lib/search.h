/* Brightpearl's searches, page by page, without shifting under the reader.
 *
 * search_window() reads every row of a search whose date column lies in a feed's window, 500 at a
 * time in the order of ids, and hands each page over as temp.page(payload), one JSON object per row
 * keyed by column name (the order of columns may change, so they are told by name; a column that is
 * absent is NULL).  The window is closed at the server's date of the first answer; when the number
 * of results changes while it is being read, it is read again from the start (contract section 6).
 */
#ifndef LIB_SEARCH_H
#define LIB_SEARCH_H

#include "lib/feed.h"

struct search {
	const char *path;    /* "/order-service/order-search" */
	const char *columns; /* "orderId,externalRef" */
	const char *filter;  /* more query, already encoded: "&orderTypeId=1", or "" */
	const char *date;    /* column of the window: "createdOn"; NULL for search_all() */
	const char *what;    /* "orders by reference", for progress */
	/* Stage temp.page, inside the page's transaction. */
	void (*stage)(struct job *);
};

/* True: the whole window is staged and the watermark moved.  False: *failed tells why. */
bool search_window(struct job *, const struct search *, struct feed *, struct reply *failed);

/* The same for a search that no window limits: its filter does. */
bool search_all(struct job *, const struct search *, struct reply *failed);

/* The rows of one search answer into temp.page; returns how many.  Needs a transaction. */
int64_t search_split(struct job *, const char *body);

#endif
