#define _GNU_SOURCE
#include "lib/undress.h"

#include "lib/die.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct piece piece_new(const char *text, size_t size)
{
	struct piece p = {.text = xcalloc(size + 1, 1), .size = size, .whole = size};

	memcpy(p.text, text, size);
	return p;
}

void piece_free(struct piece *p)
{
	explicit_bzero(p->text, p->whole);
	free(p->text);
	for (int i = 0; i < UNDRESS_LAYERS; i++)
		free(p->layer[i].edit);
}

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : 99;
}

/* The number of up to `most` digits at p, at least `least`; -1: it is none, or no ASCII. */
static int number(const char *p, const char *end, int base, size_t least, size_t most, size_t *used)
{
	int value = 0;

	for (*used = 0; *used < most && p + *used < end && digit(p[*used]) < base; ++*used)
		if ((value = value * base + digit(p[*used])) > 0x7f)
			return -1;
	return *used >= least ? value : -1;
}

/* What an escape means: its letter, or one of these; *used is its length. */
enum { NOTHING = -2, NO_ESCAPE = -1 };

static int of_backslash(const char *p, const char *end, size_t *used)
{
	int code;

	if (p + 1 >= end)
		return NO_ESCAPE;
	if (p[1] == 'u' || p[1] == 'x') {
		size_t width = p[1] == 'u' ? 4 : 2;
		code = number(p + 2, end, 16, width, width, used);
		*used += 2;
		return code;
	}
	*used = 2;
	if (p[1] == 'n' || p[1] == 'r')
		return NOTHING;
	return strchr("/\\\"'", p[1]) && p[1] ? p[1] : NO_ESCAPE;
}

static int of_name(const char *p, const char *end, size_t *used)
{
	static const struct {
		const char *name;
		char letter;
	} names[] = {
		{"amp;", '&'},    {"lt;", '<'},     {"gt;", '>'},       {"quot;", '"'},
		{"apos;", '\''},  {"sol;", '/'},    {"bsol;", '\\'},    {"plus;", '+'},
		{"equals;", '='}, {"lowbar;", '_'}, {"UnderBar;", '_'}, {"period;", '.'},
		{"colon;", ':'},  {"semi;", ';'},   {"comma;", ','},    {"num;", '#'},
		{"dollar;", '$'}, {"percnt;", '%'}, {"lpar;", '('},     {"rpar;", ')'},
		{"ast;", '*'},    {"midast;", '*'}, {"excl;", '!'},     {"quest;", '?'},
		{"commat;", '@'}, {"lsqb;", '['},   {"lbrack;", '['},   {"rsqb;", ']'},
		{"rbrack;", ']'}, {"lcub;", '{'},   {"lbrace;", '{'},   {"rcub;", '}'},
		{"rbrace;", '}'}, {"verbar;", '|'}, {"vert;", '|'},     {"VerticalLine;", '|'},
		{"grave;", '`'},  {"Hat;", '^'},
	};

	if (p + 1 >= end || !isalpha((unsigned char)p[1]))
		return NO_ESCAPE;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t size = strlen(names[i].name);
		if ((size_t)(end - p) > size && !memcmp(p + 1, names[i].name, size)) {
			*used = size + 1;
			return names[i].letter;
		}
	}
	return NO_ESCAPE;
}

static int of_ampersand(const char *p, const char *end, size_t *used)
{
	if (p + 2 >= end || p[1] != '#')
		return of_name(p, end, used);
	bool hex = p[2] == 'x' || p[2] == 'X';
	size_t before = hex ? 3 : 2;
	int code = number(p + before, end, hex ? 16 : 10, 1, 8, used);
	*used += before;
	if (p + *used < end && p[*used] == ';')
		++*used;
	return code;
}

static int meaning(const char *p, const char *end, size_t *used)
{
	int code;

	switch (*p) {
	case '\\':
		return of_backslash(p, end, used);
	case '%':
		code = number(p + 1, end, 16, 2, 2, used);
		++*used;
		return code;
	case '&':
		return of_ampersand(p, end, used);
	case '\r': /* long base64 is broken into lines */
	case '\n':
		*used = 1;
		return NOTHING;
	default:
		return NO_ESCAPE;
	}
}

/* The next byte that may begin an escape. */
static size_t next_sign(const struct piece *p, size_t at)
{
	static const bool sign[256] = {
		['\\'] = true, ['%'] = true, ['&'] = true, ['\r'] = true, ['\n'] = true};

	while (at < p->size && !sign[(unsigned char)p->text[at]])
		at++;
	return at;
}

static void add_edit(struct layer *l, size_t in, size_t in_end, size_t out, bool letter)
{
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 256;
		l->edit = xrealloc(l->edit, l->room * sizeof *l->edit);
	}
	l->edit[l->count++] = (struct edit){(uint32_t)in, (uint32_t)in_end, (uint32_t)out, letter};
}

/* In place, for the text only becomes shorter. */
bool undress(struct piece *p)
{
	if (p->layers == UNDRESS_LAYERS)
		return false;
	struct layer *l = &p->layer[p->layers];
	size_t in = 0, out = 0, used = 0;

	while (in < p->size) {
		size_t sign = next_sign(p, in);
		memmove(p->text + out, p->text + in, sign - in);
		out += sign - in;
		if ((in = sign) == p->size)
			break;
		int code = meaning(p->text + in, p->text + p->size, &used);
		if (code == NO_ESCAPE) {
			p->text[out++] = p->text[in++];
			continue;
		}
		add_edit(l, in, in + used, out, code != NOTHING);
		if (code != NOTHING)
			p->text[out++] = (char)code;
		in += used;
	}
	p->size = out;
	p->layers += l->count > 0;
	return l->count > 0;
}

/* Where the letter at `at` of a layer was in the one above. */
static void step_back(const struct layer *l, size_t at, size_t *from, size_t *to)
{
	size_t low = 0, high = l->count; /* the last edit at or before it is low - 1 */

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (l->edit[middle].out <= at)
			low = middle + 1;
		else
			high = middle;
	}
	const struct edit *e = low ? &l->edit[low - 1] : NULL;
	if (e && e->letter && e->out == at) {
		*from = e->in;
		*to = e->in_end;
		return;
	}
	*from = e ? e->in_end + (at - e->out - e->letter) : at;
	*to = *from + 1;
}

void piece_origin(const struct piece *p, size_t at, size_t end, size_t *from, size_t *to)
{
	size_t first = at, last = end - 1, unused, after = end;

	for (int i = p->layers; i-- > 0; last = after - 1) {
		step_back(&p->layer[i], first, &first, &unused);
		step_back(&p->layer[i], last, &unused, &after);
	}
	*from = first;
	*to = after;
}
