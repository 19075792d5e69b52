/* V3 customers: filters, and two ways of paging.  Cursors are the base64 of {"id":n}. */
#define _GNU_SOURCE
#include "bigcommerce.h"
#include "state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SUBLIST_MAX 10 /* included addresses and attributes */

/* clang-format off */
static const struct filter filters[] = {
	{"id:in", FILTER_INTEGERS, "id IN (SELECT value FROM json_each(?))"},
	{"email:in", FILTER_TEXTS, "email IN (SELECT value FROM json_each(?))"},
	{"company:in", FILTER_TEXTS, "company IN (SELECT value FROM json_each(?))"},
	{"customer_group_id:in", FILTER_INTEGERS,
	 "customer_group_id IN (SELECT value FROM json_each(?))"},
	{"name:in", FILTER_TEXTS,
	 "first_name || ' ' || last_name IN (SELECT value FROM json_each(?))"},
	{"name:like", FILTER_TEXT, "instr(lower(first_name || ' ' || last_name), lower(?))"},
	{"phone:in", FILTER_TEXTS, "phone IN (SELECT value FROM json_each(?))"},
	{"registration_ip_address:in", FILTER_TEXTS,
	 "body ->> 'registration_ip_address' IN (SELECT value FROM json_each(?))"},
	{"date_created", FILTER_DATE, "date_created = ?"},
	{"date_created:min", FILTER_DATE, "date_created >= ?"},
	{"date_created:max", FILTER_DATE, "date_created <= ?"},
	{"date_modified", FILTER_DATE, "date_modified = ?"},
	{"date_modified:min", FILTER_DATE, "date_modified >= ?"},
	{"date_modified:max", FILTER_DATE, "date_modified <= ?"},
	{"sort", FILTER_WORD, "date_created:asc|date_created:desc|last_name:asc|last_name:desc|"
			      "date_modified:asc|date_modified:desc"},
	{"include", FILTER_KNOWN, NULL}, {"after", FILTER_KNOWN, NULL},
	{"before", FILTER_KNOWN, NULL},
	{"page", FILTER_KNOWN, NULL}, {"limit", FILTER_KNOWN, NULL}, {NULL, FILTER_KNOWN, NULL},
};

/* clang-format on */

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void make_cursor(char text[64], int64_t id)
{
	char plain[32];
	int size = snprintf(plain, sizeof plain, "{\"id\":%" PRId64 "}", id), n = 0;

	for (int i = 0; i < size; i += 3) {
		unsigned left = (unsigned)(size - i),
			 three = (unsigned)(unsigned char)plain[i] << 16;
		three |= left > 1 ? (unsigned)(unsigned char)plain[i + 1] << 8 : 0;
		three |= left > 2 ? (unsigned)(unsigned char)plain[i + 2] : 0;
		for (unsigned k = 0; k < 4; k++)
			if (k <= left)
				text[n++] = base64[three >> (18 - 6 * k) & 63];
			else
				text[n++] = '=';
	}
	text[n] = '\0';
}

static bool read_cursor(const char *text, int64_t *id)
{
	char plain[64] = "";
	unsigned bits = 0, count = 0, n = 0;

	for (const char *p = text; *p && *p != '=' && n < sizeof plain - 1; p++) {
		const char *at = strchr(base64, *p);
		if (!at)
			return false;
		bits = bits << 6 | (unsigned)(at - base64);
		count += 6;
		if (count >= 8)
			plain[n++] = (char)(bits >> (count -= 8) & 255);
	}
	plain[n] = '\0';
	return sscanf(plain, "{\"id\":%" SCNd64 "}", id) == 1;
}

/* ORDER BY, and with a cursor only what lies behind (after) or before it */
static bool add_order(struct list *list, bool *backwards)
{
	const char *after = call_param(list->call, "after"),
		   *before = call_param(list->call, "before");
	const char *cursor = after ? after : before, *sort = call_param(list->call, "sort");
	char column[32] = "id";
	bool down = sort && strstr(sort, ":desc");
	int64_t id;

	*backwards = before && !after;
	if (sort)
		snprintf(column, sizeof column, "%.*s", (int)strcspn(sort, ":"), sort);
	if (cursor && ((after && before) || !read_cursor(cursor, &id))) {
		bigcommerce_error(list->call, list->answer, 422, "The cursor is not valid.");
		list_release(list);
		return false;
	}
	char beyond = down == *backwards ? '>' : '<';
	if (cursor && !sort) /* the customer itself may be gone */
		list_add(list, " AND id %c ?", beyond);
	else if (cursor)
		list_add(list, " AND (%s, id) %c (SELECT %s, id FROM bc_customer WHERE id = ?)",
			 column, beyond, column);
	if (cursor)
		list_bind(list, id);
	const char *direction = down == *backwards ? "asc" : "desc";
	list_add(list, " ORDER BY %s %s, id %s", column, direction, direction);
	return true;
}

