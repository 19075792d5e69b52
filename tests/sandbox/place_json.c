/* The bodies of placed orders, addresses and fees: every field that the OpenAPI file shows. */
#include "bigcommerce.h"
#include "place_p.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void place_add_money(cJSON *into, const char *name, int64_t amount)
{
	char text[MONEY_TEXT];

	cJSON_AddStringToObject(into, name, money_text(text, amount));
}

/* <prefix>_ex_tax, _inc_tax, _tax */
void place_add_taxed(cJSON *into, const char *prefix, int64_t ex, int64_t inc, int64_t tax)
{
	char name[64];

	snprintf(name, sizeof name, "%s_ex_tax", prefix);
	place_add_money(into, name, ex);
	snprintf(name, sizeof name, "%s_inc_tax", prefix);
	place_add_money(into, name, inc);
	snprintf(name, sizeof name, "%s_tax", prefix);
	place_add_money(into, name, tax);
}

static void add_cost(cJSON *into, const char *base, const char *prefix, const struct place_cost *c)
{
	char name[64];

	place_add_money(into, base, c->base);
	place_add_taxed(into, prefix, c->ex, c->inc, c->inc - c->ex);
	snprintf(name, sizeof name, "%s_tax_class_id", prefix);
	cJSON_AddNumberToObject(into, name, 0);
}

/* Print, with the source's "raw" fields on top; releases body. */
char *place_print(cJSON *body, const cJSON *from)
{
	const cJSON *raw = cJSON_GetObjectItemCaseSensitive(from, "raw");

	if (raw) {
		char *text = cJSON_PrintUnformatted(raw);
		record_merge(body, text);
		free(text);
	}
	char *text = cJSON_PrintUnformatted(body);
	cJSON_Delete(body);
	return text;
}

static const char *const address_fields[] = {
	"first_name", "last_name", "company",      "street_1", "street_2", "city", "state",
	"zip",        "country",   "country_iso2", "phone",    "email",    NULL};

static void add_address(cJSON *into, const cJSON *from, const cJSON *otherwise)
{
	for (const char *const *f = address_fields; *f; f++)
		cJSON_AddStringToObject(into, *f,
					place_text(from, *f, place_text(otherwise, *f, "")));
	const cJSON *fields = cJSON_GetObjectItemCaseSensitive(from, "form_fields");
	cJSON_AddItemToObject(into, "form_fields",
			      fields ? cJSON_Duplicate(fields, true) : cJSON_CreateArray());
}

cJSON *place_billing(const struct place_order *o)
{
	cJSON *billing = cJSON_CreateObject();

	add_address(billing, cJSON_GetObjectItemCaseSensitive(o->from, "billing"),
		    cJSON_GetObjectItemCaseSensitive(o->from, "customer"));
	return billing;
}

char *place_address_body(const struct place_order *o, const struct place_address *a)
{
	cJSON *body = cJSON_CreateObject();
	const char *method = place_text(o->from, "shipping_method", "Royal Mail");

	cJSON_AddNumberToObject(body, "id", (double)a->id);
	if (a->pickup) {
		cJSON_AddNumberToObject(body, "pickup_method_id", 1);
		cJSON_AddStringToObject(body, "pickup_method_display_name", "Pick Up");
		cJSON_AddStringToObject(body, "collection_instructions", "Bring your ID");
		cJSON_AddStringToObject(body, "collection_time_description", "9am - 6pm");
		cJSON_AddRawToObject(body, "location",
				     "{\"id\":1,\"name\":\"Default location\",\"code\":"
				     "\"BC-LOCATION-1\",\"country_alpha2\":\"GB\"}");
		return place_print(body, a->from);
	}
	cJSON_AddNumberToObject(body, "order_id", (double)o->id);
	cJSON *billing = place_billing(o);
	add_address(body, a->from, billing);
	cJSON_Delete(billing);
	cJSON_AddNumberToObject(body, "items_total", (double)a->items);
	cJSON_AddNumberToObject(body, "items_shipped", (double)a->shipped);
	cJSON_AddStringToObject(body, "shipping_method", place_text(a->from, "method", method));
	add_cost(body, "base_cost", "cost", &a->shipping);
	add_cost(body, "base_handling_cost", "handling_cost", &a->handling);
	cJSON_AddNumberToObject(body, "shipping_zone_id", 1);
	cJSON_AddStringToObject(body, "shipping_zone_name",
				place_text(a->from, "zone", place_text(a->from, "country", "")));
	cJSON_AddItemToObject(body, "shipping_quotes",
			      record_link("/orders/%" PRId64 "/shippingaddresses/%" PRId64
					  "/shippingquotes",
					  o->id, a->id));
	return place_print(body, a->from);
}

