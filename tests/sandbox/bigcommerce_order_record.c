/* How an order looks: the V2 object, its links, and what include= puts in their place. */
#include "bigcommerce.h"
#include "money.h"
#include "redress.h"
#include "state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 50 /* included line items per consignment */

static const char warning_text[] =
	"Not all line items of this consignment are returned with this response, only 50 are "
	"included. "
	"Please use the /v2/orders/{order_id}/products endpoint to retrieve all line items.";

static cJSON *warning_object(const char *text)
{
	cJSON *warning = cJSON_CreateObject();

	cJSON_AddStringToObject(warning, "message", text);
	return warning;
}

static sqlite3_stmt *lines_of(int64_t order_id, const char *consignment, int64_t address_id)
{
	sqlite3_stmt *q = state_prepare(
		"SELECT id, body FROM bc_order_product WHERE order_id = ?"
		" AND consignment = ? AND (address_id = ? OR ? = 0) ORDER BY id");

	sqlite3_bind_int64(q, 1, order_id);
	sqlite3_bind_text(q, 2, consignment, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 3, address_id);
	sqlite3_bind_int64(q, 4, address_id);
	return q;
}

/* Links, or with line_items the whole lines: only 50 of them, and a warning somewhere. */
static void add_lines(cJSON *consignment, int64_t order_id, const char *kind, int64_t address_id,
		      bool line_items, const char **warning)
{
	cJSON *items = cJSON_AddArrayToObject(consignment, "line_items");
	sqlite3_stmt *q = lines_of(order_id, kind, address_id);
	bool more = false;
	int n = 0;

	while (!more && sqlite3_step(q) == SQLITE_ROW) {
		if (!line_items)
			cJSON_AddItemToArray(
				items, record_link("/orders/%" PRId64 "/products/%lld", order_id,
						   (long long)sqlite3_column_int64(q, 0)));
		else if (n < LINES_MAX)
			cJSON_AddItemToArray(items, cJSON_CreateRaw(state_column_text(q, 1)));
		else
			more = true;
		n++;
	}
	sqlite3_finalize(q);
	if (!more)
		return;
	*warning = warning_text;
	if (switch_is("bc_warning_place", "consignment")) {
		cJSON_AddItemToObject(consignment, "__warning__", warning_object(warning_text));
	} else if (switch_is("bc_warning_place", "list")) {
		cJSON *last = cJSON_CreateObject();
		cJSON_AddItemToObject(last, "__warning__", warning_object(warning_text));
		cJSON_AddItemToArray(items, last);
	}
}

/* In consignments the costs are numbers, in shipping_addresses strings. */
static void costs_to_numbers(cJSON *address)
{
	static const char *const costs[] = {"base_cost",
					    "cost_ex_tax",
					    "cost_inc_tax",
					    "cost_tax",
					    "base_handling_cost",
					    "handling_cost_ex_tax",
					    "handling_cost_inc_tax",
					    "handling_cost_tax"};
	char text[MONEY_TEXT];

	for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
		cJSON *cost = cJSON_GetObjectItemCaseSensitive(address, costs[i]);
		if (cJSON_IsString(cost))
			cJSON_ReplaceItemInObjectCaseSensitive(
				address, costs[i],
				cJSON_CreateRaw(money_number(text, money_of(cost, 0))));
	}
}

static void add_addressed(cJSON *into, int64_t order_id, const char *kind, bool line_items,
			  const char **warning)
{
	sqlite3_stmt *q = state_prepare("SELECT id, body FROM bc_order_address WHERE order_id = ?"
					" AND kind = ? ORDER BY id");

	sqlite3_bind_int64(q, 1, order_id);
	sqlite3_bind_text(q, 2, kind, -1, SQLITE_STATIC);
	while (sqlite3_step(q) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(q, 0);
		cJSON *consignment = cJSON_Parse(state_column_text(q, 1));
		costs_to_numbers(consignment);
		cJSON_DeleteItemFromObjectCaseSensitive(consignment, "order_id");
		if (!strcmp(kind, "shipping")) {
			cJSON_DeleteItemFromObjectCaseSensitive(consignment, "shipping_quotes");
			cJSON_AddItemToObject(consignment, "shipping_quotes",
					      record_link("/orders/%" PRId64
							  "/consignments/shipping/%" PRId64
							  "/shipping_quotes",
							  order_id, id));
		}
		add_lines(consignment, order_id, kind, id, line_items, warning);
		cJSON_AddItemToArray(into, consignment);
	}
	sqlite3_finalize(q);
}

/* downloads and gift certificates have no address, only who gets the mail */
static void add_mailed(cJSON *into, int64_t order_id, const char *kind, bool line_items,
		       const char **warning)
{
	char *recipient = state_text("SELECT coalesce(recipient_email, '') FROM bc_order_product"
				     " WHERE order_id = ? AND consignment = ? ORDER BY id LIMIT 1",
				     "it", order_id, kind);
	if (!recipient)
		return;
	cJSON *consignment = cJSON_CreateObject();
	cJSON_AddStringToObject(consignment, "recipient_email", recipient);
	add_lines(consignment, order_id, kind, 0, line_items, warning);
	cJSON_AddItemToArray(into, consignment);
	free(recipient);
}

