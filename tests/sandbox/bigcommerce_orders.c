/* V2 orders: the list with all its parameters, the count, one order, and the few fields that may
 * be written. */
#include "bigcommerce.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

#define INCLUDES  "consignments|consignments.line_items|fees"
#define NOTES_MAX 65535

/* clang-format off */
#define ORDER_FILTERS                                                            \
	{"min_id", FILTER_INTEGER, "id >= ?"}, {"max_id", FILTER_INTEGER, "id <= ?"}, \
	{"min_total", FILTER_MONEY, "total_inc_tax >= ?"},                       \
	{"max_total", FILTER_MONEY, "total_inc_tax <= ?"},                       \
	{"customer_id", FILTER_INTEGER, "customer_id = ?"},                      \
	{"email", FILTER_TEXT, "email = ?"},                                     \
	{"status_id", FILTER_INTEGER, "status_id = ?"},                          \
	{"cart_id", FILTER_TEXT, "cart_id = ?"},                                 \
	{"payment_method", FILTER_TEXT, "payment_method = ?"},                   \
	{"min_date_created", FILTER_DATE_MIN, "date_created"},                   \
	{"max_date_created", FILTER_DATE_MAX, "date_created"},                   \
	{"min_date_modified", FILTER_DATE_MIN, "date_modified"},                 \
	{"max_date_modified", FILTER_DATE_MAX, "date_modified"},                 \
	{"channel_id", FILTER_INTEGER, "channel_id = ?"},                        \
	{"external_order_id", FILTER_TEXT, "external_order_id = ?"}
/* clang-format on */

static const struct filter list_filters[] = {
	ORDER_FILTERS,
	{"consignment_structure", FILTER_WORD, "object"},
	{NULL, FILTER_KNOWN, NULL},
};
static const struct filter count_filters[] = {
	ORDER_FILTERS,
	{NULL, FILTER_KNOWN, NULL},
};
static const struct filter no_filters[] = {{NULL, FILTER_KNOWN, NULL}};

static const char *hidden(void)
{
	return switch_is("bc_archived", "hidden") ? " AND NOT is_deleted" : "";
}

/* sort=date_modified:asc; false: no such field */
static bool add_order(struct list *list)
{
	static const char *const fields[] = {
		"id",        "customer_id", "date_created", "date_modified",
		"status_id", "channel_id",  "external_id"};
	const char *sort = call_param(list->call, "sort");
	const char *direction = "asc";

	if (!sort)
		sort = "id";
	size_t length = strcspn(sort, ":");
	if (sort[length]) {
		direction = sort + length + 1;
		if (strcmp(direction, "asc") != 0 && strcmp(direction, "desc") != 0)
			return false;
	}
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strlen(fields[i]) == length && !strncmp(fields[i], sort, length)) {
			list_add(list, " ORDER BY %s %s", fields[i], direction);
			if (i)
				list_add(list, ", id %s",
					 switch_is("bc_tie", "desc") ? "desc" : "asc");
			return true;
		}
	return false;
}

static void answer_orders(struct list *list)
{
	cJSON *orders = cJSON_CreateArray();

	list_add(list, " LIMIT %lld OFFSET %lld", (long long)list->limit,
		 (long long)((list->page - 1) * list->limit));
	sqlite3_stmt *q = list_prepare(list, NULL);
	while (sqlite3_step(q) == SQLITE_ROW)
		cJSON_AddItemToArray(orders, order_record(q, list->call));
	sqlite3_finalize(q);
	if (cJSON_GetArraySize(orders)) {
		answer_json(list->answer, 200, orders);
	} else {
		answer_text(list->answer, 204, NULL, NULL);
		cJSON_Delete(orders);
	}
	list_release(list);
}

void orders_list(const struct call *call, struct answer *answer, char *const arg[4])
{
	struct list list;

	(void)arg;
	if (!include_allowed(call, answer, INCLUDES) ||
	    !list_begin(&list, call, answer, "SELECT " ORDER_COLUMNS " FROM bc_order WHERE 1",
			list_filters))
		return;
	list_add(&list, "%s", hidden());
	if (!add_order(&list)) {
		bigcommerce_error(call, answer, 400, "The field 'sort' is invalid.");
		list_release(&list);
		return;
	}
	if (list_paging(&list, 250))
		answer_orders(&list);
}

void orders_count(const struct call *call, struct answer *answer, char *const arg[4])
{
	struct list list;
	double total = 0;

	(void)arg;
	if (!list_begin(&list, call, answer,
			"SELECT s.*, count(o.id) FROM bc_status s LEFT JOIN (SELECT id, status_id "
			"AS status"
			" FROM bc_order WHERE 1",
			switch_is("bc_count", "no_dates") ? no_filters : count_filters))
		return;
	list_add(&list, "%s) o ON o.status = s.id GROUP BY s.id ORDER BY s.sort_order",
		 switch_is("bc_count", "archived") ? "" : hidden());
	cJSON *body = cJSON_CreateObject();
	cJSON *statuses = cJSON_AddArrayToObject(body, "statuses");
	sqlite3_stmt *q = list_prepare(&list, NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		cJSON *s = cJSON_CreateObject();
		cJSON_AddNumberToObject(s, "id", sqlite3_column_int(q, 0));
		cJSON_AddStringToObject(s, "name", state_column_text(q, 1));
		cJSON_AddStringToObject(s, "system_label", state_column_text(q, 1));
		cJSON_AddStringToObject(s, "custom_label", state_column_text(q, 2));
		cJSON_AddStringToObject(s, "system_description", state_column_text(q, 3));
		cJSON_AddNumberToObject(s, "count", sqlite3_column_int(q, 5));
		cJSON_AddNumberToObject(s, "sort_order", sqlite3_column_int(q, 4));
		total += sqlite3_column_int(q, 5);
		cJSON_AddItemToArray(statuses, s);
	}
	sqlite3_finalize(q);
	cJSON_AddNumberToObject(body, "count", total);
	answer_json(answer, 200, body);
	list_release(&list);
}

