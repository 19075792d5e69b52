/* What is told once: table told remembers it. */
#ifndef LIB_TOLD_H
#define LIB_TOLD_H

#include "lib/stage.h"

/* True, and remembered, when this was not told of that record before.  Inside a transaction.
 * what: a word, and what makes it news again ("replaced 700123"). */
bool told_first(struct job *, const char *record, const char *what);

#endif
