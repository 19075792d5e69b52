/* GET /{service}/{resource}-search: one engine for all resources, over the tables of columns in
 * brightpearl_columns.c.  What a filter means is decided by its data type (section 6).
 *
 * A value that does not fit the type is HTTP 500 CMNC-018, as recorded.  An unknown filter or
 * column, a filter given twice and a senseless page are 400 with codes of our own. */
#include "brightpearl_search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct bp_column *find_column(const struct bp_column *columns, const char *name,
					   size_t length)
{
	for (; columns->name; columns++)
		if (strlen(columns->name) == length && !strncmp(columns->name, name, length))
			return columns;
	return NULL;
}

/* columns=a,b,c or all that are shown. */
static bool choose_columns(struct search *s, const char *list)
{
	for (const struct bp_column *c = s->resource->columns; !list && c->name; c++)
		if (!(c->flags & BP_HIDDEN))
			s->chosen[s->chosen_count++] = c;
	while (list) {
		size_t length = strcspn(list, ",");
		const struct bp_column *c = find_column(s->resource->columns, list, length);
		for (int i = 0; i < s->chosen_count; i++)
			if (s->chosen[i] == c)
				c = NULL;
		if (!c || c->flags & BP_HIDDEN || s->chosen_count == SEARCH_MOST) {
			bp_fail(s->answer, 400, "CMNC-020",
				"Invalid column:"
				" %.*s",
				(int)length, list);
			return false;
		}
		s->chosen[s->chosen_count++] = c;
		list = list[length] ? list + length + 1 : NULL;
	}
	return true;
}

/* sort=updatedOn.ASC,orderId|DESC */
static bool choose_sorting(struct search *s, const char *list)
{
	while (list) {
		size_t length = strcspn(list, ".|,"), all = strcspn(list, ",");
		const struct bp_column *c = find_column(s->resource->columns, list, length);
		const char *direction = list + length + (length < all);
		size_t rest = all - (size_t)(direction - list);
		bool desc = rest == 4 && !strncmp(direction, "DESC", 4);
		bool asc = rest == 3 && !strncmp(direction, "ASC", 3);
		if (!c || !(c->flags & BP_S) || (!asc && !desc) || s->sort_count == SEARCH_SORTS) {
			bp_fail(s->answer, 400, "CMNC-022", "Invalid sort: %.*s", (int)all, list);
			return false;
		}
		s->sort[s->sort_count] = c;
		s->descending[s->sort_count++] = desc;
		list = list[all] ? list + all + 1 : NULL;
	}
	if (!s->sort_count)
		s->sort[s->sort_count++] = s->resource->columns;
	return true;
}

static bool read_positive(struct search *s, const char *name, int64_t *value)
{
	const char *text = call_param(s->call, name);
	int64_t units;

	if (!text)
		return true;
	if (bp_decimal_read(text, 0, 0, &units) && units > 0) {
		*value = units;
		return true;
	}
	bp_fail(s->answer, 400, "CMNC-022", "Invalid %s: %.100s", name, text);
	return false;
}

