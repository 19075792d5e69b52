/* The other systems' lists as people know them: how they are called, and what is on them. */
#ifndef LIB_MAP_LISTS_H
#define LIB_MAP_LISTS_H

#include "lib/db.h"

struct map_list {
	const char *list, *one, *many; /* order_status, "order status", "order statuses" */
	bool codes;                    /* ids are codes, not numbers */
	bool bare; /* not every account tells them, or all of them: a bare number is an id */
};
const struct map_list *map_list_title(const char *list); /* one that is not known is a bug */
const char *map_system_title(const char *system);        /* "Brightpearl" */

/* What follows 'Brightpearl has no order status "Shiped"': ' (did you mean "Shipped"?)', or what the
 * list has.  usable: only what the other side accepts.  malloc'ed. */
char *map_list_suggest(struct db *, const char *system, const char *list, const char *folded,
		       bool usable);

/* All names of a list in columns, a line each, for people to choose from; malloc'ed. */
char *map_list_columns(struct db *, const char *system, const char *list);

#endif
