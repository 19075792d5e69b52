#define _GNU_SOURCE
#include "lib/brightpearl/page.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/money.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOST_COLUMNS 24
#define LARGEST_ID   9007199254740991.0 /* a double tells no larger ones apart */

/* What another search of Brightpearl calls the same. */
static const char *const other_names[][2] = {
	{"orderId", "salesOrderId"},
	{"contactId", "customerId"},
	{"departmentId", "channelId"},
	{"orderStatusId", "statusId"},
};

struct asked_columns {
	char *names[MOST_COLUMNS];
	int at[MOST_COLUMNS];
	int count, strict; /* the first of them must be readable */
};

/* --- columns --------------------------------------------------------------------------------- */

static bool is_name(const char *asked, const char *name)
{
	if (!strcasecmp(asked, name))
		return true;
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (!strcmp(asked, other_names[i][0]) && !strcmp(name, other_names[i][1]))
			return true;
	return false;
}

/* Where the column stands; -1: nowhere, -2: twice. */
static int find_column(const cJSON *columns, const char *asked)
{
	int found = -1, i = 0;
	const cJSON *column;

	cJSON_ArrayForEach (column, columns) {
		const char *name = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(column, "name"));
		if (name && is_name(asked, name))
			found = found == -1 ? i : -2;
		i++;
	}
	return found;
}

static char *find_columns(const cJSON *meta, struct asked_columns *c)
{
	const cJSON *columns = cJSON_GetObjectItemCaseSensitive(meta, "columns");

	if (!cJSON_IsArray(columns))
		return xstrdup("it names no columns");
	for (int i = 0; i < c->count; i++) {
		c->at[i] = find_column(columns, c->names[i]);
		if (c->at[i] < 0)
			return xasprintf("it has %s column %s",
					 c->at[i] == -1 ? "no" : "more than one", c->names[i]);
	}
	return NULL;
}

/* --- values ---------------------------------------------------------------------------------- */

static bool ends(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length >= tail && !strcmp(name + length - tail, end);
}

static bool whole_number(const cJSON *value, double *number)
{
	char *rest = NULL;

	if (cJSON_IsString(value) && *value->valuestring) {
		*number = strtod(value->valuestring, &rest);
		if (*rest ||
		    strspn(value->valuestring, "-0123456789") != strlen(value->valuestring))
			return false;
	} else if (cJSON_IsNumber(value)) {
		*number = value->valuedouble;
	} else {
		return false;
	}
	return *number == floor(*number) && fabs(*number) <= LARGEST_ID;
}

static bool is_date(const cJSON *value)
{
	int64_t at;

	return cJSON_IsString(value) &&
	       (!*value->valuestring || clock_parse(value->valuestring, &at));
}

static bool is_amount(const cJSON *value)
{
	int64_t units;

	return cJSON_IsNumber(value) ||
	       (cJSON_IsString(value) &&
		(!*value->valuestring || money_parse(value->valuestring, &units)));
}

static bool is_flag(const cJSON *value)
{
	double number;

	if (cJSON_IsBool(value))
		return true;
	if (cJSON_IsString(value))
		return !*value->valuestring || !strcasecmp(value->valuestring, "true") ||
		       !strcasecmp(value->valuestring, "false") ||
		       !strcmp(value->valuestring, "0") || !strcmp(value->valuestring, "1");
	return whole_number(value, &number) && (number == 0 || number == 1);
}

/* By what its name says.  All but a row's own id may be unset. */
static bool readable(const char *name, const cJSON *value, bool own_id)
{
	double number;

	if (own_id)
		return whole_number(value, &number) && number > 0;
	if (cJSON_IsNull(value))
		return true;
	if (ends(name, "Id"))
		return (cJSON_IsString(value) && !*value->valuestring) ||
		       whole_number(value, &number);
	if (ends(name, "On") || ends(name, "Date"))
		return is_date(value);
	if (!strncmp(name, "amount", 6))
		return is_amount(value);
	if (!strncmp(name, "is", 2) || !strcmp(name, "stockTracked"))
		return is_flag(value);
	return cJSON_IsString(value) || cJSON_IsNumber(value);
}

static bool row_readable(const struct asked_columns *c, const cJSON *row)
{
	for (int i = 0; i < c->strict; i++)
		if (!readable(c->names[i], cJSON_GetArrayItem(row, c->at[i]), i == 0))
			return false;
	return true;
}

/* --- the whole ------------------------------------------------------------------------------- */

static bool count_of(const cJSON *meta, const char *name, int64_t *count)
{
	double number;

	if (!whole_number(cJSON_GetObjectItemCaseSensitive(meta, name), &number) || number < 0)
		return false;
	*count = (int64_t)number;
	return true;
}

