/* JSON by dotted paths, and SELECTs whose column names are such paths.
 *
 * So the shape of an answer stands in its query, and a column that is NULL is absent from the
 * answer, as it is from Brightpearl's. */
#include "brightpearl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const cJSON *bp_at(const cJSON *item, const char *path)
{
	char name[64];

	while (item && *path) {
		size_t length = strcspn(path, ".");
		snprintf(name, sizeof name, "%.*s", (int)length, path);
		item = cJSON_GetObjectItemCaseSensitive(item, name);
		path += length + (path[length] == '.');
	}
	return cJSON_IsNull(item) ? NULL : item;
}

int64_t bp_at_int(const cJSON *item, const char *path, int64_t otherwise)
{
	const cJSON *found = bp_at(item, path);

	if (cJSON_IsBool(found))
		return cJSON_IsTrue(found);
	return cJSON_IsNumber(found) ? (int64_t)found->valuedouble : otherwise;
}

const char *bp_at_text(const cJSON *item, const char *path)
{
	const cJSON *found = bp_at(item, path);
	return cJSON_IsString(found) ? found->valuestring : NULL;
}

char *bp_print(const cJSON *item)
{
	return cJSON_PrintUnformatted(item);
}

void bp_put(cJSON *object, const char *path, cJSON *item)
{
	char name[64];
	const char *dot;

	for (; (dot = strchr(path, '.')); path = dot + 1) {
		snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
		cJSON *next = cJSON_GetObjectItemCaseSensitive(object, name);
		object = next ? next : cJSON_AddObjectToObject(object, name);
	}
	cJSON_AddItemToObject(object, path, item);
}

static cJSON *decimal(int64_t units, int scale, int places)
{
	char text[BP_DATE];
	return cJSON_CreateString(bp_decimal(text, units, scale, places));
}

static cJSON *column_value(sqlite3_stmt *q, int n, const char *kind)
{
	const char *text = (const char *)sqlite3_column_text(q, n);
	int64_t number = sqlite3_column_int64(q, n);
	char date[BP_DATE];

	if (!strcmp(kind, "bool"))
		return cJSON_CreateBool(number != 0);
	if (!strcmp(kind, "date"))
		return cJSON_CreateString(bp_date(date, number));
	if (!strcmp(kind, "m2"))
		return decimal(number, 4, 2);
	if (!strcmp(kind, "m4"))
		return decimal(number, 4, 4);
	if (!strcmp(kind, "m6"))
		return decimal(number, 6, 6);
	if (!strcmp(kind, "raw"))
		return cJSON_CreateRaw(text);
	if (!strcmp(kind, "json"))
		return cJSON_Parse(text);
	if (sqlite3_column_type(q, n) == SQLITE_INTEGER)
		return cJSON_CreateNumber((double)number);
	return cJSON_CreateString(text);
}

/* The row as an object; its :key column goes to key. */
static cJSON *row_object(sqlite3_stmt *q, char key[32])
{
	cJSON *object = cJSON_CreateObject();
	char path[64];

	for (int n = 0; n < sqlite3_column_count(q); n++) {
		const char *name = sqlite3_column_name(q, n), *colon = strchr(name, ':');
		const char *kind = colon ? colon + 1 : "";
		if (!strcmp(kind, "key")) {
			snprintf(key, 32, "%s", (const char *)sqlite3_column_text(q, n));
			continue;
		}
		snprintf(path, sizeof path, "%.*s", (int)strcspn(name, ":"), name);
		if (sqlite3_column_type(q, n) != SQLITE_NULL)
			bp_put(object, path, column_value(q, n, kind));
	}
	return object;
}

static bool has_key(sqlite3_stmt *q)
{
	for (int n = 0; n < sqlite3_column_count(q); n++)
		if (strstr(sqlite3_column_name(q, n), ":key"))
			return true;
	return false;
}

cJSON *bp_select(const char *sql, const char *fmt, ...)
{
	sqlite3_stmt *q = state_prepare(sql);
	va_list args;

	va_start(args, fmt);
	for (int n = 1; *fmt; n++, fmt++)
		if (*fmt == 'i')
			sqlite3_bind_int64(q, n, va_arg(args, int64_t));
		else
			sqlite3_bind_text(q, n, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
	va_end(args);
	bool keyed = has_key(q);
	cJSON *rows = keyed ? cJSON_CreateObject() : cJSON_CreateArray();
	char key[32] = "";
	while (sqlite3_step(q) == SQLITE_ROW) {
		cJSON *row = row_object(q, key);
		if (keyed)
			cJSON_AddItemToObject(rows, key, row);
		else
			cJSON_AddItemToArray(rows, row);
	}
	sqlite3_finalize(q);
	return rows;
}
