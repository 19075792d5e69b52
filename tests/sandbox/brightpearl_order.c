/* GET /order-service/order/{idset} (8.4), and what every change of an order has in common. */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

int64_t bp_order_known(const char *segment, struct answer *answer)
{
	return bp_path_known(segment, "SELECT 1 FROM bp_order WHERE id = ?", "Order", answer);
}

void bp_order_touch(int64_t id)
{
	state_run("UPDATE bp_order SET version = version + 1, visible_at_ms = ?3, updated_on ="
		  " iif(created_on = ?2 AND ?4, updated_on, ?2) WHERE id = ?1",
		  "iiii", id, bp_now(), bp_visible_at(),
		  (int64_t)switch_is("bp_same_second_update", "null"));
}

#define SUM(column) "(SELECT coalesce(sum(" column "), 0) FROM bp_order_row WHERE order_id = ?1)"
#define STOCKED                                                                                    \
	"EXISTS (SELECT 1 FROM bp_order_row r JOIN bp_product p ON p.id = r.product_id"            \
	" WHERE r.order_id = ?1 AND p.stock_tracked)"
/* without stock the neutral code, with stock at least the first one */
#define STATUS(column, neutral, first)                                                             \
	column " = CASE WHEN NOT " STOCKED " THEN '" neutral "'"                                   \
	       " WHEN " column " = '" neutral "' THEN '" first "' ELSE " column " END"

void bp_order_sum(int64_t id)
{
	state_run(
		"UPDATE bp_order SET total_net = " SUM("net") ", total_tax = " SUM("tax") ", total = " SUM("net + tax") ", " STATUS(
			"stock_status", "NON",
			"SON") ", " STATUS("alloca"
					   "tion_"
					   "statu"
					   "s",
					   "ANR",
					   "ANA") ", " STATUS("shipping_status", "NST",
							      "SNS") ", payment_status = CASE WHEN " SUM("net + tax") " = 0 THEN 'NOT_APPLICABLE'"
														      " WHEN payment_status = 'NOT_APPLICABLE' THEN 'UNPAID' ELSE payment_status END"
														      " WHERE id = ?1",
		"i", id);
}

static void add_text(cJSON *to, const cJSON *from, const char *name)
{
	const char *text = bp_at_text(from, name);
	cJSON_AddStringToObject(to, name, text ? text : "");
}

/* The country of a stored address, which names it by id or by code. */
static cJSON *read_country(const cJSON *address)
{
	cJSON *found = bp_select(
		"SELECT name AS country, id AS countryId, iso2 AS countryIsoCode,"
		" iso3 AS countryIsoCode3 FROM bp_country WHERE id = ?1 OR ?2 IN (iso2,"
		" iso3)",
		"it", bp_at_int(address, "countryId", 0), bp_at_text(address, "countryIsoCode"));
	cJSON *country = cJSON_DetachItemFromArray(found, 0);

	cJSON_Delete(found);
	return country;
}

cJSON *bp_address_show(const char *json, bool spelled_out)
{
	static const char *const texts[] = {
		"addressFullName", "companyName",  "addressLine1", "addressLine2",
		"addressLine3",    "addressLine4", "postalCode",   "telephone",
		"mobileTelephone", "fax",          "email"};
	cJSON *stored = cJSON_Parse(json), *shown = cJSON_CreateObject();
	cJSON *country = read_country(stored);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		add_text(shown, stored, texts[i]);
	while (country && spelled_out && country->child)
		cJSON_AddItemToArray(shown, cJSON_DetachItemViaPointer(country, country->child));
	if (country && !spelled_out)
		cJSON_AddStringToObject(shown, "countryIsoCode",
					bp_at_text(country, "countryIsoCode3"));
	cJSON_Delete(country);
	cJSON_Delete(stored);
	return shown;
}

#define BASE(column)                                                                               \
	"(" column " * exchange_rate + iif(" column " < 0, -500000, 500000))"                      \
	" / 1000000"

static const char orders_sql[] =
	"SELECT o.id, parent_id AS parentOrderId, o.order_type AS orderTypeCode, ref AS reference,"
	" external_ref AS externalRef, o.version,"
	" iif(invoice_ref = '', 'READY', 'INVOICED') AS [state.tax],"
	" status_id AS [orderStatus.orderStatusId], s.name AS [orderStatus.name],"
	" '[]' AS [tax.errors:json], payment_status AS orderPaymentStatus,"
	" stock_status AS stockStatusCode, allocation_status AS allocationStatusCode,"
	" shipping_status AS shippingStatusCode, placed_on AS [placedOn:date],"
	" created_on AS [createdOn:date], updated_on AS [updatedOn:date],"
	" closed_on AS [closedOn:date], created_by AS createdById, price_list_id AS priceListId,"
	" price_mode AS priceModeCode, delivery_date AS [delivery.deliveryDate:date],"
	" shipping_method_id AS [delivery.shippingMethodId],"
	" invoice_ref AS [invoice.invoiceReference], tax_date AS [invoice.taxDate:date],"
	" (SELECT value FROM bp_configuration WHERE name = 'baseCurrencyCode')"
	" AS [currency.accountingCurrencyCode], currency AS [currency.orderCurrencyCode],"
	" exchange_rate AS [currency.exchangeRate:m6], fixed_rate AS"
	" [currency.fixedExchangeRate:bool],"
	" total_net AS [totalValue.net:m2], total_tax AS [totalValue.taxAmount:m2],"
	" " BASE(
		"total_net") " AS [totalValue.baseNet:m2],"
			     " " BASE(
				     "total_tax") " AS [totalValue.baseTaxAmount:m2],"
						  " " BASE(
							  "total") " AS [totalValue.baseTotal:m2], "
								   "total AS [totalValue.total:m2],"
								   " staff_owner_id AS "
								   "[assignment.current."
								   "staffOwnerContactId],"
								   " project_id AS "
								   "[assignment.current.projectId],"
								   " channel_id AS"
								   " [assignment.current.channelId]"
								   ","
								   " lead_source_id AS "
								   "[assignment.current."
								   "leadSourceId], team_id AS"
								   " [assignment.current.teamId],"
								   " contact_id AS contact, "
								   "coalesce(billing_contact_id, "
								   "contact_id) AS payer,"
								   " customer_address AS customer, "
								   "billing_address AS billing, "
								   "delivery_address AS address,"
								   " warehouse_id AS warehouseId, "
								   "0 AS acknowledged, 0 AS "
								   "costPriceListId,"
								   " 0 AS [historicalOrder:bool], "
								   "100 AS orderWeighting FROM "
								   "bp_order o"
								   " LEFT JOIN bp_order_status s "
								   "ON s.id = o.status_id"
								   " WHERE o.id IN (SELECT value "
								   "FROM json_each(?1)) ORDER BY "
								   "o.id";

