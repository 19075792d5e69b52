#define _GNU_SOURCE
#include "lib/redact.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/undress.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What is searched for: each secret, and what it is in base64.  Searched as Wu and Manber do: a table
 * tells for each pair of bytes how far a pattern's beginning is at least, so most bytes are skipped. */
static struct {
	struct pattern {
		char *text;
		size_t size;
	} * pattern;
	size_t count, shortest, longest;
	uint8_t skip[65536];
} known;

#define WINDOW 65536 /* bytes that are undressed at a time */

static unsigned pair_at(const char *p)
{
	return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

static void make_table(void)
{
	known.shortest = 255;
	known.longest = 0;
	for (size_t i = 0; i < known.count; i++) {
		if (known.pattern[i].size < known.shortest)
			known.shortest = known.pattern[i].size;
		if (known.pattern[i].size > known.longest)
			known.longest = known.pattern[i].size;
	}
	memset(known.skip, (int)known.shortest - 1, sizeof known.skip);
	for (size_t i = 0; i < known.count; i++)
		for (size_t at = 0; at + 2 <= known.shortest; at++) {
			uint8_t *skip = &known.skip[pair_at(known.pattern[i].text + at)];
			if (*skip > known.shortest - 2 - at)
				*skip = (uint8_t)(known.shortest - 2 - at);
		}
}

static void add_pattern(const char *text, size_t size)
{
	for (size_t i = 0; i < known.count; i++)
		if (known.pattern[i].size == size && !memcmp(known.pattern[i].text, text, size))
			return;
	known.pattern = xrealloc(known.pattern, (known.count + 1) * sizeof *known.pattern);
	char *copy = xcalloc(size + 1, 1);
	memcpy(copy, text, size);
	known.pattern[known.count++] = (struct pattern){copy, size};
}

/* The letters of base64 that the secret alone decides when `before` bytes stand before it. */
static void add_base64(const char *secret, size_t before, const char *end_of_alphabet)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	size_t bits = 8 * (before + strlen(secret)), first = (8 * before + 5) / 6;
	struct buf text = buf_new(2 * bits);

	for (size_t bit = 6 * first; bit + 6 <= bits; bit += 6) {
		size_t byte = bit / 8 - before;
		unsigned two = (unsigned)(unsigned char)secret[byte] << 8 |
			       (unsigned char)secret[byte + 1]; /* at the end, the 0 after it */
		unsigned six = two >> (10 - bit % 8) & 63;
		buf_add(&text, six < 62 ? &letters[six] : &end_of_alphabet[six - 62], 1);
	}
	add_pattern(text.data, text.size);
	explicit_bzero(text.data, text.size);
	buf_free(&text);
}

/* The length of the longest pattern that begins at p, 0: none does. */
static size_t pattern_at(const char *p, size_t left)
{
	size_t longest = 0;

	for (size_t i = 0; i < known.count; i++) {
		const struct pattern *k = &known.pattern[i];
		if (k->size > longest && k->size <= left && *k->text == *p &&
		    !memcmp(k->text, p, k->size))
			longest = k->size;
	}
	return longest;
}

/* Where the next one is, at or after `at`; size: nowhere. */
static size_t find(const char *text, size_t size, size_t at, size_t *length)
{
	const size_t last = known.shortest - 2; /* of a beginning: where its last pair is */

	while (at + known.shortest <= size) {
		size_t skip = known.skip[pair_at(text + at + last)];
		if (!skip && (*length = pattern_at(text + at, size - at)))
			return at;
		at += skip ? skip : 1;
	}
	return size;
}

static void cover_plain(char *text, size_t size)
{
	size_t length = 0;

	for (size_t at = 0; (at = find(text, size, at, &length)) < size; at += length)
		memset(text + at, '*', length);
}

static void cover_piece(char *text, const struct piece *p)
{
	size_t length = 0, from, to;

	for (size_t at = 0; (at = find(p->text, p->size, at, &length)) < p->size; at += length) {
		piece_origin(p, at, at + length, &from, &to);
		memset(text + from, '*', to - from);
	}
}

static void cover_dressed(char *text, size_t size)
{
	struct piece p = piece_new(text, size);

	while (undress(&p))
		cover_piece(text, &p);
	piece_free(&p);
}

static bool may_be_dressed(const char *text, size_t size)
{
	return memchr(text, '\\', size) || memchr(text, '%', size) || memchr(text, '&', size) ||
	       memchr(text, '\n', size) || memchr(text, '\r', size);
}

void redact(char *text, size_t size)
{
	if (!known.count)
		return;
	cover_plain(text, size);
	/* so many bytes more that what begins in a window is whole in it, whatever it wears */
	size_t more = known.longest * 12 + 64;
	for (size_t at = 0; at < size; at += WINDOW) {
		size_t window = size - at < WINDOW + more ? size - at : WINDOW + more;
		if (may_be_dressed(text + at, window))
			cover_dressed(text + at, window);
	}
}

void redact_learn(const char *secret)
{
	if (!secret || strlen(secret) < REDACT_SHORTEST)
		return;
	add_pattern(secret, strlen(secret));
	for (size_t before = 0; before < 3; before++) {
		add_base64(secret, before, "+/");
		add_base64(secret, before, "-_");
	}
	/* where it holds what looks like an escape, that is taken off too */
	struct piece p = piece_new(secret, strlen(secret));
	while (undress(&p) && p.size >= REDACT_SHORTEST)
		add_pattern(p.text, p.size);
	piece_free(&p);
	make_table();
}
