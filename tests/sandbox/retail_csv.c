/* The file's eight columns are invoice, sku, description, quantity, invoiced_at, unit_price,
 * customer, country. Quoted fields may hold commas and doubled quotes; a record may span lines. */
#include "retail_csv.h"
#include "lib/clock.h"
#include "money.h"
#include "sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define COLUMNS 8

static char *read_all(const char *path)
{
	gzFile file = gzopen(path, "rb");
	char *text = NULL;
	size_t size = 0;
	int n;

	if (!file) {
		fprintf(stderr, "sandbox: %s: %s\n", path, strerror(errno));
		exit(66);
	}
	do {
		text = realloc(text, size + (1 << 20) + 1);
		n = gzread(file, text + size, 1 << 20);
		size += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	gzclose(file);
	text[size] = '\0';
	return text;
}

/* Cut one field out in place; *end is the character that ended it. */
static char *next_field(char **p, char *end)
{
	bool quoted = **p == '"';
	char *field = *p += quoted, *to = field;

	while (**p && (quoted || !strchr(",\r\n", **p))) {
		if (quoted && **p == '"') {
			if ((*p)[1] != '"') {
				++*p;
				break;
			}
			++*p;
		}
		*to++ = *(*p)++;
	}
	*end = **p;
	if (**p)
		++*p;
	if (*end == '\r' && **p == '\n')
		++*p;
	*to = '\0';
	return field;
}

/* False at the end of the text. */
static bool next_record(char **p, char *fields[COLUMNS])
{
	char end = ',';
	int n = 0;

	if (!**p)
		return false;
	while (end == ',') {
		char *field = next_field(p, &end);
		if (n < COLUMNS)
			fields[n++] = field;
	}
	while (n < COLUMNS)
		fields[n++] = *p + strlen(*p);
	return true;
}

static void store(char *const f[COLUMNS])
{
	int64_t at = 0, price = 0;

	if (!clock_parse(f[4], &at) || !money_parse(f[5], &price)) {
		fprintf(stderr, "sandbox: retail: cannot read %s of invoice %s\n", f[5], f[0]);
		exit(65);
	}
	/* customers come as 17850 or as 17850.0, depending on who exported them */
	state_run("INSERT INTO retail_row (invoice, sku, description, quantity, at, price, "
		  "customer, country)"
		  " VALUES (?, ?, trim(?), ?, ?, ?, ?, ?)",
		  "tttiiiit", f[0], f[1], f[2], (int64_t)atoll(f[3]), at, price,
		  (int64_t)atoll(f[6]), f[7]);
}

void retail_csv_read(const char *path)
{
	char *text = read_all(path), *p = text, *fields[COLUMNS];
	bool header = true;

	while (next_record(&p, fields)) {
		if (!header && *fields[0])
			store(fields);
		header = false;
	}
	free(text);
}
