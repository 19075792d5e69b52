#include "lib/func.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/country.h"
#include "lib/csv_write.h"
#include "lib/die.h"
#include "lib/echo.h"
#include "lib/entity.h"
#include "lib/fold.h"
#include "lib/money.h"
#include "lib/plain.h"
#include "lib/sha256.h"
#include "lib/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The argument without the quotes that JSON puts around text; false for NULL and too long ones. */
static bool scalar(sqlite3_value *value, char text[64])
{
	const char *p = (const char *)sqlite3_value_text(value);
	size_t length = p ? strlen(p) : 0;

	if (length && p[0] == '"' && p[length - 1] == '"' && length >= 2) {
		p++;
		length -= 2;
	}
	if (!length || length > 63)
		return false;
	memcpy(text, p, length);
	text[length] = 0;
	return true;
}

static void money_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	char text[64];
	int64_t units;

	(void)count;
	if (scalar(value[0], text) && money_parse(text, &units))
		sqlite3_result_int64(context, units);
}

static void whole_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	char text[64];
	int64_t units;

	(void)count;
	if (scalar(value[0], text) && money_parse(text, &units) && units % MONEY_UNIT == 0)
		sqlite3_result_int64(context, units / MONEY_UNIT);
}

static void flag_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	char text[64];

	(void)count;
	if (!scalar(value[0], text))
		return;
	if (!strcasecmp(text, "true") || !strcmp(text, "1"))
		sqlite3_result_int(context, 1);
	else if (!strcasecmp(text, "false") || !strcmp(text, "0"))
		sqlite3_result_int(context, 0);
}

static void instant_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	char text[64];
	int64_t epoch;

	(void)count;
	if (scalar(value[0], text) && clock_parse(text, &epoch))
		sqlite3_result_int64(context, epoch);
}

static void change_text(sqlite3_context *context, sqlite3_value *value, char *change(const char *))
{
	const char *text = (const char *)sqlite3_value_text(value);

	if (text)
		sqlite3_result_text(context, change(text), -1, free);
}

static void fold_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	change_text(context, value[0], fold);
}

static char *decoded(const char *text, char *change(const char *))
{
	char *inner = entity_decode(text), *result = change(inner);

	free(inner);
	return result;
}

static char *plain(const char *text)
{
	return decoded(text, fold_text);
}

static char *single(const char *text)
{
	return decoded(text, fold_tidy);
}

static void plain_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	change_text(context, value[0], plain);
}

static void tidy_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	change_text(context, value[0], fold_tidy);
}

static void torn_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	const char *text = (const char *)sqlite3_value_text(value[0]);

	(void)count;
	sqlite3_result_int(context, text && utf8_torn(text));
}

static void bare_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	change_text(context, value[0], echo_bare);
}

static void single_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	change_text(context, value[0], single);
}

static char *query(const char *text)
{
	struct buf encoded = buf_new(1 << 16);

	buf_query(&encoded, text);
	return buf_take(&encoded);
}

static void query_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	change_text(context, value[0], query);
}

/* Text as a cell of a mapping file; NULL where such a cell cannot hold it. */
static void cell_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	const char *text = (const char *)sqlite3_value_text(value[0]);

	(void)count;
	if (text && plain_is(text))
		sqlite3_result_text(context, csv_cell(text), -1, free);
}

static void sha256_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	char hex[SHA256_HEX];

	(void)count;
	const void *bytes = sqlite3_value_blob(value[0]);
	if (sqlite3_value_type(value[0]) == SQLITE_NULL)
		return;
	sha256_hex(hex, bytes ? bytes : "", (size_t)sqlite3_value_bytes(value[0]));
	sqlite3_result_text(context, hex, -1, SQLITE_TRANSIENT);
}

static void invert_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	char text[64], result[MONEY_TEXT];

	(void)count;
	if (scalar(value[0], text) && money_invert(text, result))
		sqlite3_result_text(context, result, -1, SQLITE_TRANSIENT);
}

static void country_of(sqlite3_context *context, sqlite3_value **value,
		       const char *(*find)(const char *))
{
	for (int i = 0; i < 2; i++) {
		const char *typed = (const char *)sqlite3_value_text(value[i]);
		const char *code = typed ? find(typed) : NULL;
		if (code) {
			sqlite3_result_text(context, code, -1, SQLITE_STATIC);
			return;
		}
	}
}

static void iso2_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	country_of(context, value, country_iso2);
}

static void iso3_of(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	country_of(context, value, country_iso3);
}

void func_register(sqlite3 *db)
{
	static const struct {
		const char *name;
		int arguments;
		void (*run)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{"money", 1, money_of},   {"whole", 1, whole_of},   {"instant", 1, instant_of},
		{"fold", 1, fold_of},     {"plain", 1, plain_of},   {"sha256", 1, sha256_of},
		{"single", 1, single_of}, {"invert", 1, invert_of}, {"iso2", 2, iso2_of},
		{"iso3", 2, iso3_of},     {"bare", 1, bare_of},     {"query", 1, query_of},
		{"tidy", 1, tidy_of},     {"torn", 1, torn_of},     {"cell", 1, cell_of},
		{"flag", 1, flag_of},
	};
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (sqlite3_create_function(db, functions[i].name, functions[i].arguments, flags,
					    NULL, functions[i].run, NULL, NULL) != SQLITE_OK)
			bug("cannot register SQL function %s", functions[i].name);
}
