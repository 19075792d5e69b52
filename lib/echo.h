/* Text as it is compared between two systems that may each change its dress.
 *
 * A system may encode what it is given as HTML, break lines with CRLF or trim; when the text is
 * read back it must not pass for an edit.  So two texts are the same when they agree after all
 * entities are decoded, to the last level, accents are composed, every line break is LF, and blanks at the ends of lines
 * and of the whole are gone.  What is written to a system is never this form.
 */
#ifndef LIB_ECHO_H
#define LIB_ECHO_H

char *echo_bare(const char *text); /* malloc'ed */

#endif