bool order_exists(const struct call *call, struct answer *answer, const char *id, int64_t *order_id)
{
	if (bigcommerce_id(id, order_id) &&
	    state_int(0, "SELECT 1 FROM bc_order WHERE id = ?", "i", *order_id))
		return true;
	bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	return false;
}

static void answer_order(const struct call *call, struct answer *answer, int64_t id)
{
	sqlite3_stmt *q = state_prepare("SELECT " ORDER_COLUMNS " FROM bc_order WHERE id = ?");

	sqlite3_bind_int64(q, 1, id);
	sqlite3_step(q);
	answer_json(answer, 200, order_record(q, call));
	sqlite3_finalize(q);
}

void orders_get(const struct call *call, struct answer *answer, char *const arg[4])
{
	const char *structure = call_param(call, "consignment_structure");
	int64_t id;

	if (structure && strcmp(structure, "object") != 0)
		bigcommerce_error(call, answer, 400,
				  "The field 'consignment_structure' is invalid.");
	else if (include_allowed(call, answer, INCLUDES) && order_exists(call, answer, arg[0], &id))
		answer_order(call, answer, id);
}

/* What order_Put lets a client write, but this sandbox does not play. */
/* clang-format off */
static const char *const unplayed[] = {
	"base_handling_cost", "base_shipping_cost", "base_wrapping_cost", "billing_address",
	"channel_id", "consignments", "customer_id", "customer_locale", "date_created",
	"discount_amount", "ebay_order_id", "external_source", "fees", "geoip_country",
	"geoip_country_iso2", "handling_cost_ex_tax", "handling_cost_inc_tax", "ip_address",
	"ip_address_v6", "is_deleted", "items_shipped", "order_is_digital", "payment_method",
	"payment_provider_id", "products", "refunded_amount", "shipping_addresses",
	"shipping_cost_ex_tax", "shipping_cost_inc_tax", "subtotal_ex_tax",
	"subtotal_inc_tax", "tax_provider_id", "total_ex_tax", "total_inc_tax",
	"wrapping_cost_ex_tax", "wrapping_cost_inc_tax", NULL,
};
/* clang-format on */

static const char *const writable[] = {"status_id", "staff_notes", "external_order_id",
				       "customer_message", NULL};

static bool one_of(const char *const *words, const char *word)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

static bool value_fits(const cJSON *field)
{
	if (!strcmp(field->string, "status_id"))
		return cJSON_IsNumber(field) && field->valuedouble == field->valueint &&
		       state_int(0, "SELECT 1 FROM bc_status WHERE id = ?", "i",
				 (int64_t)field->valueint);
	return cJSON_IsString(field) && strlen(field->valuestring) <= NOTES_MAX;
}

static bool may_write(const struct call *call, struct answer *answer, const cJSON *field)
{
	if (one_of(unplayed, field->string))
		bigcommerce_error(call, answer, 400, "The sandbox does not play writing of '%s'.",
				  field->string);
	else if (!one_of(writable, field->string))
		bigcommerce_error(call, answer, 400,
				  "The field '%s' cannot be written to. Please remove it "
				  "from your request before trying again.",
				  field->string);
	else if (!value_fits(field))
		bigcommerce_error(call, answer, 400, "The field '%s' is invalid.", field->string);
	else
		return true;
	return false;
}

static void write_field(int64_t id, const cJSON *field)
{
	char sql[160];
	const char *name = field->string;

	snprintf(sql, sizeof sql,
		 "UPDATE bc_order SET %s = ?, body = json_remove(body, '$.%s')"
		 " WHERE id = ?",
		 name, name);
	if (!strcmp(name, "status_id")) {
		state_run(sql, "ii", (int64_t)field->valueint, id);
		state_run("UPDATE bc_order SET body = json_remove(body, '$.status', "
			  "'$.custom_status')"
			  " WHERE id = ?",
			  "i", id);
	} else {
		state_run(sql, "ti", field->valuestring, id);
	}
}

void orders_put(const struct call *call, struct answer *answer, char *const arg[4])
{
	int64_t id, now = sandbox_now() / 1000;

	if (!order_exists(call, answer, arg[0], &id))
		return;
	if (!cJSON_IsObject(call->json) || !call->json->child) {
		bigcommerce_error(call, answer, 400,
				  "The request body is not a JSON object with fields.");
		return;
	}
	for (const cJSON *field = call->json->child; field; field = field->next)
		if (!may_write(call, answer, field))
			return;
	for (const cJSON *field = call->json->child; field; field = field->next)
		write_field(id, field);
	state_run("UPDATE bc_order SET date_modified = ?, date_shipped = iif(status_id = 2,"
		  " coalesce(date_shipped, ?), date_shipped) WHERE id = ?",
		  "iii", now, now, id);
	answer_order(call, answer, id);
}
