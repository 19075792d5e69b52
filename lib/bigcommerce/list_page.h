/* One page of a list: split into temp.page(payload, id, order_id) and judged.  For list.c. */
#ifndef LIB_BIGCOMMERCE_LIST_PAGE_H
#define LIB_BIGCOMMERCE_LIST_PAGE_H

#include "lib/bigcommerce/list.h"

/* What was asked for. */
struct bc_asked {
	int limit;
	int64_t page, above; /* the page by its number, or what the ids are above */
};

struct bc_page {
	int64_t rows, last, nameless;
	int64_t total, pages; /* as told, -1 = not told */
};

enum bc_end { BC_MORE, BC_LAST, BC_SHIFTED, BC_FAILED };

void bc_page_begin(struct job *); /* makes the tables */

/* The answer's records are added to temp.page.  BC_MORE: a page as it was asked for; BC_SHIFTED: it has
 * records that pages before it had; BC_FAILED: noted.  Inside a transaction. */
enum bc_end bc_page_take(struct job *, const struct bc_list *, const struct bc_asked *,
			 const struct reply *, struct bc_page *);

/* "the shipments of order 1042".  malloc'ed. */
char *bc_list_name(const struct bc_list *);

/* Rejects for records without a readable id, and an end to those that are no longer there. */
void bc_page_tell_nameless(struct job *, const struct bc_list *);

#endif