cJSON *consignments_record(int64_t order_id, bool line_items, const char **warning)
{
	cJSON *c = cJSON_CreateObject();

	*warning = NULL;
	add_addressed(cJSON_AddArrayToObject(c, "pickups"), order_id, "pickup", line_items,
		      warning);
	add_addressed(cJSON_AddArrayToObject(c, "shipping"), order_id, "shipping", line_items,
		      warning);
	add_mailed(cJSON_AddArrayToObject(c, "downloads"), order_id, "download", line_items,
		   warning);
	cJSON *email = cJSON_AddObjectToObject(c, "email");
	add_mailed(cJSON_AddArrayToObject(email, "gift_certificates"), order_id, "email",
		   line_items, warning);
	return c;
}

cJSON *fees_record(int64_t order_id)
{
	cJSON *fees = cJSON_CreateArray();
	sqlite3_stmt *q = state_prepare(
		"SELECT body FROM bc_order_fee WHERE order_id = ? ORDER BY id");

	sqlite3_bind_int64(q, 1, order_id);
	while (sqlite3_step(q) == SQLITE_ROW)
		cJSON_AddItemToArray(fees, cJSON_CreateRaw(state_column_text(q, 0)));
	sqlite3_finalize(q);
	return fees;
}

static void add_date(cJSON *order, const char *name, sqlite3_stmt *row, int column)
{
	char text[40] = "";

	if (sqlite3_column_type(row, column) != SQLITE_NULL)
		bigcommerce_date(text, sqlite3_column_int64(row, column));
	cJSON_AddStringToObject(order, name, text);
}

static void add_text(cJSON *order, const char *name, sqlite3_stmt *row, int column)
{
	const char *text = state_column_text(row, column);

	cJSON_AddItemToObject(order, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

/* Whether such texts come encoded is not documented. */
static void add_note(cJSON *order, const char *name, sqlite3_stmt *row, int column)
{
	const char *text = state_column_text(row, column);
	char *shown = text ? redress(text, "bc_notes_text") : NULL;

	cJSON_AddItemToObject(order, name, shown ? cJSON_CreateString(shown) : cJSON_CreateNull());
	free(shown);
}

static void add_status(cJSON *order, int64_t status)
{
	char *name = state_text("SELECT name FROM bc_status WHERE id = ?", "i", status);
	char *label = state_text("SELECT custom_label FROM bc_status WHERE id = ?", "i", status);

	cJSON_AddNumberToObject(order, "status_id", (double)status);
	cJSON_AddStringToObject(order, "status", name ? name : "");
	cJSON_AddStringToObject(order, "custom_status", label ? label : "");
	free(name);
	free(label);
}

static void add_columns(cJSON *order, sqlite3_stmt *row)
{
	char text[MONEY_TEXT];

	cJSON_AddNumberToObject(order, "id", (double)sqlite3_column_int64(row, 0));
	add_status(order, sqlite3_column_int64(row, 1));
	cJSON_AddNumberToObject(order, "customer_id", (double)sqlite3_column_int64(row, 2));
	cJSON_AddNumberToObject(order, "channel_id", (double)sqlite3_column_int64(row, 3));
	add_text(order, "payment_method", row, 4);
	add_text(order, "external_order_id", row, 5);
	add_text(order, "external_id", row, 6);
	add_text(order, "cart_id", row, 7);
	cJSON_AddStringToObject(order, "total_inc_tax",
				money_text(text, sqlite3_column_int64(row, 8)));
	cJSON_AddBoolToObject(order, "is_deleted", sqlite3_column_int(row, 9));
	add_note(order, "staff_notes", row, 10);
	add_note(order, "customer_message", row, 11);
	add_date(order, "date_created", row, 12);
	add_date(order, "date_modified", row, 13);
	add_date(order, "date_shipped", row, 14);
}

/* Consignments as asked for: link, object, or the legacy array around the object. */
static void add_consignments(cJSON *order, int64_t id, const struct call *call)
{
	bool lines = include_has(call, "consignments.line_items");
	const char *warning;

	if ((!lines && !include_has(call, "consignments")) ||
	    switch_is("bc_consignments", "links")) {
		cJSON_AddItemToObject(order, "consignments",
				      record_link("/orders/%" PRId64 "/consignments", id));
		return;
	}
	cJSON *consignments = consignments_record(id, lines, &warning);
	if (!call_param(call, "consignment_structure") || switch_is("bc_consignments", "array")) {
		cJSON *legacy = cJSON_CreateArray();
		cJSON_AddItemToArray(legacy, consignments);
		consignments = legacy;
	}
	cJSON_AddItemToObject(order, "consignments", consignments);
	if (warning && switch_is("bc_warning_place", "order"))
		cJSON_AddItemToObject(order, "__warning__", warning_object(warning));
}

cJSON *order_record(sqlite3_stmt *row, const struct call *call)
{
	cJSON *order = cJSON_CreateObject();
	int64_t id = sqlite3_column_int64(row, 0);

	add_columns(order, row);
	cJSON_AddItemToObject(order, "products", record_link("/orders/%" PRId64 "/products", id));
	cJSON_AddItemToObject(order, "shipping_addresses",
			      record_link("/orders/%" PRId64 "/shippingaddresses", id));
	cJSON_AddItemToObject(order, "coupons", record_link("/orders/%" PRId64 "/coupons", id));
	add_consignments(order, id, call);
	cJSON_AddItemToObject(order, "fees",
			      include_has(call, "fees")
				      ? fees_record(id)
				      : record_link("/orders/%" PRId64 "/fees", id));
	record_merge(order, state_column_text(row, 15));
	return order;
}
