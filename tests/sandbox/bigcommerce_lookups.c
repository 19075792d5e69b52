/* Short lists: each is a view of schema.sql that makes the JSON itself. */
#include "bigcommerce.h"

#include <stdlib.h>
#include <string.h>

static void answer_list_v2(const struct call *call, struct answer *answer, const char *select,
			   const struct filter *filters, const char *order)
{
	struct list list;

	if (!list_begin(&list, call, answer, select, filters))
		return;
	list_add(&list, " ORDER BY %s", order);
	if (list_paging(&list, 250))
		list_answer_v2(&list);
}

static void answer_list_v3(const struct call *call, struct answer *answer, const char *select,
			   const struct filter *filters)
{
	struct list list;

	if (!list_begin(&list, call, answer, select, filters))
		return;
	list_add(&list, " ORDER BY id");
	if (list_paging(&list, 250))
		list_answer_v3(&list);
}

/* all of them, without pages */
void order_statuses(const struct call *call, struct answer *answer, char *const arg[4])
{
	struct list list;

	(void)arg;
	if (list_begin(&list, call, answer, "SELECT record FROM bc_status_view ORDER BY id", NULL))
		list_answer_v2(&list);
}

void order_status(const struct call *call, struct answer *answer, char *const arg[4])
{
	static const char sql[] = "SELECT record FROM bc_status_view WHERE id = ?";
	int64_t id;
	char *body = bigcommerce_id(arg[0], &id) ? state_text(sql, "i", id) : NULL;

	if (body)
		answer_text(answer, 200, body, "application/json");
	else
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	free(body);
}

void store_get(const struct call *call, struct answer *answer, char *const arg[4])
{
	cJSON *store = cJSON_CreateObject();
	char *body = state_text("SELECT body FROM bc_store", "");

	(void)arg;
	cJSON_AddStringToObject(store, "id", call->tenant);
	record_merge(store, body);
	free(body);
	answer_json(answer, 200, store);
}

void store_time(const struct call *call, struct answer *answer, char *const arg[4])
{
	cJSON *body = cJSON_CreateObject();

	(void)call, (void)arg;
	cJSON_AddNumberToObject(body, "time", (double)(sandbox_now() / 1000));
	answer_json(answer, 200, body);
}

void customer_groups(const struct call *call, struct answer *answer, char *const arg[4])
{
	static const struct filter filters[] = {
		{"name", FILTER_TEXT, "name = ?"},
		{"name:like", FILTER_TEXT, "instr(lower(name), lower(?))"},
		{"is_default", FILTER_BOOLEAN, "is_default = ?"},
		{"is_group_for_guests", FILTER_BOOLEAN, "is_group_for_guests = ?"},
		{"date_created", FILTER_DATE, "date_created = ?"},
		{"date_created:min", FILTER_DATE, "date_created >= ?"},
		{"date_created:max", FILTER_DATE, "date_created <= ?"},
		{"date_modified", FILTER_DATE, "date_modified = ?"},
		{"date_modified:min", FILTER_DATE, "date_modified >= ?"},
		{"date_modified:max", FILTER_DATE, "date_modified <= ?"},
		{NULL, FILTER_KNOWN, NULL},
	};

	(void)arg;
	answer_list_v2(call, answer, "SELECT record FROM bc_customer_group_view WHERE 1", filters,
		       "id");
}

void tax_classes(const struct call *call, struct answer *answer, char *const arg[4])
{
	(void)arg;
	answer_list_v2(call, answer, "SELECT record FROM bc_tax_class_view", NULL, "id");
}

void currencies(const struct call *call, struct answer *answer, char *const arg[4])
{
	(void)arg;
	answer_list_v2(call, answer, "SELECT record FROM bc_currency_view", NULL, "id");
}

void payment_methods(const struct call *call, struct answer *answer, char *const arg[4])
{
	(void)arg;
	answer_list_v2(call, answer, "SELECT record FROM bc_payment_method_view", NULL, "name");
}

void channels(const struct call *call, struct answer *answer, char *const arg[4])
{
	static const struct filter filters[] = {
		{"available", FILTER_BOOLEAN, "available = ?"},
		{"status:in", FILTER_TEXTS, "status IN (SELECT value FROM json_each(?))"},
		{"type:in", FILTER_TEXTS, "type IN (SELECT value FROM json_each(?))"},
		{"platform:in", FILTER_TEXTS, "platform IN (SELECT value FROM json_each(?))"},
		{"date_created", FILTER_DATE, "date_created = ?"},
		{"date_created:min", FILTER_DATE, "date_created >= ?"},
		{"date_created:max", FILTER_DATE, "date_created <= ?"},
		{"date_modified", FILTER_DATE, "date_modified = ?"},
		{"date_modified:min", FILTER_DATE, "date_modified >= ?"},
		{"date_modified:max", FILTER_DATE, "date_modified <= ?"},
		{"include", FILTER_WORD, "currencies"},
		{"page", FILTER_KNOWN, NULL},
		{"limit", FILTER_KNOWN, NULL},
		{NULL, FILTER_KNOWN, NULL},
	};

	(void)arg;
	answer_list_v3(call, answer, "SELECT record FROM bc_channel_view WHERE 1", filters);
}

void locations(const struct call *call, struct answer *answer, char *const arg[4])
{
	static const struct filter filters[] = {
		{"location_id:in", FILTER_INTEGERS, "id IN (SELECT value FROM json_each(?))"},
		{"location_code:in", FILTER_TEXTS, "code IN (SELECT value FROM json_each(?))"},
		{"is_default", FILTER_BOOLEAN, "is_default = ?"},
		{"is_active", FILTER_BOOLEAN, "enabled = ?"},
		{"type_id:in", FILTER_TEXTS, "type_id IN (SELECT value FROM json_each(?))"},
		{"managed_by_external_source", FILTER_BOOLEAN, "managed_by_external_source = ?"},
		{"storefront_visibility", FILTER_BOOLEAN, "storefront_visibility = ?"},
		{"page", FILTER_KNOWN, NULL},
		{"limit", FILTER_KNOWN, NULL},
		{NULL, FILTER_KNOWN, NULL},
	};

	(void)arg;
	answer_list_v3(call, answer, "SELECT record FROM bc_location_view WHERE 1", filters);
}