char *place_fee_body(const struct place_fee *f, int64_t id)
{
	cJSON *body = cJSON_CreateObject();
	const char *name = place_text(f->from, "name", "Fee");

	cJSON_AddNumberToObject(body, "id", (double)id);
	cJSON_AddStringToObject(body, "type", "custom_fee");
	cJSON_AddStringToObject(body, "display_name_customer", name);
	cJSON_AddStringToObject(body, "display_name_merchant", name);
	cJSON_AddStringToObject(body, "source", "AA");
	place_add_money(body, "base_cost", f->cost.base);
	place_add_taxed(body, "cost", f->cost.ex, f->cost.inc, f->cost.inc - f->cost.ex);
	cJSON_AddNullToObject(body, "tax_class_id");
	return place_print(body, f->from);
}

static void add_currency(cJSON *body, const struct place_order *o)
{
	char *home = state_text("SELECT code FROM bc_currency WHERE is_default", "");
	const char *paid = place_text(o->from, "currency", home ? home : "GBP");
	const char *shown = place_text(o->from, "display_currency", paid);
	static const char id[] = "SELECT id FROM bc_currency WHERE code = ?";

	cJSON_AddNumberToObject(body, "currency_id", (double)state_int(0, id, "t", shown));
	cJSON_AddStringToObject(body, "currency_code", shown);
	cJSON_AddStringToObject(body, "currency_exchange_rate", "1.0000000000");
	cJSON_AddNumberToObject(body, "default_currency_id", (double)state_int(0, id, "t", paid));
	cJSON_AddStringToObject(body, "default_currency_code", paid);
	cJSON_AddStringToObject(body, "store_default_currency_code", home ? home : "");
	cJSON_AddStringToObject(body, "store_default_to_transactional_exchange_rate",
				place_text(o->from, "exchange_rate", "1.0000000000"));
	free(home);
}

static void add_order_money(cJSON *body, const struct place_order *o)
{
	place_add_taxed(body, "subtotal", o->subtotal.ex, o->subtotal.inc, o->subtotal_tax);
	add_cost(body, "base_shipping_cost", "shipping_cost", &o->shipping);
	add_cost(body, "base_handling_cost", "handling_cost", &o->handling);
	add_cost(body, "base_wrapping_cost", "wrapping_cost", &o->wrapping);
	place_add_taxed(body, "total", o->total.ex, o->total.inc, o->total_tax);
	place_add_money(body, "discount_amount", o->discount);
	place_add_money(body, "coupon_discount", o->coupon);
	place_add_money(body, "refunded_amount", place_money(o->from, "refunded_amount", 0));
	place_add_money(body, "store_credit_amount", place_money(o->from, "store_credit", 0));
	place_add_money(body, "gift_certificate_amount",
			place_money(o->from, "gift_certificate", 0));
	cJSON_AddBoolToObject(body, "is_tax_inclusive_pricing", o->inclusive);
}

static void add_order_counts(cJSON *body, const struct place_order *o)
{
	int64_t items = 0, shipped = 0, addresses = 0, digital = 0;

	for (int i = 0; i < o->line_count; i++) {
		items += o->lines[i].quantity;
		shipped += o->lines[i].shipped;
		digital += !strcmp(o->lines[i].consignment, "download");
	}
	for (int i = 0; i < o->address_count; i++)
		addresses += !o->addresses[i].pickup;
	cJSON_AddNumberToObject(body, "items_total", (double)items);
	cJSON_AddNumberToObject(body, "items_shipped", (double)shipped);
	cJSON_AddNumberToObject(body, "shipping_address_count", (double)addresses);
	cJSON_AddBoolToObject(body, "order_is_digital", digital && digital == o->line_count);
}

char *place_order_body(const struct place_order *o)
{
	static const char *const blanks[] = {"ip_address", "ip_address_v6", "geoip_country",
					     "geoip_country_iso2"};
	static const char *const nulls[] = {"credit_card_type", "external_source",
					    "external_merchant_id"};
	cJSON *body = cJSON_CreateObject();
	const cJSON *money = cJSON_GetObjectItemCaseSensitive(o->from, "paid");
	const char *paid = money && !cJSON_IsFalse(money) ? "captured" : "";

	add_order_money(body, o);
	add_order_counts(body, o);
	add_currency(body, o);
	cJSON_AddStringToObject(body, "payment_provider_id",
				place_text(o->from, "payment_provider_id", ""));
	cJSON_AddStringToObject(body, "payment_status",
				place_text(o->from, "payment_status", paid));
	cJSON_AddStringToObject(body, "ebay_order_id", "0");
	cJSON_AddItemToObject(body, "billing_address", place_billing(o));
	cJSON_AddBoolToObject(body, "is_email_opt_in", false);
	cJSON_AddStringToObject(body, "order_source", place_text(o->from, "order_source", "www"));
	cJSON_AddStringToObject(body, "tax_provider_id", "BasicTaxProvider");
	cJSON_AddStringToObject(body, "customer_locale", "en");
	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
		cJSON_AddStringToObject(body, blanks[i], "");
	for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
		cJSON_AddNullToObject(body, nulls[i]);
	/* a column of bc_order of its own, which "raw" may still override */
	cJSON_DeleteItemFromObjectCaseSensitive(body, "total_inc_tax");
	return place_print(body, o->from);
}
