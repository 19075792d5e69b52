#include "lib/utf8.h"

#include "lib/buf.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define REPLACEMENT 0xFFFD

size_t utf8_letter(const unsigned char *p, size_t left, uint32_t *code)
{
	utf8proc_int32_t found = 0;
	utf8proc_ssize_t length = utf8proc_iterate(p, (utf8proc_ssize_t)left, &found);

	*code = (uint32_t)found;
	return length > 0 ? (size_t)length : 0;
}

/* Half a surrogate pair, as three bytes that look like a letter. */
static bool is_surrogate(const unsigned char *p)
{
	return p[0] == 0xED && p[1] >= 0xA0 && p[1] <= 0xBF && (p[2] & 0xC0) == 0x80;
}

size_t utf8_next(const char *text, uint32_t *code)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t length = *p < 0x80 ? 1 : utf8_letter(p, strnlen(text, UTF8_MOST), code);

	if (length == 1)
		*code = *p;
	if (length)
		return length;
	*code = REPLACEMENT;
	return is_surrogate(p) ? 3 : 1;
}

size_t utf8_put(uint32_t code, char out[UTF8_MOST])
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)code, (utf8proc_uint8_t *)out);
}

bool utf8_is(const char *text, size_t size)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t code;

	for (size_t at = 0, length; at < size; at += length) {
		length = p[at] < 0x80 ? 1 : utf8_letter(p + at, size - at, &code);
		if (!length)
			return false;
	}
	return true;
}

char *utf8_mend(const char *text)
{
	struct buf mended = buf_new(3 * strlen(text) + 1);
	char letter[UTF8_MOST];
	uint32_t code;

	while (*text) {
		text += utf8_next(text, &code);
		buf_add(&mended, letter, utf8_put(code, letter));
	}
	return buf_take(&mended);
}

/* "\ud83c" at p: its number; -1 = it is no such escape. */
static long escaped(const char *p)
{
	char digits[5] = "", *end;

	if (p[0] != '\\' || p[1] != 'u')
		return -1;
	memcpy(digits, p + 2, strnlen(p + 2, 4));
	long code = strtol(digits, &end, 16);
	return end == digits + 4 ? code : -1;
}

bool utf8_torn(const char *json)
{
	if (!utf8_is(json, strlen(json)))
		return true;
	for (const char *p = json; (p = strchr(p, '\\'));) {
		long code = escaped(p);
		if (code < 0xD800 || code > 0xDFFF) {
			p += p[1] ? 2 : 1;
			continue;
		}
		long second = code < 0xDC00 ? escaped(p + 6) : -1;
		if (second < 0xDC00 || second > 0xDFFF)
			return true;
		p += 12;
	}
	return false;
}
