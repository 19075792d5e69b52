#include "lib/sheet.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT 15 /* digits of a number that a spreadsheet keeps */

/* Digits with at most one point or comma among them; *end after them. */
static bool read_decimal(const char *text, const char **end)
{
	const char *p = text + strspn(text, "0123456789");
	bool any = p > text;

	if (*p == '.' || *p == ',') {
		const char *rest = p + 1 + strspn(p + 1, "0123456789");
		any |= rest > p + 1;
		p = rest;
	}
	*end = p;
	return any;
}

static bool is_number(const char *text)
{
	const char *end;

	return read_decimal(text, &end) && !*end;
}

static bool is_shortened(const char *text)
{
	const char *p;

	if (!read_decimal(text, &p) || *p != 'e')
		return false;
	p += p[1] == '+' || p[1] == '-' ? 2 : 1;
	size_t digits = strspn(p, "0123456789");
	return digits && digits <= 3 && !p[digits];
}

static bool is_error(const char *text)
{
	size_t length = strlen(text);

	if (length < 2 || *text != '#')
		return false;
	return strspn(text, "#") == length || text[length - 1] == '!' || text[length - 1] == '?' ||
	       !strcmp(text, "#n/a") || !strcmp(text, "#nv") || !strcmp(text, "#n/d") ||
	       !strcmp(text, "#getting_data");
}

/* The numbers of a date, month names among them; 0 = it is none. */
struct date {
	int count, number[3];
	bool named; /* a month by its name */
};

static int month(const char *word, size_t length)
{
	static const char *const names[][6] = {
		{"january", "januar", "janvier"},
		{"february", "februar", "feb"},
		{"march", "mrz", "mars"},
		{"april", "avril"},
		{"may", "mai"},
		{"june", "juni", "juin"},
		{"july", "juli", "juil"},
		{"august", "aout"},
		{"september", "sept"},
		{"october", "oktober", "okt"},
		{"november"},
		{"december", "dezember", "dez"},
	};

	for (int m = 0; length >= 3 && m < 12; m++)
		for (int i = 0; i < 6 && names[m][i]; i++)
			if (!strncmp(names[m][i], word, length) && length <= strlen(names[m][i]))
				return m + 1;
	return 0;
}

/* Two or three numbers, one of which may be a month's name, and nothing else but what parts them. */
static struct date read_date(const char *text)
{
	struct date d = {0};

	for (const char *p = text; *p;) {
		size_t digits = strspn(p, "0123456789"), letters = 0;
		while (isalpha((unsigned char)p[letters]))
			letters++;
		if (!digits && !letters) {
			if (!strchr("/-. ", *p++))
				return (struct date){0};
			continue;
		}
		int number = digits ? atoi(p) : month(p, letters);
		if (d.count == 3 || digits > 4 || !number || (letters && d.named))
			return (struct date){0};
		d.named |= letters > 0;
		d.number[d.count++] = number;
		p += digits + letters;
	}
	return d.count >= 2 ? d : (struct date){0};
}

/* As a spreadsheet writes it: with a month's name, or three numbers. */
static bool is_date(const char *text)
{
	struct date d = read_date(text);
	int fits = 0;

	if (d.named)
		return true;
	for (int i = 0; i < d.count; i++)
		fits += d.number[i] <= 31;
	return d.count == 3 && fits >= 2 && strpbrk(text, "/-.");
}

enum sheet_damage sheet_damage(const char *cell)
{
	if (is_error(cell))
		return SHEET_ERROR;
	if (is_shortened(cell))
		return SHEET_SHORTER;
	if (is_number(cell))
		return SHEET_NUMBER;
	return is_date(cell) ? SHEET_DATE : SHEET_NONE;
}

static bool same_part(int a, int b)
{
	return a == b || a % 100 == b || b % 100 == a;
}

/* Every number of the key stands in the date too; a year may have been added. */
static bool same_date(const char *cell, const char *key)
{
	struct date c = read_date(cell), k = read_date(key);
	bool used[3] = {false};

	for (int i = 0; i < k.count; i++) {
		int at = 0;
		while (at < c.count && (used[at] || !same_part(c.number[at], k.number[i])))
			at++;
		if (at == c.count)
			return false;
		used[at] = true;
	}
	return k.count > 0;
}

/* Without the zeros that do not count: "00501.50" -> "501.5". */
static void bare_number(const char *text, char *bare, size_t size)
{
	text += strspn(text, "0");
	snprintf(bare, size, "%s", text);
	char *point = strpbrk(bare, ".,");
	if (!point)
		return;
	*point = '.';
	char *end = bare + strlen(bare);
	while (end > point && (end[-1] == '0' || end[-1] == '.'))
		*--end = 0;
}

static bool same_number(const char *cell, const char *key)
{
	char a[64], b[64];

	if (!is_number(key) || strlen(cell) >= sizeof a || strlen(key) >= sizeof b)
		return false;
	bare_number(cell, a, sizeof a);
	bare_number(key, b, sizeof b);
	if (!strcmp(a, b))
		return true;
	return strlen(a) > KEPT && strlen(a) == strlen(b) && !strpbrk(a, ".") &&
	       !strncmp(a, b, KEPT);
}

/* 5.01E+12 stands for what rounds to it; a few keys too many do no harm. */
static bool same_rounded(const char *cell, const char *key)
{
	char point[64], half_unit[32]; /* of the last digit that is written */
	const char *end;

	if (strlen(cell) >= sizeof point || !(is_number(key) || is_shortened(key)))
		return false;
	snprintf(point, sizeof point, "%s", cell);
	char *comma = strchr(point, ',');
	if (comma)
		*comma = '.';
	read_decimal(point, &end);
	const char *dot = strchr(point, '.');
	int decimals = dot && dot < end ? (int)(end - dot) - 1 : 0;
	snprintf(half_unit, sizeof half_unit, "0.5e%d", atoi(end + 1) - decimals);
	double wanted = strtod(point, NULL), half = strtod(half_unit, NULL);
	double value = strtod(key, NULL);
	return value >= wanted - half * 1.001 && value <= wanted + half * 1.001;
}

bool sheet_may_mean(const char *cell, enum sheet_damage damage, const char *key)
{
	switch (damage) {
	case SHEET_ERROR:
		return true;
	case SHEET_SHORTER:
		return same_rounded(cell, key);
	case SHEET_NUMBER:
		return same_number(cell, key);
	case SHEET_DATE:
		return same_date(cell, key);
	default:
		return false;
	}
}
