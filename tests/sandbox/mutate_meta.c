/* Mutations of what an answer tells of itself: its counts, its page, its columns. */
#include "mutate_p.h"

#include <string.h>

static bool is(const char *arg, const char *word)
{
	return !strcmp(arg, word);
}

/* What an answer tells of itself: pagination of V3, metaData of a search, or a count alone */
static cJSON *meta(cJSON *root)
{
	cJSON *page = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "meta"), "pagination");

	if (!page)
		page = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "response"), "metaData");
	return page ? page : cJSON_GetObjectItem(root, "count") ? root : NULL;
}

static void say_total(cJSON *page, const char *name, const char *arg)
{
	cJSON *total = cJSON_GetObjectItemCaseSensitive(page, name);

	if (!total)
		return;
	if (is(arg, "more"))
		cJSON_SetNumberValue(total, total->valuedouble + 1);
	else if (is(arg, "fewer"))
		cJSON_SetNumberValue(total, total->valuedouble > 0 ? total->valuedouble - 1 : 0);
	else if (is(arg, "zero"))
		cJSON_SetNumberValue(total, 0);
	else if (is(arg, "huge"))
		cJSON_SetNumberValue(total, 1e15);
	else if (is(arg, "below zero"))
		cJSON_SetNumberValue(total, -1);
	else if (is(arg, "text"))
		json_become(total, cJSON_CreateString("many"));
	else if (is(arg, "null"))
		json_become(total, cJSON_CreateNull());
	else if (is(arg, "gone"))
		cJSON_DeleteItemFromObjectCaseSensitive(page, name);
}

cJSON *tree_totals(cJSON *root, const char *arg)
{
	static const char *const names[] = {"total", "total_pages", "count", "resultsAvailable",
					    "resultsReturned"},
				 *const places[] = {"current_page", "firstResult", "lastResult"};
	cJSON *page = meta(root), *more = cJSON_GetObjectItem(page, "morePagesAvailable");

	if (!page)
		return NULL;
	if (is(arg, "another page"))
		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			say_total(page, places[i], "huge");
	else if (is(arg, "more pages") && more)
		json_become(more, cJSON_CreateTrue());
	else if (is(arg, "all gone"))
		json_become(page, cJSON_CreateObject());
	else if (is(arg, "no meta")) {
		cJSON_DeleteItemFromObject(root, "meta");
		cJSON_DeleteItemFromObject(cJSON_GetObjectItem(root, "response"), "metaData");
		return root;
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		say_total(page, names[i], is(arg, "more pages") ? "more" : arg);
	return root;
}

cJSON *tree_columns(cJSON *root, const char *arg)
{
	cJSON *response = cJSON_GetObjectItem(root, "response"), *column,
	      *columns = cJSON_GetObjectItem(cJSON_GetObjectItem(response, "metaData"), "columns");
	int size = cJSON_GetArraySize(columns);

	if (!columns || size < 2)
		return NULL;
	if (is(arg, "gone"))
		cJSON_DeleteItemFromObject(cJSON_GetObjectItem(response, "metaData"), "columns");
	else if (is(arg, "none"))
		json_cut(columns, 0, size);
	else if (is(arg, "one gone"))
		json_cut(columns, 0, 1);
	else if (is(arg, "swapped"))
		cJSON_InsertItemInArray(columns, 1, cJSON_DetachItemFromArray(columns, 0));
	else if (is(arg, "backwards"))
		json_reverse(columns);
	else if (is(arg, "no results"))
		cJSON_DeleteItemFromObject(response, "results");
	else if (is(arg, "first gone with its cells")) {
		json_cut(columns, 0, 1);
		cJSON_ArrayForEach (column, cJSON_GetObjectItem(response, "results"))
			json_cut(column, 0, 1);
	} else
		cJSON_ArrayForEach (column, columns)
			if (cJSON_GetObjectItem(column, "name"))
				json_become(cJSON_GetObjectItem(column, "name"),
					    cJSON_CreateString(arg));
	return root;
}
