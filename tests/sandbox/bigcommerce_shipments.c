/* V2 shipments of an order: listed, counted, made and changed.
 *
 * Making one counts up quantity_shipped of the lines and items_shipped of address and order.  What
 * the documentation leaves open is chosen by the switches bc_shipment_*. */
#include "bigcommerce.h"

#include <stdlib.h>
#include <string.h>

#define COMMENTS_MAX 65535

static const struct {
	const char *name;
	size_t most; /* characters */
} texts[] = {{"tracking_number", 50},    {"tracking_link", 500},
	     {"shipping_method", 255},   {"shipping_provider", 255},
	     {"tracking_carrier", 255},  {"merchant_shipping_cost", 30},
	     {"comments", COMMENTS_MAX}, {NULL, 0}};

static size_t characters(const char *utf8)
{
	size_t count = 0;

	for (; *utf8; utf8++)
		count += (*utf8 & 0xC0) != 0x80;
	return count;
}

static bool is_whole(const cJSON *item)
{
	return cJSON_IsNumber(item) && item->valuedouble == (double)item->valueint &&
	       item->valueint > 0;
}

static bool field_fits(const cJSON *field)
{
	if (!strcmp(field->string, "order_address_id"))
		return is_whole(field);
	for (int i = 0; texts[i].name; i++)
		if (!strcmp(texts[i].name, field->string))
			return cJSON_IsString(field) &&
			       characters(field->valuestring) <= texts[i].most;
	return false;
}

static bool fields_fit(const struct call *call, struct answer *answer, bool with_items)
{
	if (!cJSON_IsObject(call->json) || !call->json->child) {
		bigcommerce_error(call, answer, 400, "The request body is not a JSON object.");
		return false;
	}
	for (const cJSON *f = call->json->child; f; f = f->next)
		if (!(with_items && !strcmp(f->string, "items")) && !field_fits(f)) {
			bigcommerce_error(call, answer, 400, "The field '%s' is invalid.",
					  f->string);
			return false;
		}
	return true;
}

static bool address_fits(const struct call *call, struct answer *answer, int64_t order)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(call->json, "order_address_id");

	if (id && state_int(0,
			    "SELECT 1 FROM bc_order_address WHERE id = ? AND order_id = ?"
			    " AND kind = 'shipping'",
			    "ii", (int64_t)id->valueint, order))
		return true;
	bigcommerce_error(call, answer, 400, "The field 'order_address_id' is invalid.");
	return false;
}

/* One item: a physical line of this order and address, with that much left to ship. */
static bool item_fits(const struct call *call, struct answer *answer, int64_t order,
		      const cJSON *item)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(item, "order_product_id");
	const cJSON *quantity = cJSON_GetObjectItemCaseSensitive(item, "quantity");
	const cJSON *address = cJSON_GetObjectItemCaseSensitive(call->json, "order_address_id");

	if (!is_whole(id) || !is_whole(quantity) || cJSON_GetArraySize(item) != 2) {
		bigcommerce_error(call, answer, 400, "The field 'items' is invalid.");
		return false;
	}
	int64_t left = state_int(-1,
				 "SELECT quantity - quantity_shipped FROM bc_order_product"
				 " WHERE id = ? AND order_id = ? AND address_id = ?"
				 " AND consignment = 'shipping'",
				 "iii", (int64_t)id->valueint, order, (int64_t)address->valueint);
	if (left < 0) {
		bigcommerce_error(call, answer, 400,
				  "The order product %d is not shipped to this address.",
				  id->valueint);
		return false;
	}
	if (quantity->valueint <= left || switch_is("bc_shipment_over", "accept"))
		return true;
	bigcommerce_error(call, answer, 409,
			  "The quantity of order product %d is more than is left to ship.",
			  id->valueint);
	return false;
}

static bool items_fit(const struct call *call, struct answer *answer, int64_t order)
{
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(call->json, "items"), *item;

	if (!cJSON_IsArray(items) || !items->child) {
		bigcommerce_error(call, answer, 400, "The field 'items' is invalid.");
		return false;
	}
	cJSON_ArrayForEach (item, items)
		if (!item_fits(call, answer, order, item))
			return false;
	return true;
}

/* The stored record of what was sent: what is absent is empty, but shipping_provider "custom". */
static void store(int64_t order, const char *sent)
{
	char date[40];

	state_run(
		"INSERT INTO bc_shipment (order_id, body) SELECT o.id, json_object("
		"'id', 0, 'order_id', o.id, 'customer_id', o.customer_id,"
		" 'order_address_id', ?2 ->> '$.order_address_id', 'date_created', ?3,"
		" 'tracking_number', coalesce(?2 ->> '$.tracking_number', ''),"
		" 'merchant_shipping_cost', coalesce(?2 ->> '$.merchant_shipping_cost', '0.0000'),"
		" 'shipping_method', coalesce(?2 ->> '$.shipping_method', ''),"
		" 'shipping_provider', coalesce(?2 ->> '$.shipping_provider', 'custom'),"
		" 'tracking_carrier', coalesce(?2 ->> '$.tracking_carrier', ''),"
		" 'tracking_link', coalesce(?2 ->> '$.tracking_link', ''),"
		" 'comments', coalesce(?2 ->> '$.comments', ''),"
		" 'billing_address', json(coalesce(o.body -> '$.billing_address', '{}')),"
		" 'shipping_address', (SELECT json(body) FROM bc_order_address"
		"   WHERE id = ?2 ->> '$.order_address_id'),"
		" 'items', (SELECT json_group_array(json_object('order_product_id', p.id,"
		"   'product_id', p.product_id, 'quantity', i.value ->> '$.quantity'))"
		"   FROM json_each(?2, '$.items') i JOIN bc_order_product p"
		"   ON p.id = i.value ->> '$.order_product_id'),"
		" 'shipping_provider_display_name', coalesce(?2 ->> '$.shipping_provider', ''),"
		" 'generated_tracking_link', '') FROM bc_order o WHERE o.id = ?1",
		"itt", order, sent, bigcommerce_date(date, sandbox_now() / 1000));
	state_run("UPDATE bc_shipment SET body = json_set(body, '$.id', id) WHERE id ="
		  " last_insert_rowid()",
		  "");
}

