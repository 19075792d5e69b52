/* Secrets, so that no text that is kept or shown repeats one.
 *
 * A server may answer with the token that it was sent, in the dress of its language: with JSON's \/ and
 * \u002f, percent-encoded, with HTML's entities, in base64 (alone or inside "user:token"), partly or
 * several times over.  Each of them is found and covered by as many asterisks, so that JSON stays JSON.
 *
 * All answers pass here before anything reads or keeps them, and all that is logged or printed.  The
 * cost grows with the text alone: under a millisecond for a megabyte without escapes, some five with many.
 */
#ifndef LIB_REDACT_H
#define LIB_REDACT_H

#include <stddef.h>

/* From now on it is covered.  NULL, or shorter than REDACT_SHORTEST: it is not, for it could not be
 * told from a plain word. */
#define REDACT_SHORTEST 8
void redact_learn(const char *secret);

void redact(char *text, size_t size); /* in place */

#endif
