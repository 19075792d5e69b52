/* "Did you mean": the word out of a list that a mistyped one was probably meant to be. */
#ifndef LIB_NEAREST_H
#define LIB_NEAREST_H

#include <stdbool.h>

/* How many letters must be typed, deleted, replaced or swapped to make one of the other; long words
 * are compared by their first 63 bytes.  Compare folded text (fold.h). */
int nearest_distance(const char *a, const char *b);

/* The search is a running best: offer every candidate, then read `best`. */
struct nearest {
	const char *typed; /* folded */
	int distance;
	char best[256]; /* "" = nothing near enough */
};
struct nearest nearest_begin(const char *typed_folded);
void nearest_offer(struct nearest *, const char *folded, const char *shown);

#endif
