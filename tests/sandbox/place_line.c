/* The body of an order's line: every field that the OpenAPI file shows. */
#include "place_p.h"

#include <stdlib.h>
#include <string.h>

static void add_discount(cJSON *into, const char *id, const char *name, const char *code,
			 const char *target, int64_t amount)
{
	if (!amount)
		return;
	cJSON *d = cJSON_CreateObject();
	cJSON_AddStringToObject(d, "id", id);
	place_add_money(d, "amount", amount);
	cJSON_AddStringToObject(d, "name", name);
	cJSON_AddItemToObject(d, "code", code ? cJSON_CreateString(code) : cJSON_CreateNull());
	cJSON_AddStringToObject(d, "target", target);
	cJSON_AddItemToArray(into, d);
}

static void add_discounts(cJSON *body, const struct place_order *o, const struct place_line *l)
{
	cJSON *list = cJSON_AddArrayToObject(body, "applied_discounts");
	const cJSON *coupon = cJSON_GetObjectItemCaseSensitive(o->from, "coupon");
	const char *code = place_text(coupon, "code", "COUPON");

	add_discount(list, "product-discount", "Product Discount", NULL, "product", l->discount);
	add_discount(list, "manual-discount", "Manual Discount", NULL, "order", l->discount_share);
	add_discount(list, "coupon", place_text(coupon, "name", code), code, "order",
		     l->coupon_share);
}

static void add_line_ids(cJSON *body, const struct place_order *o, const struct place_line *l)
{
	char *known = state_text("SELECT name FROM bc_product WHERE id = ?", "i", l->product_id);
	const char *name = place_text(l->from, "name", known ? known : "Product");
	static const char *const names[] = {"name", "name_customer", "name_merchant"};

	cJSON_AddNumberToObject(body, "id", (double)l->id);
	cJSON_AddNumberToObject(body, "order_id", (double)o->id);
	cJSON_AddNumberToObject(body, "product_id", (double)l->product_id);
	cJSON_AddNumberToObject(body, "variant_id", (double)l->variant_id);
	cJSON_AddNumberToObject(body, "order_pickup_method_id", !strcmp(l->consignment, "pickup"));
	cJSON_AddNumberToObject(body, "order_address_id",
				l->address < 0 || o->addresses[l->address].pickup
					? 0
					: (double)o->addresses[l->address].id);
	for (int i = 0; i < 3; i++)
		cJSON_AddStringToObject(body, names[i], name);
	free(known);
	cJSON_AddStringToObject(body, "sku", place_text(l->from, "sku", ""));
	cJSON_AddStringToObject(body, "upc", place_text(l->from, "upc", ""));
	cJSON_AddStringToObject(body, "type", place_text(l->from, "type", "physical"));
}

static void add_line_money(cJSON *body, const struct place_line *l)
{
	place_add_money(body, "base_price", l->price);
	place_add_taxed(body, "price", l->price_ex, l->price_inc, l->price_inc - l->price_ex);
	place_add_money(body, "base_total", l->price * l->quantity);
	place_add_taxed(body, "total", l->total_ex, l->total_inc, l->tax);
	place_add_money(body, "discounted_total_inc_tax", l->discounted);
	place_add_money(body, "base_cost_price", 0);
	place_add_taxed(body, "cost_price", 0, 0, 0);
	place_add_money(body, "base_wrapping_cost", l->wrapping.base);
	place_add_taxed(body, "wrapping_cost", l->wrapping.ex, l->wrapping.inc,
			l->wrapping.inc - l->wrapping.ex);
	place_add_money(body, "fixed_shipping_cost", 0);
	place_add_money(body, "refund_amount", 0);
}

static void add_line_rest(cJSON *body, const struct place_line *l)
{
	static const char *const nulls[] = {"event_name",    "event_date",
					    "option_set_id", "parent_order_product_id",
					    "external_id",   "gift_certificate_id"};
	static const char *const blanks[] = {"ebay_item_id", "ebay_transaction_id",
					     "bin_picking_number", "brand"};
	static const char *const sizes[] = {"weight", "width", "height", "depth"};
	const cJSON *options = cJSON_GetObjectItemCaseSensitive(l->from, "options");
	int64_t refunded = place_int(l->from, "refunded", 0);

	cJSON_AddNumberToObject(body, "quantity", (double)l->quantity);
	cJSON_AddNumberToObject(body, "quantity_shipped", (double)l->shipped);
	cJSON_AddNumberToObject(body, "quantity_refunded", (double)refunded);
	cJSON_AddBoolToObject(body, "is_refunded", refunded && refunded == l->quantity);
	cJSON_AddNumberToObject(body, "return_id", 0);
	cJSON_AddNumberToObject(body, "wrapping_id", l->wrapping.base != 0);
	cJSON_AddStringToObject(body, "wrapping_name", place_text(l->from, "wrapping_name", ""));
	cJSON_AddStringToObject(body, "wrapping_message",
				place_text(l->from, "wrapping_message", ""));
	cJSON_AddBoolToObject(body, "is_bundled_product", false);
	for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
		cJSON_AddNullToObject(body, nulls[i]);
	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
		cJSON_AddStringToObject(body, blanks[i], "");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		place_add_money(body, sizes[i], 0);
	cJSON_AddItemToObject(body, "product_options",
			      options ? cJSON_Duplicate(options, true) : cJSON_CreateArray());
	cJSON_AddArrayToObject(body, "configurable_fields");
}

char *place_line_body(const struct place_order *o, const struct place_line *l)
{
	cJSON *body = cJSON_CreateObject();

	add_line_ids(body, o, l);
	add_line_money(body, l);
	add_line_rest(body, l);
	add_discounts(body, o, l);
	return place_print(body, l->from);
}
