/* GET /order-service/sales-order/{idset} (8.2): the writable fields of a sales order and more. */
#include "brightpearl_sale.h"

#include <stdlib.h>

#define BASE(column)                                                                               \
	"(" column " * exchange_rate + iif(" column " < 0, -500000, 500000))"                      \
	" / 1000000"

static const char sales_sql[] =
	"SELECT id, contact_id AS [customer.id], customer_address AS [customer.address],"
	" coalesce(billing_contact_id, contact_id) AS [billing.contactId],"
	" billing_address AS [billing.address], ref, external_ref AS externalRef,"
	" instance_id AS installedIntegrationInstanceId, placed_on AS [placedOn:date],"
	" tax_date AS [taxDate:date], nullif(parent_id, 0) AS parentId, status_id AS statusId,"
	" warehouse_id AS warehouseId, nullif(staff_owner_id, 0) AS staffOwnerId,"
	" nullif(project_id, 0) AS projectId, nullif(channel_id, 0) AS channelId,"
	" nullif(lead_source_id, 0) AS leadSourceId, nullif(team_id, 0) AS teamId,"
	" price_list_id AS priceListId, price_mode AS priceModeCode, currency AS [currency.code],"
	" fixed_rate AS [currency.fixedExchangeRate:bool],"
	" exchange_rate AS [currency.exchangeRate:m6], delivery_address AS [delivery.address],"
	" nullif(shipping_method_id, 0) AS [delivery.shippingMethodId],"
	" delivery_date AS [delivery.date:date], total_net AS [total.net:m2],"
	" total_tax AS [total.tax:m2], total AS [total.gross:m2],"
	" " BASE("total_net") " AS [total.baseNet:m2], " BASE(
		"total_tax") " AS [total.baseTax:m2],"
			     " " BASE("total") " AS [total.baseGross:m2], payment_status AS "
					       "orderPaymentStatus,"
					       " allocation_status AS allocationStatusCode, "
					       "stock_status AS stockStatusCode,"
					       " shipping_status AS shippingStatusCode, created_by "
					       "AS createdBy,"
					       " created_on AS [createdOn:date], updated_on AS "
					       "[updatedOn:date],"
					       " nullif(invoice_ref, '') AS "
					       "[invoice.invoiceReference], 100 AS orderWeighting,"
					       " CAST(status_id AS TEXT) = (SELECT value FROM "
					       "bp_configuration"
					       " WHERE name = 'cancelledOrderStatusId') AS "
					       "[isCanceled:bool], version FROM bp_order"
					       " WHERE order_type = ?2 AND id IN (SELECT value "
					       "FROM json_each(?1)) ORDER BY id";

static const char rows_sql[] =
	"SELECT r.id, product_id AS productId, p.sku, r.name, quantity AS [quantity:m4],"
	" tax_code AS taxCode, net AS [net:m4], tax AS [tax:m2], r.nominal_code AS nominalCode,"
	" external_ref AS externalRef, '0.0000' AS productPrice, '0.00' AS discountPercentage,"
	" sequence, parent_row_id > 0 AS [bundleChild:bool], bundle_parent AS [bundleParent:bool],"
	" nullif(parent_row_id, 0) AS parentRowId, t.id AS taxClassId,"
	" 'brightpearl' AS taxCalculator FROM bp_order_row r"
	" LEFT JOIN bp_product p ON p.id = r.product_id LEFT JOIN bp_tax_code t ON t.code ="
	" r.tax_code"
	" WHERE r.order_id = ? ORDER BY r.id";

static void show_address(cJSON *order, const char *party)
{
	cJSON *object = cJSON_GetObjectItemCaseSensitive(order, party);
	cJSON *shown = bp_address_show(bp_at_text(object, "address"), false);

	cJSON_ReplaceItemInObjectCaseSensitive(object, "address", shown);
}

cJSON *bp_sale_read(const char *ids, const char *type)
{
	cJSON *orders = bp_select(sales_sql, "tt", ids, type), *order;

	cJSON_ArrayForEach (order, orders) {
		show_address(order, "customer");
		show_address(order, "billing");
		show_address(order, "delivery");
		cJSON_AddItemToObject(order, "rows",
				      bp_select(rows_sql, "i", bp_at_int(order, "id", 0)));
	}
	return orders;
}

BP_ROUTE(bp_sale_get)
{
	(void)call;
	char *ids = bp_idset(arg[0], 200, answer);

	if (ids)
		bp_respond(answer, bp_sale_read(ids, "SO"));
	free(ids);
}
