/* A sales order's fields, and how a checked record is written over an order.
 *
 * Every column is set: what the record lacks takes its default, for POST and PUT alike. */
#include "brightpearl_sale.h"

#include <stdlib.h>

#define EXISTS(table) .accepts = "SELECT 1 FROM " table " WHERE id = ?"

static const struct bp_field row_fields[] = {
	{"id", .kind = BP_INT},
	{"productId", BP_INT,
	 .accepts = "SELECT ?1 = 1000 OR EXISTS"
		    " (SELECT 1 FROM bp_product WHERE id = ?1)"},
	{"name", BP_TEXT, .max = -1},
	{"quantity", BP_DECIMAL, .required = true, .code = "ORDC-024"},
	{"taxCode", BP_TEXT, .required = true,
	 .accepts = "SELECT 1 FROM bp_tax_code WHERE code = ?"},
	{"net", BP_DECIMAL, .required = true},
	{"tax", BP_DECIMAL, .required = true},
	{"nominalCode", BP_TEXT, .accepts = "SELECT 1 FROM bp_nominal WHERE code = ?"},
	{"externalRef", .kind = BP_TEXT},
	{"sequence", .kind = BP_INT},
	{"sku", .kind = BP_READONLY},
	{"productPrice", .kind = BP_READONLY},
	{"discountPercentage", .kind = BP_READONLY},
	{"bundleChild", .kind = BP_READONLY},
	{"bundleParent", .kind = BP_READONLY},
	{"parentRowId", .kind = BP_READONLY},
	{"taxClassId", .kind = BP_READONLY},
	{"taxCalculator", .kind = BP_READONLY},
	{"clonedFromId", .kind = BP_READONLY},
	{NULL},
};

static const struct bp_field customer_fields[] = {
	{"id", BP_INT, EXISTS("bp_contact")},
	{"address", BP_OBJECT, .fields = bp_check_address},
	{NULL},
};
static const struct bp_field billing_fields[] = {
	{"contactId", BP_INT, EXISTS("bp_contact")},
	{"address", BP_OBJECT, .fields = bp_check_address},
	{NULL},
};
static const struct bp_field delivery_fields[] = {
	{"date", .kind = BP_TIME},
	{"shippingMethodId", BP_INT, EXISTS("bp_shipping_method")},
	{"address", BP_OBJECT, .fields = bp_check_address},
	{NULL},
};
static const struct bp_field currency_fields[] = {
	{"code", BP_TEXT, .accepts = "SELECT 1 FROM bp_currency WHERE code = ?"},
	{"fixedExchangeRate", .kind = BP_BOOL},
	{"exchangeRate", .kind = BP_RATE},
	{NULL},
};

const struct bp_field bp_sale_fields[] = {
	{"customer", BP_OBJECT, .fields = customer_fields},
	{"customerId", BP_INT, EXISTS("bp_contact")},
	{"billing", BP_OBJECT, .fields = billing_fields},
	{"delivery", BP_OBJECT, .fields = delivery_fields},
	{"ref", BP_TEXT, .max = 64},
	{"externalRef", .kind = BP_TEXT},
	{"installedIntegrationInstanceId", .kind = BP_INT},
	{"placedOn", .kind = BP_TIME},
	{"taxDate", .kind = BP_TIME},
	{"parentId", BP_INT, EXISTS("bp_order")},
	{"statusId", BP_INT,
	 .accepts = "SELECT 1 FROM bp_order_status WHERE id = ?"
		    " AND order_type = 'SO' AND visible AND NOT disabled"},
	{"warehouseId", BP_INT, EXISTS("bp_warehouse")},
	{"channelId", BP_INT, EXISTS("bp_channel")},
	{"staffOwnerId", BP_INT, .accepts = "SELECT 1 FROM bp_contact WHERE id = ? AND is_staff"},
	{"projectId", BP_INT, EXISTS("bp_project")},
	{"leadSourceId", BP_INT,
	 .accepts =
		 "SELECT 1 FROM bp_lead_source WHERE id = ? AND (active OR"
		 " (SELECT value FROM switch WHERE name = 'bp_inactive_lead_source') = 'accept')"},
	{"teamId", BP_INT, EXISTS("bp_team")},
	{"priceListId", BP_INT,
	 .accepts = "SELECT 1 FROM bp_price_list WHERE id = ?"
		    " AND type = 'SELL'"},
	{"priceModeCode", BP_TEXT, .accepts = "SELECT ? IN ('INC', 'EXC')"},
	{"currency", BP_OBJECT, .fields = currency_fields},
	{"rows", BP_LIST, .fields = row_fields},
	{"id", .kind = BP_READONLY},
	{"createdOn", .kind = BP_READONLY},
	{"createdBy", .kind = BP_READONLY},
	{"updatedOn", .kind = BP_READONLY},
	{"total", .kind = BP_READONLY},
	{"isCanceled", .kind = BP_READONLY},
	{"orderPaymentStatus", .kind = BP_READONLY},
	{"allocationStatusCode", .kind = BP_READONLY},
	{"stockStatusCode", .kind = BP_READONLY},
	{"shippingStatusCode", .kind = BP_READONLY},
	{"invoice", .kind = BP_READONLY},
	{"version", .kind = BP_READONLY},
	{"orderWeighting", .kind = BP_READONLY},
	{"costPriceListId", .kind = BP_READONLY},
	{"customFields", .kind = BP_READONLY},
	{NULL},
};

