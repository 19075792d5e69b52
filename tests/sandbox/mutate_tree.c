/* Mutations of an answer's shape: its list of records and its envelope. */
#include "mutate_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is(const char *arg, const char *word)
{
	return !strcmp(arg, word);
}

static bool holds_only(const cJSON *object, int type)
{
	const cJSON *child;

	cJSON_ArrayForEach (child, object)
		if (!(child->type & type))
			return false;
	return object && object->child;
}

/* [..], {"data": [..]}, {"response": {"results": [..]}}, {"response": [..]}, {"processedMessages": [..]},
 * and an object of nothing but records, as product-availability has it */
cJSON *json_rows(cJSON *root)
{
	cJSON *data = cJSON_GetObjectItem(root, "data"),
	      *response = cJSON_GetObjectItem(root, "response");

	if (cJSON_IsArray(root))
		return root;
	if (cJSON_IsArray(data))
		return data;
	if (cJSON_GetObjectItem(response, "results"))
		response = cJSON_GetObjectItem(response, "results");
	else if (cJSON_GetObjectItem(response, "processedMessages"))
		response = cJSON_GetObjectItem(response, "processedMessages");
	if (cJSON_IsArray(response) ||
	    (cJSON_IsObject(response) && holds_only(response, cJSON_Object)))
		return response;
	return NULL;
}

void json_become(cJSON *item, cJSON *value)
{
	cJSON_Delete(item->child);
	free(item->valuestring);
	item->type = value->type;
	item->valueint = value->valueint;
	item->valuedouble = value->valuedouble;
	item->valuestring = value->valuestring;
	item->child = value->child;
	value->child = NULL;
	value->valuestring = NULL;
	cJSON_Delete(value);
}

static void turn(cJSON *item) /* a list to an object, an object to a list */
{
	cJSON *turned, *child;
	char name[24];
	int n = 0;

	turned = cJSON_IsArray(item) ? cJSON_CreateObject() : cJSON_CreateArray();
	while ((child = cJSON_DetachItemFromArray(item, 0))) {
		if (cJSON_IsArray(turned)) {
			cJSON_AddItemToArray(turned, child);
		} else {
			snprintf(name, sizeof name, "%d", n++);
			cJSON_AddItemToObject(turned, name, child);
		}
	}
	json_become(item, turned);
}

/* Adds to a list; to an object under a name that no record has. */
static void add(cJSON *rows, cJSON *row, int n)
{
	char name[24];

	if (cJSON_IsArray(rows)) {
		cJSON_AddItemToArray(rows, row);
		return;
	}
	snprintf(name, sizeof name, "%d", 7000000 + n);
	cJSON_AddItemToObject(rows, name, row);
}

static cJSON *last(cJSON *rows)
{
	return cJSON_GetArrayItem(rows, cJSON_GetArraySize(rows) - 1);
}

/* The last record again, with another id: under "id", or in the first column. */
static void add_stranger(cJSON *rows, int n)
{
	cJSON *row = cJSON_Duplicate(last(rows), true), *id = cJSON_GetObjectItem(row, "id");

	if (cJSON_IsArray(row))
		id = cJSON_GetArrayItem(row, 0);
	else if (cJSON_IsNumber(row))
		id = row;
	if (cJSON_IsNumber(id))
		cJSON_SetNumberValue(id, 7000000 + n);
	add(rows, row, n);
}

static void double_all(cJSON *rows)
{
	int size = cJSON_GetArraySize(rows);

	for (int i = 0; i < size; i++)
		add(rows, cJSON_Duplicate(cJSON_GetArrayItem(rows, i), true), i);
}

void json_reverse(cJSON *rows)
{
	int size = cJSON_GetArraySize(rows);

	for (int i = 0; i < size; i++)
		cJSON_InsertItemInArray(rows, i, cJSON_DetachItemFromArray(rows, size - 1));
}

void json_cut(cJSON *rows, int from, int count)
{
	while (count-- > 0)
		cJSON_DeleteItemFromArray(rows, from);
}

static bool change_rows(cJSON *rows, const char *arg, int size)
{
	if (is(arg, "none") || is(arg, "first gone"))
		json_cut(rows, 0, is(arg, "none") ? size : 1);
	else if (is(arg, "last gone") || is(arg, "half"))
		json_cut(rows, is(arg, "half") ? size / 2 : size - 1,
			 is(arg, "half") ? size - size / 2 : 1);
	else if (is(arg, "last twice"))
		add(rows, cJSON_Duplicate(last(rows), true), 0);
	else if (is(arg, "all twice"))
		double_all(rows);
	else if (is(arg, "backwards"))
		json_reverse(rows);
	else if (is(arg, "first null"))
		json_become(rows->child, cJSON_CreateNull());
	else if (is(arg, "first text"))
		json_become(rows->child, cJSON_CreateString("row"));
	else if (is(arg, "first empty"))
		json_become(rows->child, cJSON_CreateObject());
	else if (is(arg, "last null"))
		json_become(last(rows), cJSON_CreateNull());
	else if (is(arg, "turned"))
		turn(rows);
	else
		return false;
	return true;
}

static void change_each_row(cJSON *rows, const char *arg)
{
	cJSON *row;

	cJSON_ArrayForEach (row, rows) {
		if (is(arg, "each turned"))
			turn(row);
		else if (is(arg, "each the first") && row != rows->child)
			json_become(row, cJSON_Duplicate(rows->child, true));
		else if (is(arg, "each shorter"))
			json_cut(row, cJSON_GetArraySize(row) - 1, 1);
		else if (is(arg, "each longer"))
			cJSON_IsArray(row) ? (void)cJSON_AddItemToArray(row, cJSON_CreateNumber(1))
					   : (void)cJSON_AddNumberToObject(row, "more", 1);
	}
}

cJSON *tree_rows(cJSON *root, const char *arg)
{
	cJSON *rows = json_rows(root);
	int size = cJSON_GetArraySize(rows), strangers = is(arg, "one stranger") ? 1 : 0;

	if (!rows || !size)
		return NULL;
	if (is(arg, "600 strangers"))
		strangers = 600;
	for (int n = 0; n < strangers; n++)
		add_stranger(rows, n);
	if (is(arg, "null"))
		json_become(rows, cJSON_CreateNull());
	else if (!strncmp(arg, "each ", 5))
		change_each_row(rows, arg);
	else if (!strangers && !change_rows(rows, arg, size))
		return NULL;
	return root;
}

cJSON *tree_wrap(cJSON *root, const char *arg)
{
	cJSON *rows = json_rows(root), *new;

	if (is(arg, "bare")) {
		if (!rows || rows == root)
			rows = cJSON_GetObjectItem(root, "response");
		new = rows ? cJSON_Duplicate(rows, true) : NULL;
		if (new)
			cJSON_Delete(root);
		return new;
	}
	if (is(arg, "text")) {
		char *text = cJSON_PrintUnformatted(root);
		new = cJSON_CreateString(text);
		free(text);
		cJSON_Delete(root);
	} else if (is(arg, "list")) {
		cJSON_AddItemToArray(new = cJSON_CreateArray(), root);
	} else {
		cJSON_AddItemToObject(new = cJSON_CreateObject(), arg, root);
	}
	return new;
}
