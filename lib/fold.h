/* Text as it is compared: "  Awaiting   FULFILMENT " and "awaiting fulfilment" are the same name.
 *
 * White space here includes what spreadsheets and web pages slip in: the no-break spaces, the zero
 * width space and a stray byte order mark.  Lower case covers ASCII, Latin, Greek and Cyrillic
 * letters, by a rule of our own, so that folded text in the database never depends on a locale.
 */
#ifndef LIB_FOLD_H
#define LIB_FOLD_H

#include <stddef.h>

/* Trimmed, inner white space as one blank, lower case.  malloc'ed, never longer than text. */
char *fold(const char *text);

/* Trimmed only, in place.  Returns text. */
char *fold_trim(char *text);

/* On one line, in place: trimmed, inner white space as one blank.  Returns text. */
char *fold_line(char *text);

/* The bytes of the white space that text begins with; 0 = it begins with something else. */
size_t fold_blank(const char *text);

#endif
