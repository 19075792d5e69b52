/* Query parameters of lists, by table: V2 drops what it cannot read (a date that was encoded twice
 * filters nothing), V3 refuses it. */
#define _GNU_SOURCE
#include "bigcommerce.h"
#include "lib/clock.h"
#include "money.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool is_v3(const struct list *list)
{
	return !strncmp(list->call->path, "/v3/", 4);
}

void list_add(struct list *list, const char *fmt, ...)
{
	char *more, *old = list->sql;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&more, fmt, args) < 0 ||
	    asprintf(&list->sql, "%s%s", old ? old : "", more) < 0)
		abort();
	va_end(args);
	free(more);
	free(old);
}

void list_bind(struct list *list, int64_t number)
{
	list->bound[list->bound_count++] = (struct bound){.number = number};
}

static void bind_text(struct list *list, char *text)
{
	list->bound[list->bound_count++] = (struct bound){.is_text = true, .text = text};
}

void list_release(struct list *list)
{
	for (int i = 0; i < list->bound_count; i++)
		free(list->bound[i].text);
	free(list->sql);
	*list = (struct list){0};
}

sqlite3_stmt *list_prepare(const struct list *list, const char *sql)
{
	sqlite3_stmt *q = state_prepare(sql ? sql : list->sql);

	for (int i = 0; i < list->bound_count; i++)
		if (list->bound[i].is_text)
			sqlite3_bind_text(q, i + 1, list->bound[i].text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(q, i + 1, list->bound[i].number);
	return q;
}

static bool refuse_value(struct list *list, const char *name, const char *value)
{
	if (is_v3(list))
		bigcommerce_error(list->call, list->answer, 422,
				  "Query parameter \"%s\" value is not valid: \"%s\".", name,
				  value);
	else
		bigcommerce_error(list->call, list->answer, 400, "The field '%s' is invalid.",
				  name);
	return false;
}

static bool add_integer(struct list *list, const struct filter *f, const char *value)
{
	char *end;
	int64_t number = strtoll(value, &end, 10);

	if (!*value || *end || *value == ' ')
		return refuse_value(list, f->name, value);
	list_add(list, " AND %s", f->sql);
	list_bind(list, number);
	return true;
}

static bool add_money(struct list *list, const struct filter *f, const char *value)
{
	int64_t amount;

	if (!money_parse(value, &amount))
		return refuse_value(list, f->name, value);
	list_add(list, " AND %s", f->sql);
	list_bind(list, amount);
	return true;
}

static bool add_boolean(struct list *list, const struct filter *f, const char *value)
{
	bool yes = !strcmp(value, "true") || !strcmp(value, "1");

	if (!yes && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
		return refuse_value(list, f->name, value);
	list_add(list, " AND %s", f->sql);
	list_bind(list, yes);
	return true;
}

/* V3 reads Unix time, too, and adds the time of the request to a date alone. */
static bool read_date(const struct list *list, const char *value, int64_t *epoch)
{
	int64_t number;

	if (!is_v3(list))
		return clock_parse(value, epoch);
	if (bigcommerce_id(value, &number)) {
		*epoch = number;
		return true;
	}
	if (!clock_parse(value, epoch))
		return false;
	if (strlen(value) == 10)
		*epoch += sandbox_now() / 1000 % 86400;
	return true;
}

static bool add_date(struct list *list, const struct filter *f, const char *value)
{
	int64_t epoch;

	if (!read_date(list, value, &epoch))
		return is_v3(list) ? refuse_value(list, f->name, value) : true;
	bool open = switch_is("bc_date_bounds", "exclusive");
	if (f->kind == FILTER_DATE)
		list_add(list, " AND %s", f->sql);
	else
		list_add(list, " AND %s %c%s ?", f->sql, f->kind == FILTER_DATE_MIN ? '>' : '<',
			 open ? "" : "=");
	list_bind(list, epoch);
	return true;
}

/* "1,2" -> [1,2] or ["1","2"]; integers must be integers */
static bool add_several(struct list *list, const struct filter *f, const char *value)
{
	cJSON *items = cJSON_CreateArray();
	char *copy = strdup(value), *rest = copy, *word;
	bool good = true;

	while ((word = strsep(&rest, ","))) {
		int64_t id;
		if (f->kind == FILTER_TEXTS)
			cJSON_AddItemToArray(items, cJSON_CreateString(word));
		else if (bigcommerce_id(word, &id))
			cJSON_AddItemToArray(items, cJSON_CreateNumber((double)id));
		else
			good = false;
	}
	free(copy);
	if (good) {
		list_add(list, " AND %s", f->sql);
		bind_text(list, cJSON_PrintUnformatted(items));
	}
	cJSON_Delete(items);
	return good || refuse_value(list, f->name, value);
}

static bool word_of(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = words; *p; p += strcspn(p, "|"), p += *p == '|')
		if (strcspn(p, "|") == length && !strncmp(p, word, length))
			return true;
	return false;
}

static bool add_filter(struct list *list, const struct filter *f, const char *value)
{
	switch (f->kind) {
	case FILTER_KNOWN:
		return true;
	case FILTER_INTEGER:
		return add_integer(list, f, value);
	case FILTER_MONEY:
		return add_money(list, f, value);
	case FILTER_BOOLEAN:
		return add_boolean(list, f, value);
	case FILTER_DATE:
	case FILTER_DATE_MIN:
	case FILTER_DATE_MAX:
		return add_date(list, f, value);
	case FILTER_INTEGERS:
	case FILTER_TEXTS:
		return add_several(list, f, value);
	case FILTER_WORD:
		return word_of(f->sql, value) || refuse_value(list, f->name, value);
	case FILTER_TEXT:
		list_add(list, " AND %s", f->sql);
		bind_text(list, strdup(value));
	}
	return true;
}

static const struct filter *find_filter(const struct filter *f, const char *name)
{
	while (f && f->name && strcmp(f->name, name) != 0)
		f++;
	return f && f->name ? f : NULL;
}

bool list_begin(struct list *list, const struct call *call, struct answer *answer, const char *sql,
		const struct filter *filters)
{
	*list = (struct list){.call = call, .answer = answer, .page = 1, .limit = 50};
	list_add(list, "%s", sql);
	for (int i = 0; i < call->param_count; i++) {
		const struct param *p = &call->params[i];
		const struct filter *f = find_filter(filters, p->name);
		bool good = f ? add_filter(list, f, p->value) : true;
		if (!f && is_v3(list)) {
			good = false;
			bigcommerce_error(call, answer, 422,
					  "The filter: %s is not a valid filter parameter.",
					  p->name);
		}
		if (!good || list->bound_count > 20) {
			list_release(list);
			return false;
		}
	}
	return true;
}

static bool positive(struct list *list, const char *name, int64_t *number)
{
	const char *value = call_param(list->call, name);

	if (!value)
		return true;
	if (bigcommerce_id(value, number) && *number > 0)
		return true;
	return refuse_value(list, name, value);
}

static bool within(struct list *list, int64_t max)
{
	if (!max || list->limit <= max)
		return true;
	if (is_v3(list))
		return refuse_value(list, "limit", call_param(list->call, "limit"));
	if (switch_is("bc_limit_over", "clamp")) {
		list->limit = max;
		return true;
	}
	bigcommerce_error(list->call, list->answer, 413, "The limit must not exceed %d.", (int)max);
	return false;
}

bool list_paging(struct list *list, int64_t max)
{
	if (positive(list, "page", &list->page) && positive(list, "limit", &list->limit) &&
	    within(list, max))
		return true;
	list_release(list);
	return false;
}

bool include_allowed(const struct call *call, struct answer *answer, const char *allowed)
{
	const char *include = call_param(call, "include");
	bool v3 = !strncmp(call->path, "/v3/", 4), good = true;

	if (!include)
		return true;
	char *copy = strdup(include), *rest = copy, *word;
	while (good && (word = strsep(&rest, ",")))
		if (!word_of(allowed, word)) {
			good = false;
			bigcommerce_error(call, answer, v3 ? 422 : 400,
					  "The include '%s' is not valid.", word);
		}
	free(copy);
	return good;
}

bool include_has(const struct call *call, const char *word)
{
	const char *include = call_param(call, "include");
	size_t length = strlen(word);

	for (const char *p = include; p && *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == length && !strncmp(p, word, length))
			return true;
	return false;
}