#define FIELD(path)         "?2 ->> '$." path "'"
#define OR(path, otherwise) "coalesce(?2 ->> '$." path "', " otherwise ")"
#define SETTING(name)       "(SELECT value FROM bp_configuration WHERE name = '" name "')"
#define ADDRESS(party, contact, type)                                                              \
	"coalesce(?2 -> '$." party ".address',"                                                    \
	" (SELECT address FROM bp_contact_address WHERE contact_id = " contact                     \
	" AND type = '" type "'), '{}')"

static void store_head(int64_t id, const char *record)
{
	state_run("UPDATE bp_order SET order_type = 'SO', external_ref = " FIELD(
			  "externalRef") ", "
					 "in"
					 "st"
					 "an"
					 "ce"
					 "_i"
					 "d "
					 "="
					 " " FIELD("installedIntegrationInstanceId") ", ref = " OR("ref", "''") ", contact_id = " OR(
						 "customer.id", FIELD("customerId")) ", billing_contact_id "
										     "= " FIELD("billing."
												"contactId") ", "
													     "stat"
													     "us_"
													     "id ="
													     " CAS"
													     "T"
													     "(" OR(
														     "statusId",
														     SETTING("newSalesOrderStatusId")) " AS INTEGER)"
																		       ", channel_id = " OR(
																			       "channelId", "0") ", warehouse_id = " OR("warehouseId", "2") ", currency = " OR("currency.code", SETTING("baseCurrencyCode")) ", fixed_rate = " OR("currency.fixedExchangeRate", "0") ", placed_on = " OR("placedOn",
																																													 "?3") ", tax_date = " OR("taxDate", "?3") ", delivery_date = " FIELD("delivery.date") ", shipping_method_id = " OR("delivery.shippingMethodId", "0") ", staff_owner_id = " OR("staffOwnerId",
																																																																		       "0") ", project_id = " OR("projectId",
																																																																						 "0") ", lead_source_id = " OR("leadSourceId", "0") ", team_id = " OR("teamId",
																																																																														      "0") ", parent_id = " OR("parentId",
																																																																																	       "0") " WHERE id = ?1",
		  "iti", id, record, bp_now());
	/* what depends on the columns above */
	state_run(
		"UPDATE bp_order SET price_list_id = " OR(
			"priceListId",
			"(SELECT price_list_id FROM bp_contact WHERE id = "
			"contact_id)") ", exchange_rate = " OR("currency."
							       "exchangeRate",
							       "(SELECT "
							       "exchange_rate "
							       "FROM bp_currency "
							       "WHERE code = "
							       "currency)") ", "
									    "custo"
									    "mer_"
									    "addre"
									    "ss "
									    "="
									    " " ADDRESS("customer", "bp_order.contact_id", "DEF") ", billing_address = " ADDRESS(
										    "billing",
										    "coalesce(bp_"
										    "order.billing_"
										    "contact_id, "
										    "bp_order."
										    "contact_id)",
										    "BIL") ", "
											   "deliver"
											   "y_"
											   "address"
											   " ="
											   " " ADDRESS(
												   "delivery",
												   "bp_order.contact_id",
												   "DEL") " WHERE id = ?1",
		"it", id, record);
	state_run("UPDATE bp_order SET price_mode = " OR(
			  "priceModeCode", "(SELECT iif(gross, 'INC', 'EXC') FROM bp_price_list l "
					   "WHERE l.id = price_list_id)") " WHERE id = ?1",
		  "it", id, record);
}

