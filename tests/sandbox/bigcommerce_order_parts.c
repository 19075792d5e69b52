/* What hangs on a V2 order: each sub-resource is one list, 204 when it is empty. */
#include "bigcommerce.h"
#include "state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A list of one order's records; sql has one %lld for the order. */
static bool begin(struct list *list, const struct call *call, struct answer *answer,
		  const char *order, const char *select, const struct filter *filters)
{
	int64_t id;
	char sql[1200];

	if (!order_exists(call, answer, order, &id))
		return false;
	snprintf(sql, sizeof sql, "%s WHERE order_id = %" PRId64, select, id);
	return list_begin(list, call, answer, sql, filters);
}

static void answer_bodies(const struct call *call, struct answer *answer, const char *order,
			  const char *select, const char *rest)
{
	struct list list;

	if (!begin(&list, call, answer, order, select, NULL))
		return;
	list_add(&list, "%s ORDER BY id", rest);
	if (list_paging(&list, 250))
		list_answer_v2(&list);
}

static void answer_one(const struct call *call, struct answer *answer, char *const arg[4],
		       const char *sql)
{
	int64_t order, id;

	if (!order_exists(call, answer, arg[0], &order))
		return;
	char *body = bigcommerce_id(arg[1], &id) ? state_text(sql, "ii", order, id) : NULL;
	if (body)
		answer_text(answer, 200, body, "application/json");
	else
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	free(body);
}

void order_products(const struct call *call, struct answer *answer, char *const arg[4])
{
	answer_bodies(call, answer, arg[0], "SELECT body FROM bc_order_product", "");
}

void order_product(const struct call *call, struct answer *answer, char *const arg[4])
{
	answer_one(call, answer, arg,
		   "SELECT body FROM bc_order_product WHERE order_id = ? AND id = ?");
}

void order_addresses(const struct call *call, struct answer *answer, char *const arg[4])
{
	answer_bodies(call, answer, arg[0], "SELECT body FROM bc_order_address",
		      " AND kind = 'shipping'");
}

void order_address(const struct call *call, struct answer *answer, char *const arg[4])
{
	answer_one(call, answer, arg,
		   "SELECT body FROM bc_order_address WHERE order_id = ? AND id = ?"
		   " AND kind = 'shipping'");
}

void order_coupons(const struct call *call, struct answer *answer, char *const arg[4])
{
	answer_bodies(call, answer, arg[0], "SELECT body FROM bc_order_coupon", "");
}

void order_shipments(const struct call *call, struct answer *answer, char *const arg[4])
{
	answer_bodies(call, answer, arg[0], "SELECT body FROM bc_shipment", "");
}

void order_taxes(const struct call *call, struct answer *answer, char *const arg[4])
{
	const char *details = call_param(call, "details");
	bool each = details && !strcmp(details, "true");

	answer_bodies(call, answer, arg[0],
		      each ? "SELECT record FROM bc_order_tax_view"
			   : "SELECT record FROM bc_order_tax_sum_view",
		      "");
}

/* The specification says one object, its example {"fees": [...]}: switch bc_fees_shape. */
void order_fees(const struct call *call, struct answer *answer, char *const arg[4])
{
	int64_t id;

	if (!order_exists(call, answer, arg[0], &id))
		return;
	cJSON *fees = fees_record(id);
	if (!switch_is("bc_fees_shape", "array")) {
		cJSON *body = cJSON_CreateObject();
		cJSON_AddItemToObject(body, "fees", fees);
		answer_json(answer, 200, body);
	} else if (cJSON_GetArraySize(fees)) {
		answer_json(answer, 200, fees);
	} else {
		answer_text(answer, 204, NULL, NULL);
		cJSON_Delete(fees);
	}
}

void order_consignments(const struct call *call, struct answer *answer, char *const arg[4])
{
	const char *warning;
	int64_t id;

	if (!include_allowed(call, answer, "consignments.line_items") ||
	    !order_exists(call, answer, arg[0], &id))
		return;
	bool lines = include_has(call, "consignments.line_items");
	answer_json(answer, 200, consignments_record(id, lines, &warning));
}

/* The message's date as text is made here: SQLite knows no names of days. */
static void answer_messages(struct list *list)
{
	cJSON *messages = cJSON_CreateArray();
	char date[40];

	list_add(list, " ORDER BY id LIMIT %lld OFFSET %lld", (long long)list->limit,
		 (long long)((list->page - 1) * list->limit));
	sqlite3_stmt *q = list_prepare(list, NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		cJSON *m = cJSON_Parse(state_column_text(q, 0));
		bigcommerce_date(date, sqlite3_column_int64(q, 1));
		cJSON_AddStringToObject(m, "date_created", date);
		cJSON_AddObjectToObject(m, "customer");
		cJSON_AddItemToArray(messages, m);
	}
	sqlite3_finalize(q);
	if (cJSON_GetArraySize(messages)) {
		answer_json(list->answer, 200, messages);
	} else {
		answer_text(list->answer, 204, NULL, NULL);
		cJSON_Delete(messages);
	}
	list_release(list);
}

void order_messages(const struct call *call, struct answer *answer, char *const arg[4])
{
	static const struct filter filters[] = {
		{"min_id", FILTER_INTEGER, "id >= ?"},
		{"max_id", FILTER_INTEGER, "id <= ?"},
		{"customer_id", FILTER_INTEGER, "customer_id = ?"},
		{"min_date_created", FILTER_DATE_MIN, "date_created"},
		{"max_date_created", FILTER_DATE_MAX, "date_created"},
		{"is_flagged", FILTER_BOOLEAN, "is_flagged = ?"},
		{"status", FILTER_TEXT, "status = ?"},
		{NULL, FILTER_KNOWN, NULL},
	};
	struct list list;

	if (begin(&list, call, answer, arg[0],
		  "SELECT record, date_created FROM bc_order_message_view", filters) &&
	    list_paging(&list, 250))
		answer_messages(&list);
}
