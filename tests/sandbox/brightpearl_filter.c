/* Filters of searches, by data type: what may stand there and which rows it lets through. */
#include "brightpearl_search.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = {
	[BP_INTEGER] = "INTEGER",       [BP_IDSET] = "IDSET",
	[BP_STRING] = "STRING",         [BP_SEARCH_STRING] = "SEARCH_STRING",
	[BP_PERIOD] = "PERIOD",         [BP_BOOLEAN] = "BOOLEAN",
	[BP_STRING_SET] = "STRING_SET",
};

static void bind_text(struct search *s, char *text)
{
	s->bound[s->bound_count++].text = text;
}

static void bind_number(struct search *s, int64_t number)
{
	s->bound[s->bound_count++].number = number;
}

/* Integers, one or (list) several; copied into the SQL as they are. */
static bool add_integers(struct search *s, const struct bp_column *c, const char *value, bool list)
{
	int64_t number;

	fprintf(s->where_out, " AND %s IN (", c->sql);
	for (const char *p = value;; p++) {
		char text[16];
		size_t length = strcspn(p, ",");
		snprintf(text, sizeof text, "%.*s", (int)(length < 15 ? length : 15), p);
		if (!bp_decimal_read(text, 0, 0, &number) || strlen(text) != length)
			return false;
		fprintf(s->where_out, "%s%" PRId64, p > value ? "," : "", number);
		p += length;
		if (!*p || !list)
			break;
	}
	fputc(')', s->where_out);
	return list || !strchr(value, ',');
}

static bool add_string(struct search *s, const struct bp_column *c, const char *value)
{
	fprintf(s->where_out, " AND %s = ?%s", c->sql,
		switch_is("bp_string_case", "ignore") ? " COLLATE NOCASE" : "");
	bind_text(s, strdup(value));
	return true;
}

static bool add_contained(struct search *s, const struct bp_column *c, const char *value)
{
	if (switch_is("bp_contains_case", "exact"))
		fprintf(s->where_out, " AND instr(%s, ?)", c->sql);
	else
		fprintf(s->where_out, " AND instr(lower(%s), lower(?))", c->sql);
	bind_text(s, strdup(value));
	return true;
}

static bool add_string_set(struct search *s, const struct bp_column *c, const char *value)
{
	cJSON *list = cJSON_CreateArray();
	char *copy = strdup(value), *rest = copy, *item;

	while ((item = strsep(&rest, ",")))
		cJSON_AddItemToArray(list, cJSON_CreateString(item));
	fprintf(s->where_out, " AND %s%s IN (SELECT value FROM json_each(?))", c->sql,
		switch_is("bp_string_case", "ignore") ? " COLLATE NOCASE" : "");
	bind_text(s, bp_print(list));
	cJSON_Delete(list);
	free(copy);
	return true;
}

static bool add_boolean(struct search *s, const struct bp_column *c, const char *value)
{
	bool yes = !strcmp(value, "true");

	fprintf(s->where_out, " AND %s = %d", c->sql, yes);
	return yes || !strcmp(value, "false");
}

static bool add_bound(struct search *s, const struct bp_column *c, const char *date,
		      const char *relation)
{
	int64_t epoch;

	if (!bp_date_read(date, &epoch))
		return false;
	fprintf(s->where_out, " AND %s %s ?", c->sql, relation);
	bind_number(s, epoch);
	return true;
}

/* D1 exactly, D1/ on or after, /D1 before, D1/D2 between */
static bool add_period(struct search *s, const struct bp_column *c, const char *value)
{
	const char *slash = strchr(value, '/');
	char from[BP_DATE];

	if (!slash)
		return add_bound(s, c, value, "=");
	snprintf(from, sizeof from, "%.*s", (int)(slash - value < 39 ? slash - value : 39), value);
	if (!*from && !slash[1])
		return false;
	if (*from && !add_bound(s, c, from, switch_is("bp_date_bounds", "exclusive") ? ">" : ">="))
		return false;
	return !slash[1] ||
	       add_bound(s, c, slash + 1, switch_is("bp_date_bounds", "inclusive") ? "<=" : "<");
}

static bool add(struct search *s, const struct bp_column *c, const char *value)
{
	switch (c->type) {
	case BP_INTEGER:
	case BP_IDSET:
		return add_integers(s, c, value, c->type == BP_IDSET);
	case BP_STRING:
		return add_string(s, c, value);
	case BP_SEARCH_STRING:
		return add_contained(s, c, value);
	case BP_PERIOD:
		return add_period(s, c, value);
	case BP_BOOLEAN:
		return add_boolean(s, c, value);
	case BP_STRING_SET:
		return add_string_set(s, c, value);
	}
	return false;
}

bool bp_filter_add(struct search *s, const struct bp_column *c, const char *value)
{
	if (add(s, c, value))
		return true;
	bp_fail(s->answer, 500, "CMNC-018", "The filter %s=%.200s cannot be parsed as: %s", c->name,
		value, type_names[c->type]);
	return false;
}

/* "columns" and "sorting" of an answer's metaData. */
static cJSON *describe(const struct bp_column *c)
{
	cJSON *item = cJSON_CreateObject();

	cJSON_AddStringToObject(item, "name", c->name);
	cJSON_AddBoolToObject(item, "sortable", c->flags & BP_S);
	cJSON_AddBoolToObject(item, "filterable", c->flags & BP_F);
	cJSON_AddStringToObject(item, "reportDataType", type_names[c->type]);
	cJSON *names = cJSON_AddArrayToObject(item, "referenceData");
	if (c->reference_name)
		cJSON_AddItemToArray(names, cJSON_CreateString(c->reference_name));
	cJSON_AddBoolToObject(item, "isFreeTextSearchable", false);
	cJSON_AddBoolToObject(item, "required", false);
	return item;
}

void bp_search_add_meta(const struct search *s, cJSON *meta)
{
	cJSON *columns = cJSON_AddArrayToObject(meta, "columns");
	cJSON *sorting = cJSON_AddArrayToObject(meta, "sorting");

	for (int i = 0; i < s->chosen_count; i++)
		cJSON_AddItemToArray(columns, describe(s->chosen[i]));
	for (int i = 0; i < s->sort_count; i++) {
		cJSON *item = cJSON_CreateObject();
		cJSON_AddItemToObject(item, "filterable", describe(s->sort[i]));
		cJSON_AddStringToObject(item, "direction", s->descending[i] ? "DESC" : "ASC");
		cJSON_AddItemToArray(sorting, item);
	}
}

void bp_search_describe(const struct bp_resource *resource, struct answer *answer)
{
	struct search s = {.resource = resource, .sort = {resource->columns}, .sort_count = 1};
	cJSON *meta = cJSON_CreateObject(), *filters;

	for (const struct bp_column *c = resource->columns; c->name; c++)
		if (!(c->flags & BP_HIDDEN))
			s.chosen[s.chosen_count++] = c;
	bp_search_add_meta(&s, meta);
	filters = cJSON_AddArrayToObject(meta, "filters");
	for (const struct bp_column *c = resource->columns; c->name; c++)
		if (c->flags & BP_HIDDEN)
			cJSON_AddItemToArray(filters, describe(c));
	bp_respond(answer, meta);
}
