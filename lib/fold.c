#include "lib/fold.h"

#include "lib/die.h"

#include <stdbool.h>
#include <string.h>

size_t fold_blank(const char *text)
{
	static const char *const blanks[] = {
		" ",
		"\t",
		"\n",
		"\r",
		"\v",
		"\f",
		"\xC2\xA0",     /* no-break space */
		"\xE2\x80\x87", /* figure space */
		"\xE2\x80\x8B", /* zero width space */
		"\xE2\x80\xAF", /* narrow no-break space */
		"\xEF\xBB\xBF", /* byte order mark */
	};

	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
		if (!strncmp(text, blanks[i], strlen(blanks[i])))
			return strlen(blanks[i]);
	return 0;
}

char *fold_trim(char *text)
{
	char *begin = text, *end = text;

	for (size_t n; (n = fold_blank(begin)) > 0;)
		begin += n;
	for (char *p = begin; *p;) {
		size_t blank = fold_blank(p);
		p += blank ? blank : 1;
		if (!blank)
			end = p;
	}
	size_t length = end > begin ? (size_t)(end - begin) : 0;
	memmove(text, begin, length);
	text[length] = 0;
	return text;
}

char *fold_line(char *text)
{
	char *out = text;

	for (const char *in = text; *in;) {
		size_t blank = fold_blank(in);
		if (!blank)
			*out++ = *in++;
		else if (out > text && out[-1] != ' ')
			*out++ = ' ';
		in += blank;
	}
	*out = 0;
	return fold_trim(text);
}

/* Lower case of the letters that take two bytes in UTF-8; all stay within two bytes. */
static unsigned lower(unsigned c)
{
	if (c == 0x130) /* I with a dot */
		return 'i';
	if (c == 0x178) /* Y with diaeresis */
		return 0xFF;
	if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
		return c + 32;
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) ||
	    (c >= 0x1DE && c <= 0x1EF) || (c >= 0x1F8 && c <= 0x21F) ||
	    (c >= 0x222 && c <= 0x233) || (c >= 0x460 && c <= 0x481))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E) || (c >= 0x1CD && c <= 0x1DC))
		return c + (c & 1);
	if (c == 0x386)
		return 0x3AC;
	if (c >= 0x388 && c <= 0x38A)
		return c + 37;
	if (c == 0x38C)
		return 0x3CC;
	if (c == 0x38E || c == 0x38F)
		return c + 63;
	if ((c >= 0x391 && c <= 0x3AB && c != 0x3A2) || (c >= 0x410 && c <= 0x42F))
		return c + 32;
	if (c >= 0x400 && c <= 0x40F)
		return c + 80;
	return c;
}

/* One letter from *in to *out in lower case. */
static void fold_letter(const char **in, char **out)
{
	unsigned char a = (unsigned char)(*in)[0], b = (unsigned char)(*in)[1];

	if (a < 0xC3 || a > 0xDF || (b & 0xC0) != 0x80) {
		*(*out)++ = a >= 'A' && a <= 'Z' ? (char)(a + 32) : (char)a;
		(*in)++;
		return;
	}
	unsigned c = lower(((a & 0x1Fu) << 6) | (b & 0x3Fu));
	if (c < 0x80)
		*(*out)++ = (char)c;
	else {
		*(*out)++ = (char)(0xC0 | (c >> 6));
		*(*out)++ = (char)(0x80 | (c & 0x3F));
	}
	*in += 2;
}

char *fold(const char *text)
{
	char *result = xcalloc(1, strlen(text) + 1), *out = result;
	bool gap = false;

	while (*text) {
		size_t blank = fold_blank(text);
		if (blank) {
			text += blank;
			gap = out > result;
			continue;
		}
		if (gap)
			*out++ = ' ';
		gap = false;
		fold_letter(&text, &out);
	}
	*out = 0;
	return result;
}
