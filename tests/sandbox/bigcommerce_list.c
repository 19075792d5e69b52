/* How lists are answered: V2 a bare array, 204 when it is empty; V3 an envelope with paging. */
#define _GNU_SOURCE
#include "bigcommerce.h"
#include "state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int64_t list_count(const struct list *list)
{
	char *sql;

	if (asprintf(&sql, "SELECT count(*) FROM (%s)", list->sql) < 0)
		abort();
	sqlite3_stmt *q = list_prepare(list, sql);
	int64_t count = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
	sqlite3_finalize(q);
	free(sql);
	return count;
}

static cJSON *read_page(struct list *list)
{
	cJSON *rows = cJSON_CreateArray();

	list_add(list, " LIMIT %" PRId64 " OFFSET %" PRId64, list->limit,
		 (list->page - 1) * list->limit);
	sqlite3_stmt *q = list_prepare(list, NULL);
	while (sqlite3_step(q) == SQLITE_ROW)
		cJSON_AddItemToArray(rows, cJSON_CreateRaw(state_column_text(q, 0)));
	sqlite3_finalize(q);
	return rows;
}

void list_answer_v2(struct list *list)
{
	cJSON *rows = read_page(list);

	if (cJSON_GetArraySize(rows)) {
		answer_json(list->answer, 200, rows);
	} else {
		answer_text(list->answer, 204, NULL, NULL);
		cJSON_Delete(rows);
	}
	list_release(list);
}

/* The query of this call with another page, as the links in meta show it. */
static void add_page_link(cJSON *links, const char *name, const struct list *list, int64_t page)
{
	char text[96];

	snprintf(text, sizeof text, "?page=%" PRId64 "&limit=%" PRId64, page, list->limit);
	cJSON_AddStringToObject(links, name, text);
}

cJSON *list_pagination(const struct list *list, int64_t count, int64_t total)
{
	cJSON *p = cJSON_CreateObject();
	int64_t pages = (total + list->limit - 1) / list->limit;

	if (!pages)
		pages = 1;
	cJSON_AddNumberToObject(p, "total", (double)total);
	cJSON_AddNumberToObject(p, "count", (double)count);
	cJSON_AddNumberToObject(p, "per_page", (double)list->limit);
	cJSON_AddNumberToObject(p, "current_page", (double)list->page);
	cJSON_AddNumberToObject(p, "total_pages", (double)pages);
	cJSON *links = cJSON_AddObjectToObject(p, "links");
	if (list->page > 1)
		add_page_link(links, "previous", list, list->page - 1);
	add_page_link(links, "current", list, list->page);
	if (list->page < pages)
		add_page_link(links, "next", list, list->page + 1);
	return p;
}

void list_envelope(struct list *list, cJSON *data, int64_t total)
{
	cJSON *body = cJSON_CreateObject();

	cJSON_AddItemToObject(body, "data", data);
	cJSON *meta = cJSON_AddObjectToObject(body, "meta");
	cJSON_AddItemToObject(meta, "pagination",
			      list_pagination(list, cJSON_GetArraySize(data), total));
	answer_json(list->answer, 200, body);
	list_release(list);
}

void list_answer_v3(struct list *list)
{
	int64_t total = list_count(list);

	list_envelope(list, read_page(list), total);
}

void record_merge(cJSON *into, const char *body_json)
{
	cJSON *body = body_json ? cJSON_Parse(body_json) : NULL;

	while (body && body->child) {
		cJSON *field = cJSON_DetachItemViaPointer(body, body->child);
		cJSON_DeleteItemFromObjectCaseSensitive(into, field->string);
		char *name = strdup(field->string);
		cJSON_AddItemToObject(into, name, field);
		free(name);
	}
	cJSON_Delete(body);
}

cJSON *record_link(const char *fmt, ...)
{
	char resource[160], url[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(resource, sizeof resource, fmt, args);
	va_end(args);
	char *hash = state_text("SELECT value FROM switch WHERE name = 'bc_store_hash'", "");
	snprintf(url, sizeof url, "https://api.bigcommerce.com/stores/%.40s/v2%s", hash, resource);
	free(hash);
	cJSON *link = cJSON_CreateObject();
	cJSON_AddStringToObject(link, "url", url);
	cJSON_AddStringToObject(link, "resource", resource);
	return link;
}

/* a field of the comma list in parameter name? */
static bool listed(const struct call *call, const char *name, const char *field)
{
	const char *fields = call_param(call, name);
	size_t length = strlen(field);

	for (const char *p = fields; p && *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == length && !strncmp(p, field, length))
			return true;
	return false;
}

bool fields_allowed(const struct call *call, struct answer *answer, const cJSON *record)
{
	static const char *const names[] = {"include_fields", "exclude_fields"};

	for (int i = 0; i < 2; i++) {
		const char *fields = call_param(call, names[i]);
		char *copy = fields ? strdup(fields) : NULL, *rest = copy, *word;
		bool good = true;
		while (good && (word = strsep(&rest, ",")))
			if (*word && !cJSON_HasObjectItem(record, word)) {
				good = false;
				bigcommerce_error(call, answer, 422, "Invalid field(s): %s", word);
			}
		free(copy);
		if (!good)
			return false;
	}
	return true;
}

void fields_pick(const struct call *call, cJSON *record)
{
	bool some = call_param(call, "include_fields") != NULL;
	cJSON *next;

	for (cJSON *field = record->child; field; field = next) {
		next = field->next;
		bool keep = !some || listed(call, "include_fields", field->string) ||
			    include_has(call, field->string);
		if (listed(call, "exclude_fields", field->string))
			keep = false;
		if (!keep && strcmp(field->string, "id") != 0)
			cJSON_Delete(cJSON_DetachItemViaPointer(record, field));
	}
}
