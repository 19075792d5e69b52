/* The entries of one answer to get_read(): which can be read, and whose they are.  Part of get.c. */
#ifndef LIB_BRIGHTPEARL_ENTRIES_H
#define LIB_BRIGHTPEARL_ENTRIES_H

#include "lib/brightpearl/get.h"

struct entries {
	char *odd;      /* why nothing of the answer is believed; NULL: it is */
	char *ids;      /* asked for, and told: answered, or not there; "" = none */
	char *body;     /* {"response": ...} with the entries of these alone */
	char *left_out; /* to be asked for once more; "" = none */
};

/* again: these were left out of an answer already.  What cannot be read is told. */
struct entries entries_read(struct job *, const struct get *, const char *ids, bool again,
			    const char *body);
void entries_free(struct entries *);

/* The record of this id cannot be read. */
void entries_reject(struct job *, const struct get *, const char *id, const char *why);

#endif
