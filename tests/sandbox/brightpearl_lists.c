/* The reference lists.  Each is one query; with an id or an ID set in the path, its choice. */
#include "brightpearl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of sql, whose one ? is the ids as a JSON array, NULL for all.  Asked for by id, nothing
 * is a 404. */
static void respond_list(const char *sql, char *const arg[4], const char *what,
			 struct answer *answer)
{
	char *ids = arg[0] ? bp_idset(arg[0], 500, answer) : NULL;

	if (arg[0] && !ids)
		return;
	cJSON *rows = bp_select(sql, "t", ids);
	free(ids);
	if (!arg[0] || cJSON_GetArraySize(rows)) {
		bp_respond(answer, rows);
		return;
	}
	cJSON_Delete(rows);
	bp_fail(answer, 404, "CMNC-404", "No %s Found", what);
}

#define CHOSEN "(?1 IS NULL OR id IN (SELECT value FROM json_each(?1))) ORDER BY id"

BP_ROUTE(bp_list_configuration)
{
	(void)call, (void)arg;
	sqlite3_stmt *q = state_prepare("SELECT name, value FROM bp_configuration");
	cJSON *response = cJSON_CreateObject();
	cJSON *values = cJSON_AddObjectToObject(response, "configuration");

	while (sqlite3_step(q) == SQLITE_ROW)
		cJSON_AddStringToObject(values, (const char *)sqlite3_column_text(q, 0),
					(const char *)sqlite3_column_text(q, 1));
	sqlite3_finalize(q);
	bp_respond(answer, response);
}

BP_ROUTE(bp_list_order_status)
{
	(void)call;
	respond_list(
		"SELECT id AS statusId, name, order_type AS orderTypeCode,"
		" sort_order AS sortOrder, disabled AS [disabled:bool], visible AS [visible:bool],"
		" color, remind_days AS remindAfterDays, '[]' AS [alertEmails:json],"
		" '' AS emailContent, 0 AS [batchProcess:bool], state"
		" FROM bp_order_status WHERE " CHOSEN,
		arg, "Order Status", answer);
}

BP_ROUTE(bp_list_order_type)
{
	(void)call;
	respond_list("SELECT id, code, name FROM bp_order_type WHERE " CHOSEN, arg, "Order Type",
		     answer);
}

BP_ROUTE(bp_list_shipping_status)
{
	(void)call;
	respond_list("SELECT id, code, name AS description FROM bp_shipping_status WHERE " CHOSEN,
		     arg, "Order Shipping Status", answer);
}

BP_ROUTE(bp_list_stock_status)
{
	(void)call;
	respond_list("SELECT id, code, name AS description FROM bp_stock_status WHERE " CHOSEN, arg,
		     "Order Stock Status", answer);
}

BP_ROUTE(bp_list_channel)
{
	(void)call;
	respond_list("SELECT id, name, type_id AS channelTypeId, brand_id AS channelBrandId,"
		     " default_warehouse_id AS defaultWarehouseId,"
		     " default_price_list_id AS defaultPriceListId"
		     " FROM bp_channel WHERE " CHOSEN,
		     arg, "Channel", answer);
}

BP_ROUTE(bp_list_price_list)
{
	(void)call;
	respond_list(
		"SELECT id, 'en' AS [name.languageCode], name AS [name.text],"
		" 'PLAINTEXT' AS [name.format], code, currency AS currencyCode,"
		" (SELECT symbol FROM bp_currency c WHERE c.code = p.currency) AS currencySymbol,"
		" (SELECT id FROM bp_currency c WHERE c.code = p.currency) AS currencyId,"
		" type AS priceListTypeCode, gross AS [gross:bool]"
		" FROM bp_price_list p WHERE " CHOSEN,
		arg, "Price List", answer);
}

/* rate is a number, and absent when it is 0 */
BP_ROUTE(bp_list_tax_code)
{
	(void)call;
	respond_list(
		"SELECT id, code, description,"
		" (nullif(rate, 0) / 10000) || '.' || rtrim(substr(rate % 10000 + 10000, 2), '0')"
		" || iif(rate % 10000, '', '0') AS [rate:raw]"
		" FROM bp_tax_code WHERE " CHOSEN,
		arg, "Tax Code", answer);
}

BP_ROUTE(bp_list_payment_method)
{
	(void)call;
	respond_list(
		"SELECT id, name, code, active AS [isActive:bool], (SELECT json_group_array("
		"json_object('paymentMethodId', a.method_id, 'currencyIsoCode', a.currency,"
		" 'bankAccountNominalCode', a.nominal_code)) FROM bp_payment_method_account a"
		" WHERE a.method_id = m.id) AS [bankAccounts:json], 0 AS installedIntegrationId"
		" FROM bp_payment_method m WHERE " CHOSEN,
		arg, "Payment Method", answer);
}

BP_ROUTE(bp_list_warehouse)
{
	(void)call;
	respond_list("SELECT w.id, w.name, 'N' AS typeCode, 'Normal' AS typeDescription,"
		     " w.address_id AS [address.addressId], 0 AS [clickAndCollectEnabled:bool]"
		     " FROM bp_warehouse w WHERE " CHOSEN,
		     arg, "Warehouse", answer);
}

BP_ROUTE(bp_list_shipping_method)
{
	(void)call;
	respond_list("SELECT id, name, code, type AS methodType, 0 AS breaks,"
		     " 0 AS [additionalInformationRequired:bool]"
		     " FROM bp_shipping_method WHERE " CHOSEN,
		     arg, "Shipping Method", answer);
}

BP_ROUTE(bp_list_lead_source)
{
	(void)call;
	if (switch_is("bp_lead_sources", "refuse")) {
		bp_fail(answer, 403, "CMNC-403", "You do not have permission to read %s",
			"lead sources");
		return;
	}
	respond_list("SELECT id, name, active AS [isActive:bool] FROM bp_lead_source WHERE " CHOSEN,
		     arg, "Lead Source", answer);
}

/* Projects as a list of objects, or as a map by id: the documentation does not tell. */
static cJSON *projects(void)
{
	bool other = switch_is("bp_projects", "named");
	cJSON *rows = bp_select(
		other ? "SELECT id AS projectId, name AS projectName FROM bp_project"
			" WHERE ?1 IS NULL ORDER BY id"
		      : "SELECT id, name FROM bp_project WHERE ?1 IS NULL ORDER BY id",
		"t", NULL);
	cJSON *map = switch_is("bp_projects", "map") ? cJSON_CreateObject() : NULL;

	for (cJSON *row; map && (row = cJSON_DetachItemFromArray(rows, 0));) {
		char key[24];
		cJSON *id = cJSON_DetachItemFromObject(row, "id");
		snprintf(key, sizeof key, "%d", id->valueint);
		cJSON_Delete(id);
		cJSON_AddItemToObject(map, key, row);
	}
	if (map)
		cJSON_Delete(rows);
	return map ? map : rows;
}

BP_ROUTE(bp_list_project)
{
	(void)call, (void)arg;
	if (switch_is("bp_projects", "absent"))
		bp_fail(answer, 404, "CMNC-404", "No %s Found", "resource");
	else if (switch_is("bp_projects", "broken"))
		bp_fail(answer, 500, "CMNC-500", "%s", "An unexpected error occurred");
	else
		bp_respond(answer, projects());
}
