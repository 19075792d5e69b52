/* Text without what a language needs to write it: JSON's backslashes, percent-encoding, HTML's
 * entities, line breaks.  For searching alone: what is no ASCII stays as it is. */
#ifndef LIB_UNDRESS_H
#define LIB_UNDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNDRESS_LAYERS 4 /* dresses over each other */

/* A piece of text, and what was taken off it.  As made by piece_new(), or whole in zeros. */
struct piece {
	char *text;
	size_t size, whole; /* now, and at first */
	int layers;
	struct layer {
		struct edit {
			uint32_t in, in_end, out; /* these bytes became .. */
			bool letter;              /* .. the one at out, or nothing before it */
		} * edit;
		size_t count, room;
	} layer[UNDRESS_LAYERS];
};

struct piece piece_new(const char *text, size_t size); /* a copy */
void piece_free(struct piece *);                       /* wipes */

/* One layer off.  False: there is none, or UNDRESS_LAYERS were taken off. */
bool undress(struct piece *);

/* Where in the whole text the letters from `at` to before `end` come from. */
void piece_origin(const struct piece *, size_t at, size_t end, size_t *from, size_t *to);

#endif
