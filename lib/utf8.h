/* UTF-8, strictly: no surrogates, nothing longer than needed, nothing above U+10FFFF. */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the letter at p, of which `left` are there; *code is its number.  0 = it is none. */
size_t utf8_letter(const unsigned char *p, size_t left, uint32_t *code);

#endif
