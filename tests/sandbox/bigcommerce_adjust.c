/* PUT /v3/inventory/adjustments/absolute: 2,000 items at most, each told by exactly one of sku,
 * variant_id and product_id; one that is at fault refuses the whole request (422). */
#include "bigcommerce.h"

#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX    2000
#define QUANTITY_MAX 2147483647

static bool whole(const cJSON *value, double least)
{
	return cJSON_IsNumber(value) && value->valuedouble == (double)value->valueint &&
	       value->valuedouble >= least && value->valuedouble <= QUANTITY_MAX;
}

/* bigcommerce_error() of this endpoint */
#define REFUSE(...)                                                                                \
	(bigcommerce_error(call, answer, 422, __VA_ARGS__),                                        \
	 (void)(answer->content_type = "application/problem+json"))

/* The one identifier of an item, NULL when there is none or more than one. */
static const cJSON *identity_of(const cJSON *item)
{
	const cJSON *found = NULL;
	int count = 0;

	for (const cJSON *field = item->child; field; field = field->next)
		if (!strcmp(field->string, "sku") || !strcmp(field->string, "variant_id") ||
		    !strcmp(field->string, "product_id")) {
			found = field;
			count++;
		}
	return count == 1 && (cJSON_IsString(found) || whole(found, 1)) ? found : NULL;
}

/* Whether the item names something whose stock can be set so; else the answer says why not. */
static bool item_fits(const struct call *call, struct answer *answer, const cJSON *identity)
{
	const char *name = identity->string, *sku = cJSON_GetStringValue(identity);
	int64_t id = sku ? 0 : (int64_t)identity->valuedouble;
	bool by_product = !strcmp(name, "product_id");
	char *tracking = state_text(
		"SELECT inventory_tracking FROM bc_product p"
		" WHERE (?1 IS NULL OR p.id IN (SELECT product_id FROM bc_variant"
		" WHERE sku = ?1)) AND (?2 = 0 OR p.id = ?2 AND ?3 OR p.id IN"
		" (SELECT product_id FROM bc_variant WHERE id = ?2 AND NOT ?3))",
		"tii", sku, id, (int64_t)by_product);
	bool fits = false;

	if (!tracking)
		REFUSE("Products not found, identities: [%s %lld]", name, (long long)id);
	else if (!strcmp(tracking, "none") && switch_is("bc_adjust_untracked", "refuse"))
		REFUSE("[Item with %s %lld is not tracked]", name, (long long)id);
	else if (!strcmp(tracking, "product") && !by_product && !sku)
		REFUSE("[Item with %s %lld is tracked by product, please update stock by"
		       " product id]",
		       name, (long long)id);
	else if (!strcmp(tracking, "variant") && by_product)
		REFUSE("[Item with %s %lld is tracked by variant, please update stock by"
		       " variant id]",
		       name, (long long)id);
	else
		fits = true;
	free(tracking);
	return fits;
}

/* What an item shows for some time after it was set; see bc_stock_lag_ms. */
static void keep_late(int64_t location, const char *sku, int64_t variant, int64_t product)
{
	state_run(
		"INSERT OR REPLACE INTO bc_stock_late (variant_id, location_id, onhand, until_ms)"
		" SELECT s.variant_id, s.location_id, s.onhand, server_time() + w.value FROM bc_stock s"
		" JOIN bc_variant v ON v.id = s.variant_id"
		" JOIN switch w ON w.name = 'bc_stock_lag_ms' AND w.value > 0"
		" WHERE s.location_id = ?1 AND (v.sku = ?2 OR v.id = ?3 OR v.product_id = ?4)"
		" AND NOT EXISTS (SELECT 1 FROM bc_stock_late t WHERE t.variant_id = s.variant_id"
		"   AND t.location_id = s.location_id AND t.until_ms > server_time())",
		"itii", location, sku, variant, product);
}

static void apply(const cJSON *item, const cJSON *identity)
{
	const char *sku = cJSON_GetStringValue(identity);
	int64_t id = sku ? 0 : (int64_t)identity->valuedouble;

	keep_late((int64_t)cJSON_GetObjectItem(item, "location_id")->valuedouble, sku,
		  strcmp(identity->string, "variant_id") ? 0 : id,
		  strcmp(identity->string, "product_id") ? 0 : id);

	state_run("INSERT INTO bc_stock (variant_id, location_id, onhand)"
		  " SELECT v.id, ?1, ?2 FROM bc_variant v JOIN bc_product p ON p.id = v.product_id"
		  "  WHERE p.inventory_tracking <> 'none' AND (v.sku = ?3 OR v.id = ?4 OR"
		  "        v.product_id = ?5)"
		  " ON CONFLICT DO UPDATE SET onhand = excluded.onhand",
		  "iitii", (int64_t)cJSON_GetObjectItem(item, "location_id")->valuedouble,
		  (int64_t)cJSON_GetObjectItem(item, "quantity")->valuedouble, sku,
		  strcmp(identity->string, "variant_id") ? (int64_t)0
							 : (int64_t)identity->valuedouble,
		  strcmp(identity->string, "product_id") ? (int64_t)0
							 : (int64_t)identity->valuedouble);
}

static bool adjust(const struct call *call, struct answer *answer, const cJSON *item)
{
	const cJSON *location = cJSON_GetObjectItem(item, "location_id");
	const cJSON *identity = cJSON_IsObject(item) ? identity_of(item) : NULL;

	if (!identity || !whole(location, 1) || !whole(cJSON_GetObjectItem(item, "quantity"), 0)) {
		REFUSE("JSON data is missing or invalid: an item has location_id, quantity and one"
		       " of sku, variant_id and product_id.");
		return false;
	}
	if (!state_int(0, "SELECT 1 FROM bc_location WHERE id = ?", "i",
		       (int64_t)location->valueint)) {
		REFUSE("Location not found, identities: [%d]", location->valueint);
		return false;
	}
	if (!item_fits(call, answer, identity))
		return false;
	apply(item, identity);
	return true;
}

void inventory_adjust(const struct call *call, struct answer *answer, char *const arg[4])
{
	const cJSON *items = cJSON_GetObjectItem(call->json, "items"), *item;

	(void)arg;
	if (!cJSON_IsArray(items) || !items->child) {
		REFUSE("JSON data is missing or invalid: items");
		return;
	}
	if (cJSON_GetArraySize(items) > ITEMS_MAX) {
		bigcommerce_error(call, answer, 413, "The maximum number of items is %d",
				  ITEMS_MAX);
		return;
	}
	cJSON_ArrayForEach (item, items)
		if (!adjust(call, answer, item))
			return;
	cJSON *result = cJSON_CreateObject();
	cJSON_AddStringToObject(result, "transaction_id", "7f1f6bb0-1c1f-4d4a-9d0c-6a53b6f7c901");
	answer_json(answer, 200, result);
}
