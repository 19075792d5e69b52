#define _GNU_SOURCE
#include "lib/buf.h"

#include "lib/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buf buf_new(size_t max)
{
	return (struct buf){.max = max};
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->size = 0;
	if (b->data)
		b->data[0] = 0;
}

char *buf_take(struct buf *b)
{
	char *text = b->data ? b->data : xstrdup("");

	*b = (struct buf){.max = b->max};
	return text;
}

/* Room for `more` bytes and the NUL; doubling keeps appending linear. */
static bool make_room(struct buf *b, size_t more)
{
	if (more > b->max || b->size > b->max - more)
		return false;
	size_t need = b->size + more + 1;
	if (need <= b->room)
		return true;
	size_t room = b->room ? b->room : 64;
	while (room < need)
		room *= 2;
	if (room > b->max + 1)
		room = b->max + 1;
	b->data = xrealloc(b->data, room);
	b->room = room;
	return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t size)
{
	if (!make_room(b, size))
		return false;
	if (size)
		memcpy(b->data + b->size, bytes, size);
	b->size += size;
	b->data[b->size] = 0;
	return true;
}

bool buf_text(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	int size = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	bool fits = size >= 0 && make_room(b, (size_t)size);
	if (fits) {
		vsnprintf(b->data + b->size, (size_t)size + 1, fmt, again);
		b->size += (size_t)size;
	}
	va_end(again);
	return fits;
}

bool buf_query(struct buf *b, const char *value)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	BUF text = buf_new(b->max);

	for (; *value; value++) {
		bool added = strchr(plain, *value)
				     ? buf_add(&text, value, 1)
				     : buf_printf(&text, "%%%02X", (unsigned char)*value);
		if (!added)
			return false;
	}
	return buf_add(b, text.data, text.size);
}