static const char rows_sql[] =
	"SELECT r.id AS [id:key], CAST(sequence AS TEXT) AS orderRowSequence,"
	" product_id AS productId, r.name AS productName, p.sku AS productSku,"
	" r.external_ref AS externalRef, quantity AS [quantity.magnitude:m4],"
	" currency AS [itemCost.currencyCode], '0.0000' AS [itemCost.value],"
	" currency AS [productPrice.currencyCode], '0.0000' AS [productPrice.value],"
	" '0.00' AS discountPercentage, coalesce(t.rate, 0) AS [rowValue.taxRate:m4],"
	" tax_code AS [rowValue.taxCode], 'brightpearl' AS [rowValue.taxCalculator],"
	" currency AS [rowValue.rowNet.currencyCode], net AS [rowValue.rowNet.value:m4],"
	" currency AS [rowValue.rowTax.currencyCode], tax AS [rowValue.rowTax.value:m2],"
	" t.id AS [rowValue.taxClassId], r.nominal_code AS nominalCode,"
	" bundle_parent AS [composition.bundleParent:bool],"
	" parent_row_id > 0 AS [composition.bundleChild:bool],"
	" parent_row_id AS [composition.parentOrderRowId], 0 AS clonedFromId"
	" FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id"
	" LEFT JOIN bp_product p ON p.id = r.product_id LEFT JOIN bp_tax_code t ON t.code ="
	" r.tax_code"
	" WHERE r.order_id = ? ORDER BY r.id";

/* Take the raw address out of the order and put it where it belongs; id 0: none to show. */
static void place_party(cJSON *order, const char *raw, const char *party, int64_t contact)
{
	cJSON *json = cJSON_DetachItemFromObjectCaseSensitive(order, raw);
	cJSON *address = bp_address_show(json->valuestring, true);

	if (contact) {
		cJSON_AddNumberToObject(address, "contactId", (double)contact);
		cJSON_InsertItemInArray(
			address, 0, cJSON_DetachItemFromObjectCaseSensitive(address, "contactId"));
	}
	bp_put(order, party, address);
	cJSON_Delete(json);
}

static int64_t take_int(cJSON *order, const char *name)
{
	int64_t value = bp_at_int(order, name, 0);

	cJSON_DeleteItemFromObjectCaseSensitive(order, name);
	return value;
}

/* The parts of an order that are not a column. */
static void finish_order(cJSON *order, bool fields, bool null_fields)
{
	int64_t id = bp_at_int(order, "id", 0);
	int64_t contact = take_int(order, "contact"), payer = take_int(order, "payer");
	bool purchase = bp_at_text(order, "orderTypeCode")[0] == 'P';
	cJSON *invoices = cJSON_CreateArray();

	cJSON_AddItemToArray(invoices, cJSON_DetachItemFromObjectCaseSensitive(order, "invoice"));
	cJSON_AddItemToObject(order, "invoices", invoices);
	place_party(order, "customer", purchase ? "parties.supplier" : "parties.customer", contact);
	place_party(order, "address", "parties.delivery", 0);
	place_party(order, "billing", "parties.billing", payer);
	cJSON_AddItemToObject(order, "orderRows", bp_select(rows_sql, "i", id));
	if (fields)
		cJSON_AddItemToObject(order, "customFields", bp_field_values(id, false));
	if (null_fields)
		cJSON_AddItemToObject(order, "nullCustomFields", bp_field_values(id, true));
}

cJSON *bp_order_read(const char *ids, bool fields, bool null_fields)
{
	cJSON *orders = bp_select(orders_sql, "t", ids), *order;

	cJSON_ArrayForEach (order, orders)
		finish_order(order, fields, null_fields);
	return orders;
}

/* Is word one of the comma-separated list? */
static bool lists(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (list && *list) {
		size_t size = strcspn(list, ",");
		if (size == length && !strncmp(list, word, length))
			return true;
		list += size + (list[size] == ',');
	}
	return false;
}

BP_ROUTE(bp_order_get)
{
	const char *also = call_param(call, "includeOptional");
	char *ids = bp_idset(arg[0], 200, answer);

	if (ids)
		bp_respond(answer, bp_order_read(ids, lists(also, "customFields"),
						 lists(also, "nullCustomFields")));
	free(ids);
}
