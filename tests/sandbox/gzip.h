/* gzip for answers. */
#ifndef GZIP_H
#define GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool gzip_accepted(const char *accept_encoding);  /* NULL: the header was absent */
char *gzip_pack(const char *text, size_t *size);  /* size in and out; malloc'ed */
char *gzip_bomb(int64_t mebibytes, size_t *size); /* that much white space, packed */

#endif
