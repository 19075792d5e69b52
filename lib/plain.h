/* Text from outside, so that no byte of it acts on a terminal, a log reader, a spreadsheet or a parser.
 *
 * Names, notes, SKUs, answers, cells of files and arguments may hold anything: escape sequences, control
 * characters of either set, letters that turn the reading direction round, half letters, line breaks
 * where one line is meant.  What is such becomes visible: \x1b; in JSON \u001b.
 */
#ifndef LIB_PLAIN_H
#define LIB_PLAIN_H

#include "lib/buf.h"

#include <stdbool.h>

enum plain {
	PLAIN_LINE,  /* a line break becomes visible too */
	PLAIN_LINES, /* line breaks stay */
	PLAIN_TEXT,  /* JSON: between quotes */
	PLAIN_JSON,  /* JSON as a whole, on one line: what it escapes already stays so */
};
void plain_add(struct buf *, const char *text, size_t size, enum plain);
bool plain_is(const char *text); /* one line, and nothing of it has to become visible */

#endif