static bool is_control(const char *name)
{
	static const char *const names[] = {"columns", "sort", "pageSize", "firstResult",
					    "countOnly"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool read_param(struct search *s, int n)
{
	const struct param *p = &s->call->params[n];
	const struct bp_column *c;

	for (int i = 0; i < n; i++)
		if (!strcmp(s->call->params[i].name, p->name)) {
			bp_fail(s->answer, 400, "CMNC-021",
				"Given more than once:"
				" %.100s",
				p->name);
			return false;
		}
	if (is_control(p->name))
		return true;
	c = find_column(s->resource->columns, p->name, strlen(p->name));
	if (c && c->flags & BP_F && s->bound_count + 2 <= SEARCH_MOST)
		return bp_filter_add(s, c, p->value);
	bp_fail(s->answer, 400, "CMNC-019", "Invalid filter: %.100s", p->name);
	return false;
}

static bool read_request(struct search *s)
{
	const char *only = call_param(s->call, "countOnly");

	for (int i = 0; i < s->call->param_count; i++)
		if (!read_param(s, i))
			return false;
	s->page_size = SEARCH_PAGE;
	s->first = 1;
	s->count_only = only && !strcmp(only, "true");
	if (!read_positive(s, "pageSize", &s->page_size) ||
	    !read_positive(s, "firstResult", &s->first))
		return false;
	if (s->page_size > SEARCH_PAGE)
		s->page_size = SEARCH_PAGE;
	return choose_columns(s, call_param(s->call, "columns")) &&
	       choose_sorting(s, call_param(s->call, "sort"));
}

/* The table, or with a search lag what searches may see of it by now. */
static void print_source(const struct search *s, FILE *sql)
{
	const char *table = s->resource->table;
	int64_t now = sandbox_now();

	if (s->resource->lag == BP_AT_ONCE || !switch_int("bp_search_lag_ms")) {
		fprintf(sql, " FROM %s t WHERE 1", table);
		return;
	}
	fprintf(sql, " FROM (SELECT * FROM %s WHERE visible_at_ms <= %" PRId64, table, now);
	if (s->resource->lag == BP_VERSIONS) {
		fputs(" UNION ALL SELECT ", sql);
		sqlite3_stmt *q = state_prepare("SELECT name FROM pragma_table_info(?)");
		sqlite3_bind_text(q, 1, table, -1, SQLITE_TRANSIENT);
		for (const char *comma = ""; sqlite3_step(q) == SQLITE_ROW; comma = ", ")
			fprintf(sql, "%s%s", comma, (const char *)sqlite3_column_text(q, 0));
		sqlite3_finalize(q);
		fprintf(sql,
			" FROM %s_version WHERE visible_at_ms <= %" PRId64
			" AND until_ms > %" PRId64,
			table, now, now);
	}
	fputs(") t WHERE 1", sql);
}

static sqlite3_stmt *prepare(const struct search *s, char *sql)
{
	sqlite3_stmt *q = state_prepare(sql);

	for (int i = 0; i < s->bound_count; i++)
		if (s->bound[i].text)
			sqlite3_bind_text(q, i + 1, s->bound[i].text, -1, SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(q, i + 1, s->bound[i].number);
	free(sql);
	return q;
}

static int64_t count_rows(const struct search *s)
{
	char *text = NULL;
	size_t size;
	FILE *sql = open_memstream(&text, &size);

	fputs("SELECT count(*)", sql);
	print_source(s, sql);
	fputs(s->where, sql);
	fclose(sql);
	sqlite3_stmt *q = prepare(s, text);
	int64_t count = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
	sqlite3_finalize(q);
	return count;
}

static sqlite3_stmt *select_rows(const struct search *s)
{
	char *text = NULL;
	size_t size;
	FILE *sql = open_memstream(&text, &size);

	for (int i = 0; i < s->chosen_count; i++)
		fprintf(sql, "%s%s", i ? ", " : "SELECT ", s->chosen[i]->sql);
	print_source(s, sql);
	fprintf(sql, "%s ORDER BY ", s->where);
	for (int i = 0; i < s->sort_count; i++)
		fprintf(sql, "%s %s, ", s->sort[i]->sql, s->descending[i] ? "DESC" : "ASC");
	fprintf(sql, "t.id %s LIMIT %" PRId64 " OFFSET %" PRId64,
		switch_is("bp_tie", "desc") ? "DESC" : "ASC", s->page_size, s->first - 1);
	fclose(sql);
	return prepare(s, text);
}

static cJSON *cell(sqlite3_stmt *q, int n, enum bp_data type)
{
	char date[BP_DATE];

	if (sqlite3_column_type(q, n) == SQLITE_NULL)
		return cJSON_CreateNull();
	if (type == BP_PERIOD)
		return cJSON_CreateString(bp_date(date, sqlite3_column_int64(q, n)));
	if (type == BP_BOOLEAN)
		return cJSON_CreateBool(sqlite3_column_int(q, n));
	if (type == BP_INTEGER || type == BP_IDSET)
		return cJSON_CreateNumber((double)sqlite3_column_int64(q, n));
	return cJSON_CreateString((const char *)sqlite3_column_text(q, n));
}

/* What the value of a column is called, beside the results. */
static void refer(cJSON *reference, const struct bp_column *c, const cJSON *value)
{
	char id[24];

	if (!c->reference || !cJSON_IsNumber(value))
		return;
	snprintf(id, sizeof id, "%.0f", value->valuedouble);
	cJSON *names = cJSON_GetObjectItemCaseSensitive(reference, c->reference_name);
	if (!names)
		names = cJSON_AddObjectToObject(reference, c->reference_name);
	if (cJSON_GetObjectItemCaseSensitive(names, id))
		return;
	char *name = state_text(c->reference, "i", (int64_t)value->valuedouble);
	if (name)
		cJSON_AddItemToObject(names, id,
				      *name == '[' ? cJSON_Parse(name) : cJSON_CreateString(name));
	free(name);
}

static cJSON *read_rows(const struct search *s, cJSON *reference)
{
	cJSON *results = cJSON_CreateArray();
	sqlite3_stmt *q = select_rows(s);

	while (!s->count_only && sqlite3_step(q) == SQLITE_ROW) {
		cJSON *row = cJSON_CreateArray();
		for (int i = 0; i < s->chosen_count; i++) {
			cJSON *value = cell(q, i, s->chosen[i]->type);
			refer(reference, s->chosen[i], value);
			cJSON_AddItemToArray(row, value);
		}
		cJSON_AddItemToArray(results, row);
	}
	sqlite3_finalize(q);
	return results;
}

static void answer_page(const struct search *s)
{
	cJSON *body = cJSON_CreateObject(), *reference = cJSON_CreateObject();
	cJSON *response = cJSON_AddObjectToObject(body, "response");
	int64_t available = count_rows(s);
	cJSON *results = read_rows(s, reference);
	int returned = cJSON_GetArraySize(results);

	cJSON_AddItemToObject(response, "results", results);
	cJSON *meta = cJSON_AddObjectToObject(response, "metaData");
	cJSON_AddBoolToObject(meta, "morePagesAvailable",
			      returned && s->first - 1 + returned < available);
	cJSON_AddNumberToObject(meta, "resultsAvailable", (double)available);
	cJSON_AddNumberToObject(meta, "resultsReturned", returned);
	if (returned) {
		cJSON_AddNumberToObject(meta, "firstResult", (double)s->first);
		cJSON_AddNumberToObject(meta, "lastResult", (double)(s->first - 1 + returned));
	}
	bp_search_add_meta(s, meta);
	cJSON_AddItemToObject(body, "reference", reference);
	answer_json(s->answer, 200, body);
}

void bp_search_run(const struct bp_resource *resource, const struct call *call,
		   struct answer *answer)
{
	struct search s = {.resource = resource, .call = call, .answer = answer};

	s.where_out = open_memstream(&s.where, &s.where_size);
	bool good = read_request(&s);
	fclose(s.where_out);
	if (good)
		answer_page(&s);
	for (int i = 0; i < s.bound_count; i++)
		free(s.bound[i].text);
	free(s.where);
}
