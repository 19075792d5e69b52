#include "lib/plain.h"

#include "lib/utf8.h"

#include <string.h>

#define REPLACEMENT 0xfffd

/* Letters that are not seen, or change how others are: the second set of control characters, marks
 * and embeddings of direction, line separators, annotations, tags. */
static bool is_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} range[] = {
		{0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},
		{0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x206f},
		{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
	};

	for (size_t i = 0; i < sizeof range / sizeof *range; i++)
		if (code >= range[i].first && code <= range[i].last)
			return true;
	return false;
}

/* The bytes of the letter at p; *shown: may it be shown as it is?  *code: U+FFFD when it is none. */
static size_t letter(const char *p, size_t left, uint32_t *code, bool *shown)
{
	size_t size = 1;

	*code = (unsigned char)*p;
	if (*code >= 0x80)
		size = utf8_letter((const unsigned char *)p, left, code);
	if (!size)
		*code = REPLACEMENT;
	*shown = size && !is_hidden(*code);
	return size ? size : 1;
}

static void add_json_escape(struct buf *out, uint32_t code)
{
	if (code > 0xffff)
		buf_printf(out, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
	else
		buf_printf(out, "\\u%04x", code);
}

static void add_escape(struct buf *out, const char *p, size_t size, uint32_t code, enum plain how)
{
	if (how == PLAIN_JSON && (code == '\n' || code == '\r' || code == '\t'))
		buf_text(out, " "); /* between values: inside of text JSON has none */
	else if (how == PLAIN_TEXT || how == PLAIN_JSON)
		add_json_escape(out, code);
	else
		for (size_t i = 0; i < size; i++)
			buf_printf(out, "\\x%02x", (unsigned char)p[i]);
}

void plain_add(struct buf *out, const char *text, size_t size, enum plain how)
{
	uint32_t code;
	bool shown;

	for (size_t at = 0, length; at < size; at += length) {
		length = letter(text + at, size - at, &code, &shown);
		if (how == PLAIN_TEXT && (code == '"' || code == '\\'))
			buf_text(out, "\\");
		if (shown || (how == PLAIN_LINES && code == '\n'))
			buf_add(out, text + at, length);
		else
			add_escape(out, text + at, length, code, how);
	}
}

bool plain_is(const char *text)
{
	uint32_t code;
	bool shown = true;

	for (size_t left = strlen(text), length; left && shown; text += length, left -= length)
		length = letter(text, left, &code, &shown);
	return shown;
}