static void add_addresses(cJSON *customer, int64_t id)
{
	cJSON *addresses = cJSON_AddArrayToObject(customer, "addresses");
	sqlite3_stmt *q = state_prepare(
		"SELECT id, body FROM bc_customer_address WHERE customer_id = ?"
		" ORDER BY id LIMIT ?");

	sqlite3_bind_int64(q, 1, id);
	sqlite3_bind_int(q, 2, SUBLIST_MAX);
	while (sqlite3_step(q) == SQLITE_ROW) {
		cJSON *address = cJSON_CreateObject();
		cJSON_AddNumberToObject(address, "id", (double)sqlite3_column_int64(q, 0));
		cJSON_AddNumberToObject(address, "customer_id", (double)id);
		record_merge(address, state_column_text(q, 1));
		cJSON_AddItemToArray(addresses, address);
	}
	sqlite3_finalize(q);
}

static cJSON *customer_record(sqlite3_stmt *q, const struct call *call)
{
	cJSON *customer = cJSON_Parse(state_column_text(q, 1));
	int64_t id = sqlite3_column_int64(q, 0);

	if (include_has(call, "addresses"))
		add_addresses(customer, id);
	if (include_has(call, "attributes"))
		cJSON_AddArrayToObject(customer, "attributes");
	if (include_has(call, "formfields"))
		cJSON_AddArrayToObject(customer, "form_fields");
	if (include_has(call, "storecredit"))
		cJSON_AddRawToObject(customer, "store_credit_amounts", "[{\"amount\":0}]");
	if (include_has(call, "segment_ids"))
		cJSON_AddArrayToObject(customer, "segment_ids");
	if (include_has(call, "shopper_profile_id"))
		cJSON_AddNullToObject(customer, "shopper_profile_id");
	record_merge(customer, state_column_text(q, 2));
	return customer;
}

static void add_cursor(cJSON *meta, const struct list *list, const cJSON *data)
{
	cJSON *c = cJSON_AddObjectToObject(meta, "cursor_pagination");
	int count = cJSON_GetArraySize(data);
	char start[64], end[64], text[128];

	cJSON_AddNumberToObject(c, "count", count);
	cJSON_AddNumberToObject(c, "per_page", (double)list->limit);
	cJSON *links = cJSON_AddObjectToObject(c, "links");
	if (!count)
		return;
	make_cursor(start,
		    (int64_t)cJSON_GetObjectItem(cJSON_GetArrayItem(data, 0), "id")->valuedouble);
	make_cursor(end, (int64_t)cJSON_GetObjectItem(cJSON_GetArrayItem(data, count - 1), "id")
				 ->valuedouble);
	cJSON_AddStringToObject(c, "start_cursor", start);
	cJSON_AddStringToObject(c, "end_cursor", end);
	snprintf(text, sizeof text, "?limit=%" PRId64 "&after=%.*s", list->limit,
		 (int)strcspn(end, "="), end);
	if (count == list->limit)
		cJSON_AddStringToObject(links, "next", text);
	snprintf(text, sizeof text, "?limit=%" PRId64 "&before=%.*s", list->limit,
		 (int)strcspn(start, "="), start);
	cJSON_AddStringToObject(links, "previous", text);
}

static cJSON *read_customers(struct list *list, bool cursor, bool backwards)
{
	cJSON *data = cJSON_CreateArray();

	list_add(list, " LIMIT %" PRId64 " OFFSET %" PRId64, list->limit,
		 cursor ? 0 : (list->page - 1) * list->limit);
	sqlite3_stmt *q = list_prepare(list, NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		cJSON *customer = customer_record(q, list->call);
		if (backwards)
			cJSON_InsertItemInArray(data, 0, customer);
		else
			cJSON_AddItemToArray(data, customer);
	}
	sqlite3_finalize(q);
	return data;
}

/* Both paginations on the first page, only pagination behind it, only the cursor after a cursor. */
static void answer_customers(struct list *list, bool backwards)
{
	bool cursor = call_param(list->call, "after") || call_param(list->call, "before");
	int64_t total = cursor ? 0 : list_count(list);
	cJSON *body = cJSON_CreateObject(), *data = read_customers(list, cursor, backwards);

	cJSON_AddItemToObject(body, "data", data);
	cJSON *meta = cJSON_AddObjectToObject(body, "meta");
	if (!cursor)
		cJSON_AddItemToObject(meta, "pagination",
				      list_pagination(list, cJSON_GetArraySize(data), total));
	if (cursor || list->page == 1)
		add_cursor(meta, list, data);
	answer_json(list->answer, 200, body);
	list_release(list);
}

void customers_list(const struct call *call, struct answer *answer, char *const arg[4])
{
	struct list list;
	bool backwards;

	(void)arg;
	if (!include_allowed(call, answer,
			     "addresses|storecredit|attributes|formfields|"
			     "shopper_profile_id|segment_ids") ||
	    !list_begin(&list, call, answer,
			"SELECT id, record, body FROM bc_customer_view WHERE 1", filters))
		return;
	if (add_order(&list, &backwards) && list_paging(&list, 250))
		answer_customers(&list, backwards);
}
