/* Drop-ship notes: what a supplier sends to the customer of a sales order.  Only read; a test makes
 * them by SQL.  Asked for by orders, or by notes of all orders ("*"), at most 200 of each. */
#include "brightpearl.h"

#include <stdlib.h>

#define MOST 200

#define HEAD                                                                                       \
	"SELECT n.id AS [id:key], order_id AS orderId, purchase_order_id AS purchaseOrderId,"      \
	" supplier_id AS supplierId, shipped_on IS NOT NULL AS [status.shipped:bool],"             \
	" shipped_on AS [status.shippedOn:date], reference AS [shipping.reference],"               \
	" nullif(shipping_method_id, 0) AS [shipping.shippingMethodId],"                           \
	" created_on AS [createdOn:date], created_by AS createdBy,"
#define TAIL                                                                                       \
	" FROM bp_drop_ship n WHERE (?1 IS NULL OR order_id IN (SELECT value FROM json_each(?1)))" \
	" AND (?2 IS NULL OR n.id IN (SELECT value FROM json_each(?2))) ORDER BY n.id"

static const char by_row[] = HEAD
	"(SELECT json_group_object(row_id, json_array(json_object('productId', product_id,"
	" 'quantity', quantity))) FROM bp_drop_ship_row WHERE note_id = n.id)"
	" AS [orderRows:json]" TAIL;
static const char by_product[] = HEAD
	"(SELECT json_group_array(json_object('productId', product_id, 'salesOrderRowId',"
	" row_id, 'quantity', quantity)) FROM bp_drop_ship_row WHERE note_id = n.id)"
	" AS [products:json]" TAIL;

BP_ROUTE(bp_drop_ship_get)
{
	(void)call;
	char *orders, *ids;

	if (!bp_note_sets(arg, MOST, &orders, &ids, answer))
		return;
	bp_note_respond(answer,
			bp_select(switch_is("bp_drop_ship_shape", "products") ? by_product : by_row,
				  "tt", orders, ids));
	free(orders);
	free(ids);
}