/* Rows that are sent with their id stay, the others go, and with a bundle's row its children. */
static void drop_rows(int64_t id, const char *record)
{
	state_run("DELETE FROM bp_order_row WHERE order_id = ?1 AND id NOT IN (SELECT value ->>"
		  " '$.id'"
		  " FROM json_each(?2, '$.rows') WHERE value ->> '$.id' IS NOT"
		  " NULL)",
		  "it", id, record);
	state_run("DELETE FROM bp_order_row WHERE order_id = ?1 AND parent_row_id"
		  " AND parent_row_id NOT IN (SELECT id FROM bp_order_row WHERE order_id ="
		  " ?1)",
		  "i", id);
}

static void store_rows(int64_t id, const char *record)
{
	drop_rows(id, record);
	state_run(
		"INSERT INTO bp_order_row (order_id, id, product_id, name, quantity, tax_code,"
		" net,"
		" tax, nominal_code, external_ref, sequence, bundle_parent)"
		" SELECT ?1, r.value ->> '$.id', coalesce(r.value ->> '$.productId', 1000),"
		" coalesce(r.value ->> '$.name', p.name, 'Brightpearl Product'),"
		" r.value ->> '$.quantity', r.value ->> '$.taxCode', r.value ->> '$.net',"
		" r.value ->> '$.tax', coalesce(r.value ->> '$.nominalCode', "
		"p.nominal_sales, " SETTING(
			"salesNominalCode") "), r.value ->> '$.externalRef',"
					    " coalesce(r.value ->> '$.sequence', 10 * r.key + 10), "
					    "coalesce(p.is_bundle, 0)"
					    " FROM json_each(?2, '$.rows') r LEFT JOIN bp_product p"
					    " ON p.id = r.value ->> '$.productId' WHERE 1 ON "
					    "CONFLICT (id) DO UPDATE SET"
					    " product_id = excluded.product_id, name = "
					    "excluded.name,"
					    " quantity = excluded.quantity, tax_code = "
					    "excluded.tax_code, net = excluded.net,"
					    " tax = excluded.tax, nominal_code = "
					    "excluded.nominal_code,"
					    " external_ref = excluded.external_ref, sequence = "
					    "excluded.sequence,"
					    " bundle_parent = excluded.bundle_parent",
		"it", id, record);
	state_run("INSERT INTO bp_order_row (order_id, product_id, name, quantity, tax_code,"
		  " nominal_code, sequence, parent_row_id)"
		  " SELECT ?1, c.value ->> '$.productId', coalesce(k.name, ''),"
		  " r.quantity * (c.value ->> '$.productQuantity'), r.tax_code, r.nominal_code,"
		  " r.sequence, r.id FROM bp_order_row r JOIN bp_product p ON p.id = r.product_id"
		  " JOIN json_each(p.components) c LEFT JOIN bp_product k"
		  " ON k.id = c.value ->> '$.productId' WHERE r.order_id = ?1 AND r.bundle_parent"
		  " AND NOT EXISTS (SELECT 1 FROM bp_order_row h WHERE h.parent_row_id = r.id)"
		  " ORDER BY r.id, c.key",
		  "i", id);
}

void bp_sale_store(int64_t id, const cJSON *record)
{
	char *text = bp_print(record);

	store_head(id, text);
	store_rows(id, text);
	bp_order_sum(id);
	bp_reservation_fit(id);
	free(text);
}
