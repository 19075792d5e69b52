#include "lib/entity.h"

#include "lib/die.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *text;
} named[] = {
	{"amp", "&"},        {"lt", "<"},          {"gt", ">"},          {"quot", "\""},
	{"apos", "'"},       {"nbsp", "\u00a0"},   {"pound", "\u00a3"},  {"euro", "\u20ac"},
	{"copy", "\u00a9"},  {"reg", "\u00ae"},    {"trade", "\u2122"},  {"ndash", "\u2013"},
	{"mdash", "\u2014"}, {"lsquo", "\u2018"},  {"rsquo", "\u2019"},  {"ldquo", "\u201c"},
	{"rdquo", "\u201d"}, {"hellip", "\u2026"}, {"eacute", "\u00e9"}, {"egrave", "\u00e8"},
	{"uuml", "\u00fc"},  {"ouml", "\u00f6"},   {"auml", "\u00e4"},   {"szlig", "\u00df"},
	{"deg", "\u00b0"},   {"times", "\u00d7"},
};

/* UTF-8 of a code point; 0 bytes for what is none or a control character. */
static int encode(unsigned long c, char out[4])
{
	if (c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) || (c >= 0x7f && c < 0xa0))
		return 0;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	int extra = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
	out[0] = (char)(lead[extra] | (c >> (6 * extra)));
	for (int i = 1; i <= extra; i++)
		out[i] = (char)(0x80 | ((c >> (6 * (extra - i))) & 0x3f));
	return extra + 1;
}

/* An entity at p ("&...;"): its length there, and its text in out; 0 = none. */
static size_t entity_at(const char *p, char out[8], size_t *size)
{
	size_t length = strcspn(p, ";");

	if (p[length] != ';' || length < 2 || length > 10)
		return 0;
	if (p[1] == '#') {
		bool hex = p[2] == 'x' || p[2] == 'X';
		char *end;
		unsigned long c = strtoul(p + (hex ? 3 : 2), &end, hex ? 16 : 10);
		*size = end == p + length ? (size_t)encode(c, out) : 0;
		return *size ? length + 1 : 0;
	}
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (strlen(named[i].name) == length - 1 &&
		    !strncmp(p + 1, named[i].name, length - 1)) {
			*size = strlen(named[i].text);
			memcpy(out, named[i].text, *size);
			return length + 1;
		}
	return 0;
}

char *entity_decode(const char *text)
{
	char *result = xcalloc(strlen(text) + 1, 1), *out = result, found[8];
	size_t size;

	while (*text) {
		size_t used = *text == '&' ? entity_at(text, found, &size) : 0;
		if (used) {
			memcpy(out, found, size);
			out += size;
			text += used;
			continue;
		}
		bool control = ((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7f;
		if (!(*text == '\r' && text[1] == '\n'))
			*out++ = control ? ' ' : *text;
		text++;
	}
	return result;
}
