/* UTF-8, strictly: no surrogates, nothing longer than needed, nothing above U+10FFFF. */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MOST 4 /* bytes of a letter */

/* Bytes of the letter at p, of which `left` are there; *code is its number.  0 = it is none. */
size_t utf8_letter(const unsigned char *p, size_t left, uint32_t *code);

/* The same in text that ends with a 0, and is not at its end: what is no letter is told as U+FFFD,
 * one for each byte, or for half of a surrogate pair. */
size_t utf8_next(const char *text, uint32_t *code);

/* The letter's bytes into out; returns how many. */
size_t utf8_put(uint32_t code, char out[UTF8_MOST]);

bool utf8_is(const char *text, size_t size);

/* Text as UTF-8, U+FFFD for what is none.  malloc'ed, up to three times as long. */
char *utf8_mend(const char *text);

/* Does JSON hold text that is none: bytes that are not UTF-8, or half a surrogate pair (\ud83c)? */
bool utf8_torn(const char *json);

#endif
