/* SHA-256 as 64 hex digits (OpenSSL's). */
#ifndef LIB_SHA256_H
#define LIB_SHA256_H

#include <stddef.h>

#define SHA256_HEX 65

char *sha256_hex(char hex[SHA256_HEX], const void *bytes, size_t size); /* returns hex */

#endif
