#include "lib/fold.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define BRAILLE_BLANK 0x2800
#define OTHER_SCRIPTS 0x300 /* from here on joiners and variation selectors may mean something */

static bool is_blank(uint32_t c)
{
	if (c < 0x80)
		return c <= ' ' || c == 0x7F;
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_CC:
		return true;
	default:
		return c == BRAILLE_BLANK;
	}
}

static bool is_invisible(uint32_t c)
{
	return c > 0x7F && utf8proc_get_property((utf8proc_int32_t)c)->ignorable;
}

/* Between two letters of some scripts, and within an emoji. */
static bool is_joiner(uint32_t c)
{
	return c == 0x200C || c == 0x200D;
}

/* How the letter before it is drawn. */
static bool is_variation(uint32_t c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static uint32_t lower_case(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
}

static void add_letter(struct buf *out, uint32_t c)
{
	char letter[UTF8_MOST];

	buf_add(out, letter, utf8_put(c, letter));
}

/* Accents as one letter with what they stand on; takes text. */
static char *compose(char *text)
{
	utf8proc_uint8_t *composed = NULL;
	bool ascii = true;

	for (const char *p = text; ascii && *p; p++)
		ascii = (unsigned char)*p < 0x80;
	if (ascii || utf8proc_map((const utf8proc_uint8_t *)text, 0, &composed,
				  UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE) < 0)
		return text;
	free(text);
	return (char *)composed;
}

/* Reading a text for its tidy form. */
struct tidy {
	struct buf out;
	uint32_t last;   /* the visible letter before; 0 = a blank, or none */
	uint32_t joiner; /* after it, kept only if a letter follows; 0 = none */
	bool gap;
};

static void tidy_letter(struct tidy *t, uint32_t c, bool lower)
{
	if (is_blank(c)) {
		t->gap = t->out.size > 0;
		t->last = t->joiner = 0;
		return;
	}
	if (is_invisible(c)) {
		if (!lower && is_joiner(c) && t->last >= OTHER_SCRIPTS)
			t->joiner = c;
		if (!lower && is_variation(c) && t->last >= OTHER_SCRIPTS && !t->joiner)
			add_letter(&t->out, c);
		return;
	}
	if (t->gap)
		buf_text(&t->out, " ");
	if (t->joiner)
		add_letter(&t->out, t->joiner);
	t->gap = false;
	t->joiner = 0;
	t->last = c;
	add_letter(&t->out, lower ? lower_case(c) : c);
}

static char *tidied(const char *text, bool lower)
{
	struct tidy t = {.out = buf_new(3 * strlen(text) + 1)};
	uint32_t c;

	while (*text) {
		text += utf8_next(text, &c);
		tidy_letter(&t, c, lower);
	}
	return compose(buf_take(&t.out));
}

char *fold(const char *text)
{
	return tidied(text, true);
}

char *fold_tidy(const char *text)
{
	return tidied(text, false);
}

char *fold_text(const char *text)
{
	return compose(utf8_mend(text));
}

char *fold_trim(char *text)
{
	char *begin = NULL, *end = text;
	uint32_t c;

	for (char *p = text; *p;) {
		char *letter = p;
		p += utf8_next(p, &c);
		if (is_blank(c) || is_invisible(c))
			continue;
		begin = begin ? begin : letter;
		end = p;
	}
	size_t length = begin ? (size_t)(end - begin) : 0;
	if (begin)
		memmove(text, begin, length);
	text[length] = 0;
	return text;
}