/* What it tells of itself: how many rows, from where, of how many. */
static char *check_counts(const cJSON *meta, int64_t first, int64_t most, struct page *p)
{
	int64_t returned, from, until;

	if (!count_of(meta, "resultsAvailable", &p->available) ||
	    !count_of(meta, "resultsReturned", &returned))
		return xstrdup("it does not tell how many results there are");
	if (returned != p->rows)
		return xasprintf("it tells %lld results, and holds %lld", (long long)returned,
				 (long long)p->rows);
	if (p->rows > most)
		return xasprintf("it holds %lld results, at most %lld were asked for",
				 (long long)p->rows, (long long)most);
	if (!p->rows)
		return NULL;
	if (!count_of(meta, "firstResult", &from) || from != first)
		return xasprintf("it does not begin at result %lld", (long long)first);
	if (!count_of(meta, "lastResult", &until) || until != first + p->rows - 1)
		return xasprintf("it does not end at result %lld",
				 (long long)(first + p->rows - 1));
	return NULL;
}

static char *check_rows(const cJSON *results, const cJSON *meta)
{
	int width = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(meta, "columns"));
	const cJSON *row;

	cJSON_ArrayForEach (row, results) {
		if (!cJSON_IsArray(row))
			return xstrdup("its results are no rows");
		if (cJSON_GetArraySize(row) != width)
			return xstrdup("a row has other columns than it names");
	}
	return NULL;
}

static void find_unread(const cJSON *results, const struct asked_columns *c, struct page *p)
{
	BUF list = buf_new(1 << 20);
	const cJSON *row;
	int i = 0;

	buf_text(&list, "[");
	cJSON_ArrayForEach (row, results) {
		if (!row_readable(c, row)) {
			buf_printf(&list, "%s%d", p->unread_rows++ ? "," : "", i);
			if (!p->example)
				p->example = cJSON_PrintUnformatted(row);
		}
		i++;
	}
	buf_text(&list, "]");
	p->unread = buf_take(&list);
}

static char *places(const struct asked_columns *c)
{
	BUF list = buf_new(1 << 16);

	for (int i = 0; i < c->count; i++)
		buf_printf(&list, "%s{\"name\":\"%s\",\"at\":%d}", i ? "," : "[", c->names[i],
			   c->at[i]);
	buf_text(&list, "]");
	return buf_take(&list);
}

static char *check(const cJSON *body, struct asked_columns *c, int64_t first, int64_t most,
		   struct page *p)
{
	const cJSON *response = cJSON_GetObjectItemCaseSensitive(body, "response");
	const cJSON *results = cJSON_GetObjectItemCaseSensitive(response, "results");
	const cJSON *meta = cJSON_GetObjectItemCaseSensitive(response, "metaData");
	char *odd;

	if (!cJSON_IsArray(results) || !cJSON_IsObject(meta))
		return xstrdup("it has no list of results");
	p->rows = cJSON_GetArraySize(results);
	p->more = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(meta, "morePagesAvailable"));
	if ((odd = check_counts(meta, first, most, p)) || (odd = find_columns(meta, c)) ||
	    (odd = check_rows(results, meta)))
		return odd;
	find_unread(results, c, p);
	p->places = places(c);
	return NULL;
}

/* Cuts the list up. */
static void add_columns(struct asked_columns *c, char *list)
{
	for (char *rest = list, *name; (name = strsep(&rest, ","));) {
		if (c->count == MOST_COLUMNS)
			bug("more than %d columns are asked for", MOST_COLUMNS);
		c->names[c->count++] = name;
	}
}

struct page page_read(const char *body, const char *columns, const char *told, int64_t first,
		      int64_t most)
{
	struct page p = {0};
	struct asked_columns c = {0};
	char *list = xstrdup(columns), *more = told ? xstrdup(told) : NULL;
	cJSON *json = cJSON_Parse(body);

	add_columns(&c, list);
	c.strict = c.count;
	if (more)
		add_columns(&c, more);
	p.odd = check(json, &c, first, most, &p);
	cJSON_Delete(json);
	free(list);
	free(more);
	return p;
}

void page_free(struct page *p)
{
	free(p->odd);
	free(p->places);
	free(p->unread);
	free(p->example);
	*p = (struct page){0};
}

int64_t page_split(struct job *job, const struct page *p, const char *body)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
	STMT st = db_prepare(
		job->db, "INSERT INTO temp.page"
			 " SELECT (SELECT json_group_object(c.value ->> '$.name',"
			 "                json(r.value -> ('$[' || (c.value ->> '$.at') || ']')))"
			 "           FROM json_each(:places) c)"
			 "   FROM json_each(:body, '$.response.results') r"
			 "  WHERE r.key NOT IN (SELECT value FROM json_each(:unread))");
	bind(st, ":places", p->places);
	bind(st, ":body", body);
	bind(st, ":unread", p->unread);
	stmt_run(st);
	return db_changes(job->db);
}
