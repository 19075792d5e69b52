/* One answer of a search, believed only when it is what was asked for.
 *
 *   {"response": {"results": [[1, "BC-1"]], "metaData": {"columns": [{"name": "orderId"}, ...],
 *     "resultsAvailable": 1, "resultsReturned": 1, "firstResult": 1, "lastResult": 1}}}
 *
 * Columns are known by name (their order may change; more of them than were asked for do no harm),
 * and their names tell what they hold: an id, a date, a flag, an amount, else text.  The first
 * column asked for is the id of a row.  A row in which one of them holds something else cannot be
 * read; the others can.
 */
#ifndef LIB_BRIGHTPEARL_PAGE_H
#define LIB_BRIGHTPEARL_PAGE_H

#include "lib/stage.h"

struct page {
	int64_t rows, available;
	bool more;       /* morePagesAvailable */
	char *odd;       /* why it is not believed; NULL: it is */
	char *places;    /* JSON: [{"name": "orderId", "at": 0}, ...] of the columns asked for */
	char *unread;    /* JSON: [3, 17], the rows that cannot be read */
	int unread_rows; /* how many these are */
	char *example;   /* the first of them, as it came; NULL: none */
};

/* told: more columns, which may hold anything, or NULL.  first: the place of the first row asked for, from
 * 1; most: rows asked for. */
struct page page_read(const char *body, const char *columns, const char *told, int64_t first,
		      int64_t most);
void page_free(struct page *);

/* The rows that can be read -> temp.page(payload), an object for each, by the names asked for.  In a
 * transaction. */
int64_t page_split(struct job *, const struct page *, const char *body);

#endif
