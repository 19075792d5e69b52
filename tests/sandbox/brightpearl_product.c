/* GET /product-service/product/{idset}.  Asked for products of which none exists, it is a 404. */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

static const char channel[] =
	"json_array(json_object('salesChannelName', 'Brightpearl', 'productName', p.name,"
	" 'productCondition', 'new', 'categories', json_array(json_object('categoryCode',"
	" CAST(p.category_id AS TEXT))), 'description', json_object('languageCode', 'en', 'text',"
	" '',"
	" 'format', 'HTML_FRAGMENT'), 'shortDescription', json_object('languageCode', 'en',"
	" 'text', '', 'format', 'HTML_FRAGMENT')))";

static const char warehouses[] =
	"(SELECT json_group_object(w.id, json_object('defaultLocationId', 0,"
	" 'overflowLocationId', 0, 'reorderLevel', 0, 'reorderQuantity', 0)) FROM bp_warehouse w)";

static cJSON *read_products(const char *ids, bool custom_fields)
{
	char *sql = sqlite3_mprintf(
		"SELECT p.id, brand_id AS brandId, product_type_id AS productTypeId,"
		" product_group_id AS productGroupId, sku AS [identity.sku], isbn AS"
		" [identity.isbn],"
		" ean AS [identity.ean], upc AS [identity.upc], mpn AS [identity.mpn],"
		" barcode AS [identity.barcode], 0 AS [featured:bool],"
		" stock_tracked AS [stock.stockTracked:bool], 0 AS [stock.weight.magnitude],"
		" 0 AS [stock.dimensions.length], 0 AS [stock.dimensions.height],"
		" 0 AS [stock.dimensions.width], 0 AS [stock.dimensions.volume],"
		" t.rate > 0 AS [financialDetails.taxable:bool], t.id AS"
		" [financialDetails.taxCode.id],"
		" t.code AS [financialDetails.taxCode.code], %s AS [salesChannels:json],"
		" is_bundle AS [composition.bundle:bool],"
		" iif(is_bundle, components, NULL) AS [composition.bundleComponents:json],"
		" %s AS [customFields:json], created_on AS [createdOn:date],"
		" updated_on AS [updatedOn:date], %s AS [warehouses:json],"
		" '1001' AS nominalCodeStock, '5000' AS nominalCodePurchases,"
		" nominal_sales AS nominalCodeSales, '[]' AS [seasonIds:json],"
		" '{}' AS [reporting:json], status,"
		" '' AS salesPopupMessage, '' AS warehousePopupMessage,"
		" coalesce(updated_on, created_on) * 1000 AS version"
		" FROM bp_product p LEFT JOIN bp_tax_code t ON t.id = p.tax_code_id"
		" WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id",
		channel, custom_fields ? "custom_fields" : "NULL", warehouses);
	cJSON *rows = bp_select(sql, "t", ids);

	sqlite3_free(sql);
	return rows;
}

BP_ROUTE(bp_product_get)
{
	const char *also = call_param(call, "includeOptional");
	char *ids = bp_idset(arg[0], 200, answer);

	if (!ids)
		return;
	cJSON *rows = read_products(ids, also && strstr(also, "customFields"));
	free(ids);
	if (cJSON_GetArraySize(rows)) {
		bp_respond(answer, rows);
		return;
	}
	cJSON_Delete(rows);
	bp_fail(answer, 404, "CMNC-404", "No Product Found");
}
