/* Between the files of the search engine: one search under way. */
#ifndef BRIGHTPEARL_SEARCH_H
#define BRIGHTPEARL_SEARCH_H

#include "brightpearl.h"

#include <stdio.h>

enum { SEARCH_PAGE = 500, SEARCH_MOST = 64, SEARCH_SORTS = 8 };

struct search {
	const struct bp_resource *resource;
	const struct call *call;
	struct answer *answer;
	const struct bp_column *chosen[SEARCH_MOST], *sort[SEARCH_SORTS];
	int chosen_count, sort_count;
	bool descending[SEARCH_SORTS], count_only;
	int64_t page_size, first;
	/* the filters: " AND ..." with one ? for each bound value */
	char *where;
	size_t where_size;
	FILE *where_out;
	struct {
		char *text; /* NULL: number */
		int64_t number;
	} bound[SEARCH_MOST];
	int bound_count;
};

/* One more filter; false after answering the error. */
bool bp_filter_add(struct search *, const struct bp_column *, const char *value);

/* "columns" and "sorting". */
void bp_search_add_meta(const struct search *, cJSON *meta);

#endif
