/* Text as it is read: in one way, wherever it comes from.
 *
 * Around and between words, every kind of blank is one blank: tabs and line breaks, the no-break
 * spaces, wide and narrow ones.  What cannot be seen is not there: zero width spaces, byte order
 * marks, soft hyphens, marks of direction; but joiners inside scripts and emoji that need them
 * stay in tidy text.  Composed and decomposed accents are the same letters (NFC).  What is no UTF-8
 * becomes U+FFFD.
 *
 * Folded text is how names are compared: "  Awaiting   FULFILMENT " and "awaiting fulfilment" are
 * the same.  Lower case is Unicode's, letter by letter, so it never depends on a locale.
 */
#ifndef LIB_FOLD_H
#define LIB_FOLD_H

/* Tidy, and in lower case.  malloc'ed. */
char *fold(const char *text);

/* On one line, trimmed, inner white space as one blank, nothing invisible.  malloc'ed. */
char *fold_tidy(const char *text);

/* Text of several lines: only its accents composed, and U+FFFD for what is no text.  malloc'ed. */
char *fold_text(const char *text);

/* Trimmed only, in place.  Returns text. */
char *fold_trim(char *text);

#endif
