/* A growing string with a hard upper limit.
 *
 * Owned by whoever declared it: BUF b = buf_new(max) frees it at the end of the block.  Always
 * NUL-terminated once something was added; data is NULL before.
 */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t size, room, max;
};
#define BUF __attribute__((cleanup(buf_free))) struct buf

struct buf buf_new(size_t max);
void buf_free(struct buf *);
void buf_clear(struct buf *);
char *buf_take(struct buf *); /* the string, now the caller's; "" when empty */

/* False when the limit would be passed; nothing is added then. */
bool buf_add(struct buf *, const void *bytes, size_t size);
bool buf_text(struct buf *, const char *text);
bool buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Percent-encode for a query value: everything but A-Z a-z 0-9 - . _ ~ */
bool buf_query(struct buf *, const char *value);

#endif
