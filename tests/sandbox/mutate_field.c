/* Mutations of fields: every field of one kind, wherever it stands, becomes something else.
 *
 * A field's name is its key; in the rows of a search it is that of its column, in a list that of the list.
 */
#define _GNU_SOURCE
#include "mutate_p.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct change {
	const char *kind, *becomes;
	cJSON *columns, *results, *rows;
	const cJSON *first_id;
	int seen, changed;
};

static bool ends(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && !strcmp(text + length - tail, end);
}

static bool is_id(const char *name)
{
	return !strcmp(name, "id") || ends(name, "_id") || ends(name, "Id") || ends(name, "ID") ||
	       !strcmp(name, "response");
}

static bool is_number_text(const cJSON *field)
{
	return cJSON_IsString(field) && *field->valuestring &&
	       strspn(field->valuestring, "-.0123456789") == strlen(field->valuestring);
}

static bool is_amount(const char *name, const cJSON *field)
{
	static const char *const words[] = {"total", "amount", "price", "cost", "net", "tax",
					    "value", "paid",   "Paid",  "Net",  "Tax", "Amount"};

	if ((!cJSON_IsNumber(field) && !is_number_text(field)) || is_id(name))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

static bool is_quantity(const char *name, const cJSON *field)
{
	return (cJSON_IsNumber(field) || is_number_text(field)) &&
	       (strcasestr(name, "quantity") || strcasestr(name, "stock") ||
		strcasestr(name, "hand") || strcasestr(name, "magnitude"));
}

/* "2026-01-20T10:00:00Z", "Tue, 20 Jan 2026 10:00:00 +0000" */
static bool is_date(const cJSON *field)
{
	const char *text = cJSON_IsString(field) ? field->valuestring : "";

	return (strlen(text) >= 10 && isdigit((unsigned char)text[0]) && text[4] == '-' &&
		text[7] == '-') ||
	       (strlen(text) > 20 && text[3] == ',' && text[4] == ' ');
}

static bool is_currency(const char *name, const cJSON *field)
{
	return cJSON_IsString(field) && strcasestr(name, "currency") &&
	       strlen(field->valuestring) == 3;
}

static bool is_kind(const char *kind, const char *name, const cJSON *field)
{
	bool text = cJSON_IsString(field), scalar = !cJSON_IsArray(field) && !cJSON_IsObject(field);

	if (!strcmp(kind, "number"))
		return cJSON_IsNumber(field);
	if (!strcmp(kind, "text"))
		return text;
	if (!strcmp(kind, "word"))
		return text && !is_date(field) && !is_number_text(field);
	if (!strcmp(kind, "number text"))
		return is_number_text(field);
	if (!strcmp(kind, "truth"))
		return cJSON_IsBool(field);
	if (!strcmp(kind, "id"))
		return scalar && is_id(name) && !cJSON_IsNull(field);
	if (!strcmp(kind, "own id"))
		return cJSON_IsNumber(field) && (!strcmp(name, "id") || !strcmp(name, "response"));
	if (!strcmp(kind, "date"))
		return is_date(field);
	if (!strcmp(kind, "amount"))
		return is_amount(name, field);
	if (!strcmp(kind, "quantity"))
		return is_quantity(name, field);
	if (!strcmp(kind, "currency"))
		return is_currency(name, field);
	if (!strcmp(kind, "status"))
		return scalar && strcasestr(name, "status");
	if (!strcmp(kind, "email"))
		return text && strchr(field->valuestring, '@');
	if (!strcmp(kind, "object"))
		return cJSON_IsObject(field);
	if (!strcmp(kind, "list"))
		return cJSON_IsArray(field);
	return !strcmp(kind, "any") ? scalar : !strcmp(kind, "known") && !cJSON_IsNull(field);
}

static cJSON *long_text(void)
{
	enum { SIZE = 1 << 20 };
	char *text = malloc(SIZE + 1);

	memset(text, 'x', SIZE);
	text[SIZE] = '\0';
	cJSON *value = cJSON_CreateString(text);
	free(text);
	return value;
}

static cJSON *as_text(const cJSON *field)
{
	char *printed = cJSON_PrintUnformatted(field);
	cJSON *text = cJSON_CreateString(printed);

	free(printed);
	return text;
}

/* A number times and plus something, as number or as text, as it was. */
static cJSON *reckoned(const cJSON *field, double times, double plus)
{
	char text[64];
	double number = cJSON_IsNumber(field) ? field->valuedouble : atof(field->valuestring);

	if (cJSON_IsNumber(field))
		return cJSON_CreateNumber(number * times + plus);
	snprintf(text, sizeof text, "%.4f", number * times + plus);
	return cJSON_CreateString(text);
}

static cJSON *with_signs(const char *text)
{
	static const char signs[] = "\t\r\n\033[31m\xc2\x85\xe2\x80\xae\x01'\";|<&";
	size_t size = strlen(text) + sizeof signs;
	char *both = malloc(size);

	snprintf(both, size, "%s%s", text, signs);
	cJSON *value = cJSON_CreateString(both);
	free(both);
	return value;
}

/* What the field becomes; NULL: it goes. */
static cJSON *new_value(const struct change *c, const cJSON *field)
{
	const char *to = c->becomes;

	if (!strcmp(to, "gone"))
		return NULL;
	if (!strcmp(to, "as text"))
		return as_text(field);
	if (!strcmp(to, "as number"))
		return cJSON_CreateNumber(cJSON_IsString(field) ? atof(field->valuestring) : 1);
	if (!strcmp(to, "negated"))
		return reckoned(field, -1, 0);
	if (!strcmp(to, "a million times"))
		return reckoned(field, 1e6, 0);
	if (!strcmp(to, "a bit more"))
		return reckoned(field, 1, 0.4);
	if (!strcmp(to, "the next"))
		return reckoned(field, 1, 1);
	if (!strcmp(to, "the first"))
		return cJSON_Duplicate(c->first_id, true);
	if (!strcmp(to, "the other"))
		return cJSON_CreateBool(!cJSON_IsTrue(field));
	if (!strcmp(to, "in a list")) {
		cJSON *list = cJSON_CreateArray();
		cJSON_AddItemToArray(list, cJSON_Duplicate(field, true));
		return list;
	}
	if (!strcmp(to, "with signs"))
		return with_signs(field->valuestring);
	if (!strcmp(to, "a megabyte"))
		return long_text();
	return cJSON_CreateRaw(to);
}

/* The first of its kind is left alone where only later ones shall equal it, or is the only one. */
static bool wanted(struct change *c, const char *name, cJSON *field, bool in_row)
{
	bool nested = cJSON_IsArray(field) || cJSON_IsObject(field);

	if (!is_kind(c->kind, name, field) || (nested && !in_row))
		return false;
	c->seen++;
	if (!strcmp(c->becomes, "the first") && !c->first_id) {
		c->first_id = field;
		return false;
	}
	if (!strcmp(c->becomes, "a megabyte") && c->seen > 1)
		return false;
	return strncmp(c->kind, "known", 5) || c->seen % 2 == 0;
}

static const char *name_of(const struct change *c, const cJSON *parent, const cJSON *field, int n,
			   const char *list_name)
{
	if (field->string)
		return field->string;
	cJSON *name = cJSON_GetObjectItem(cJSON_GetArrayItem(c->columns, n), "name");
	bool cell = cJSON_IsArray(parent) && list_name && !strcmp(list_name, "(row)");
	return cell && cJSON_IsString(name) ? name->valuestring : list_name ? list_name : "";
}

/* in_row: parent is a record, or part of one; else it is part of what is around the records. */
static void walk(struct change *c, cJSON *parent, const char *list_name, bool in_row)
{
	cJSON *field = parent->child, *next;

	for (int n = 0; field; field = next, n++) {
		const char *name = name_of(c, parent, field, n, list_name);
		next = field->next;
		if (!strcmp(name, "metaData") || !strcmp(name, "meta"))
			continue;
		walk(c, field, parent == c->results ? "(row)" : name, in_row || parent == c->rows);
		if (!wanted(c, name, field, in_row))
			continue;
		cJSON *value = new_value(c, field);
		c->changed++;
		if (value)
			json_become(field, value);
		else
			cJSON_Delete(cJSON_DetachItemViaPointer(parent, field));
	}
}

cJSON *tree_fields(cJSON *root, const char *arg)
{
	cJSON *response = cJSON_GetObjectItem(root, "response");
	char *kind = strdup(arg), *equals = strchr(kind, '=');
	struct change c = {.kind = kind, .becomes = equals + 1, .columns = NULL, .results = NULL};

	*equals = '\0';
	c.columns = cJSON_GetObjectItem(cJSON_GetObjectItem(response, "metaData"), "columns");
	c.results = cJSON_GetObjectItem(response, "results");
	c.rows = json_rows(root);
	walk(&c, root, NULL, !c.rows);
	free(kind);
	return c.changed ? root : NULL;
}
