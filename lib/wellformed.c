#include "lib/wellformed.h"

#include <string.h>

#define DEEPEST 1000

/* Where reading stands.  p == end is the only way to be out of text. */
struct cursor {
	const char *p, *end;
	int depth;
	char closer[DEEPEST]; /* what closes each open level */
};

static int peek(const struct cursor *c)
{
	return c->p < c->end ? (unsigned char)*c->p : -1;
}

static bool take(struct cursor *c, char expected)
{
	if (peek(c) != expected)
		return false;
	c->p++;
	return true;
}

static void blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\n' || *c->p == '\r' || *c->p == '\t'))
		c->p++;
}

static bool is_hex(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool escape(struct cursor *c)
{
	int kind = peek(c);

	c->p++;
	if (kind != 'u')
		return kind > 0 && strchr("\"\\/bfnrt", kind);
	for (int i = 0; i < 4; i++, c->p++)
		if (!is_hex(peek(c)))
			return false;
	return true;
}

static bool string(struct cursor *c)
{
	if (!take(c, '"'))
		return false;
	while (c->p < c->end) {
		unsigned char byte = (unsigned char)*c->p++;
		if (byte == '"')
			return true;
		if (byte < 0x20 || (byte == '\\' && (c->p == c->end || !escape(c))))
			return false;
	}
	return false;
}

static bool digits(struct cursor *c)
{
	const char *begin = c->p;

	while (peek(c) >= '0' && peek(c) <= '9')
		c->p++;
	return c->p > begin;
}

static bool number(struct cursor *c)
{
	take(c, '-');
	if (!take(c, '0') && !digits(c))
		return false;
	if (take(c, '.') && !digits(c))
		return false;
	if (take(c, 'e') || take(c, 'E')) {
		if (!take(c, '+'))
			take(c, '-');
		return digits(c);
	}
	return true;
}

static bool word(struct cursor *c, const char *text)
{
	size_t size = strlen(text);

	if ((size_t)(c->end - c->p) < size || memcmp(c->p, text, size) != 0)
		return false;
	c->p += size;
	return true;
}

static bool scalar(struct cursor *c)
{
	switch (peek(c)) {
	case '"':
		return string(c);
	case 't':
		return word(c, "true");
	case 'f':
		return word(c, "false");
	case 'n':
		return word(c, "null");
	default:
		return number(c);
	}
}

/* After '{' or ',' inside an object: a name and its colon. */
static bool name(struct cursor *c)
{
	blanks(c);
	if (!string(c))
		return false;
	blanks(c);
	if (!take(c, ':'))
		return false;
	blanks(c);
	return true;
}

/* From the start of a value to where a value is complete; levels opened are left on the stack. */
static bool value(struct cursor *c)
{
	for (;;) {
		blanks(c);
		char closer = peek(c) == '{' ? '}' : peek(c) == '[' ? ']' : 0;
		if (!closer)
			return scalar(c);
		c->p++;
		blanks(c);
		if (take(c, closer))
			return true;
		if (c->depth == DEEPEST)
			return false;
		c->closer[c->depth++] = closer;
		if (closer == '}' && !name(c))
			return false;
	}
}

bool wellformed(const char *text, size_t size)
{
	struct cursor c = {.p = text, .end = text + size};

	if (!value(&c))
		return false;
	while (blanks(&c), c.depth) {
		if (take(&c, c.closer[c.depth - 1]))
			c.depth--;
		else if (!take(&c, ',') || (c.closer[c.depth - 1] == '}' && !name(&c)) ||
			 !value(&c))
			return false;
	}
	return c.p == c.end;
}