static void count_shipped(int64_t order, const char *sent)
{
	state_run("UPDATE bc_order_product SET body = json_set(body, '$.quantity_shipped',"
		  " quantity_shipped + i.quantity) FROM (SELECT value ->> '$.order_product_id' AS"
		  " id, sum(value ->> '$.quantity') AS quantity FROM json_each(?1, '$.items')"
		  " GROUP BY 1) i WHERE bc_order_product.id = i.id",
		  "t", sent);
	state_run("UPDATE bc_order_address SET body = json_set(body, '$.items_shipped',"
		  " (SELECT sum(quantity_shipped) FROM bc_order_product p WHERE p.address_id ="
		  " bc_order_address.id)) WHERE id = ? ->> '$.order_address_id'",
		  "t", sent);
	state_run("UPDATE bc_order SET body = json_set(body, '$.items_shipped',"
		  " (SELECT sum(quantity_shipped) FROM bc_order_product p WHERE p.order_id ="
		  " bc_order.id)) WHERE id = ?",
		  "i", order);
}

static void touch_order(int64_t order)
{
	int64_t now = sandbox_now() / 1000;

	if (switch_is("bc_shipment_modifies", "yes"))
		state_run("UPDATE bc_order SET date_modified = ? WHERE id = ?", "ii", now, order);
	if (!switch_is("bc_shipment_moves_status", "no"))
		state_run("UPDATE bc_order SET date_modified = ?2, status_id = iif(EXISTS (SELECT 1"
			  " FROM bc_order_product p WHERE p.order_id = ?1 AND consignment ="
			  " 'shipping' AND quantity_shipped < quantity), 3, ?3) WHERE id = ?1",
			  "iii", order, now,
			  (int64_t)(switch_is("bc_shipment_moves_status", "completed") ? 10 : 2));
	state_run("UPDATE bc_order SET body = json_remove(body, '$.status', '$.custom_status'),"
		  " date_shipped = iif(status_id = 2, coalesce(date_shipped, ?), date_shipped)"
		  " WHERE id = ?",
		  "ii", now, order);
}

static void answer_shipment(const struct call *call, struct answer *answer, int status,
			    int64_t order, int64_t id)
{
	char *body = state_text("SELECT body FROM bc_shipment WHERE order_id = ? AND id = ?", "ii",
				order, id);

	if (body)
		answer_text(answer, status, body, "application/json");
	else
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	free(body);
}

void shipment_post(const struct call *call, struct answer *answer, char *const arg[4])
{
	int64_t order;

	if (!order_exists(call, answer, arg[0], &order) || !fields_fit(call, answer, true) ||
	    !address_fits(call, answer, order) || !items_fit(call, answer, order))
		return;
	char *sent = cJSON_PrintUnformatted(call->json);
	store(order, sent);
	int64_t id = state_int(0, "SELECT max(id) FROM bc_shipment", "");
	count_shipped(order, sent);
	touch_order(order);
	answer_shipment(call, answer, 201, order, id);
	free(sent);
}

void shipment_get(const struct call *call, struct answer *answer, char *const arg[4])
{
	int64_t order, id;

	if (order_exists(call, answer, arg[0], &order))
		answer_shipment(call, answer, 200, order, bigcommerce_id(arg[1], &id) ? id : 0);
}

void shipments_count(const struct call *call, struct answer *answer, char *const arg[4])
{
	int64_t order;

	if (!order_exists(call, answer, arg[0], &order))
		return;
	cJSON *body = cJSON_CreateObject();
	cJSON_AddNumberToObject(body, "count",
				(double)state_int(0,
						  "SELECT count(*) FROM bc_shipment WHERE"
						  " order_id = ?",
						  "i", order));
	answer_json(answer, 200, body);
}

/* Everything but the items may change. */
void shipment_put(const struct call *call, struct answer *answer, char *const arg[4])
{
	int64_t order, id;

	if (!order_exists(call, answer, arg[0], &order))
		return;
	if (!bigcommerce_id(arg[1], &id) ||
	    !state_int(0, "SELECT 1 FROM bc_shipment WHERE id = ? AND order_id = ?", "ii", id,
		       order)) {
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
		return;
	}
	if (!fields_fit(call, answer, false) ||
	    (cJSON_HasObjectItem(call->json, "order_address_id") &&
	     !address_fits(call, answer, order)))
		return;
	char *sent = cJSON_PrintUnformatted(call->json);
	state_run("UPDATE bc_shipment SET body = json_patch(body, ?) WHERE id = ?", "ti", sent, id);
	free(sent);
	if (switch_is("bc_shipment_modifies", "yes"))
		state_run("UPDATE bc_order SET date_modified = ? WHERE id = ?", "ii",
			  sandbox_now() / 1000, order);
	answer_shipment(call, answer, 200, order, id);
}
