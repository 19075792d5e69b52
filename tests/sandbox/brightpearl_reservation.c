/* Reservations (12.2): at most one for each order, in one warehouse.
 *
 * Stock is allocated by the triggers of schema_stock.sql.  A product that is short is reserved as
 * far as it goes; nothing at all to reserve is an error, which undoes the whole request. */
#include "brightpearl.h"

#include <stdlib.h>

#define CODE "WHSC-070"

static const struct bp_field product_fields[] = {
	{"productId", BP_INT, .required = true, .accepts = "SELECT ? > 0", .code = "WHSC-014"},
	{"salesOrderRowId", BP_INT, .required = true},
	{"quantity", BP_INT, .required = true, .accepts = "SELECT ? > 0"},
	{NULL},
};
static const struct bp_field fields[] = {
	{"products", BP_LIST, .required = true, .fields = product_fields},
	{NULL},
};

/* Goods that are stocked, on a row of this order; a bundle's components, not the bundle. */
static bool row_fits(int64_t order, const cJSON *product, struct answer *answer)
{
	int64_t row = bp_at_int(product, "salesOrderRowId", 0);
	int64_t id = bp_at_int(product, "productId", 0);

	if (state_int(0,
		      "SELECT 1 FROM bp_order_row r JOIN bp_product p ON p.id = r.product_id"
		      " WHERE r.order_id = ? AND r.id = ? AND r.product_id = ?"
		      " AND p.stock_tracked AND NOT r.bundle_parent",
		      "iii", order, row, id))
		return true;
	bp_fail(answer, 400, CODE, "Product %d of row %d is not stock that this order wants",
		(int)id, (int)row);
	return false;
}

/* Reserve what there is of it.  Told twice, it adds up. */
static void hold(int64_t order, const cJSON *product)
{
	state_run("INSERT INTO bp_reservation_row (order_id, row_id, product_id, quantity)"
		  " SELECT ?1, ?2, ?3, min(?4, s.in_stock - s.allocated)"
		  "   FROM bp_reservation v JOIN bp_stock s ON s.warehouse_id = v.warehouse_id"
		  "  WHERE v.order_id = ?1 AND s.product_id = ?3 AND s.in_stock > s.allocated"
		  " ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
		  "iiii", order, bp_at_int(product, "salesOrderRowId", 0),
		  bp_at_int(product, "productId", 0), bp_at_int(product, "quantity", 0));
}

static bool over_row(int64_t order)
{
	return switch_is("bp_reservation_over_row", "refuse") &&
	       state_int(0,
			 "SELECT EXISTS (SELECT 1 FROM bp_reservation_row v JOIN bp_order_row r"
			 " ON r.id = v.row_id WHERE v.order_id = ? AND v.quantity * 10000 >"
			 " r.quantity)",
			 "i", order);
}

static void told(int64_t order)
{
	bp_allocation_sum(order);
	if (switch_is("bp_reservation_touches", "yes"))
		bp_order_touch(order);
}

/* The order's reservation, so far without rows, is for these. */
static void reserve(int64_t order, const cJSON *products, struct answer *answer)
{
	const cJSON *product;

	cJSON_ArrayForEach (product, products) {
		if (!row_fits(order, product, answer))
			return;
		hold(order, product);
	}
	if (over_row(order))
		bp_fail(answer, 400, CODE, "More is reserved than the row orders");
	else if (!state_int(0, "SELECT count(*) FROM bp_reservation_row WHERE order_id = ?", "i",
			    order))
		bp_fail(answer, 400, CODE, "No stock is available to reserve for order %d",
			(int)order);
	else
		bp_done(answer);
	told(order);
}

void bp_allocation_sum(int64_t order)
{
	state_run("UPDATE bp_order SET allocation_status = (SELECT CASE WHEN wanted IS NULL THEN"
		  " 'ANR' WHEN held = 0 THEN 'ANA' WHEN held * 10000 < wanted THEN 'APA' ELSE 'AAA'"
		  " END FROM (SELECT (SELECT sum(r.quantity) FROM bp_order_row r JOIN bp_product p"
		  " ON p.id = r.product_id AND p.stock_tracked WHERE r.order_id = ?1 AND NOT"
		  " r.bundle_parent) AS wanted, (SELECT coalesce(sum(quantity), 0)"
		  " FROM bp_reservation_row WHERE order_id = ?1) + (SELECT"
		  " coalesce(sum(w.quantity), 0) FROM bp_goods_out g JOIN bp_goods_out_row w"
		  " ON w.note_id = g.id WHERE g.order_id = ?1) AS held)) WHERE id = ?1",
		  "i", order);
}

void bp_reservation_fit(int64_t order)
{
	state_run("DELETE FROM bp_reservation_row WHERE order_id = ?1 AND NOT EXISTS (SELECT 1"
		  " FROM bp_order_row r WHERE r.order_id = ?1 AND r.product_id ="
		  " bp_reservation_row.product_id)",
		  "i", order);
	state_run("UPDATE bp_reservation_row SET quantity = wanted FROM (SELECT product_id AS id,"
		  " sum(quantity) / 10000 AS wanted FROM bp_order_row WHERE order_id = ?1"
		  " GROUP BY product_id) WHERE order_id = ?1 AND id = product_id AND quantity >"
		  " wanted",
		  "i", order);
	bp_allocation_sum(order);
}

static int64_t sale_known(const char *segment, struct answer *answer)
{
	return bp_path_known(segment, "SELECT 1 FROM bp_order WHERE id = ? AND order_type = 'SO'",
			     "Sales Order", answer);
}

static bool reserved(int64_t order)
{
	return state_int(0, "SELECT 1 FROM bp_reservation WHERE order_id = ?", "i", order);
}

BP_ROUTE(bp_reservation_post)
{
	const cJSON *body = bp_body(call, answer);
	int64_t order = body ? sale_known(arg[0], answer) : 0;
	int64_t warehouse = order ? bp_path_known(arg[1], "SELECT 1 FROM bp_warehouse WHERE id = ?",
						  "Warehouse", answer)
				  : 0;
	cJSON *record = !bp_failed(answer) ? bp_check_record(body, fields, CODE, answer) : NULL;

	if (record && reserved(order)) {
		bp_fail(answer, 400, CODE, "Order %d already has a reservation", (int)order);
	} else if (record) {
		state_run("INSERT INTO bp_reservation (order_id, warehouse_id) VALUES (?, ?)", "ii",
			  order, warehouse);
		reserve(order, bp_at(record, "products"), answer);
	}
	cJSON_Delete(record);
}

static void none(int64_t order, struct answer *answer)
{
	bp_fail(answer, 404, "CMNC-404", "No reservation exists for order %d", (int)order);
}

static void replace(int64_t order, const cJSON *products, struct answer *answer)
{
	state_run("DELETE FROM bp_reservation_row WHERE order_id = ?", "i", order);
	if (cJSON_GetArraySize(products)) {
		reserve(order, products, answer);
		return;
	}
	if (switch_is("bp_reservation_empty", "refuse")) {
		bp_fail(answer, 400, CODE, "A reservation needs products");
		return;
	}
	if (switch_is("bp_reservation_empty", "gone"))
		state_run("DELETE FROM bp_reservation WHERE order_id = ?", "i", order);
	told(order);
	bp_done(answer);
}

BP_ROUTE(bp_reservation_put)
{
	const cJSON *body = bp_body(call, answer);
	int64_t order = body ? sale_known(arg[0], answer) : 0;
	cJSON *record = order ? bp_check_record(body, fields, CODE, answer) : NULL;

	if (record && !reserved(order))
		none(order, answer);
	else if (record)
		replace(order, bp_at(record, "products"), answer);
	cJSON_Delete(record);
}

BP_ROUTE(bp_reservation_get)
{
	(void)call;
	int64_t order = sale_known(arg[0], answer);

	if (order && !reserved(order) && switch_is("bp_reservation_none", "404"))
		none(order, answer);
	else if (order)
		bp_respond(answer,
			   bp_select("SELECT order_id AS orderId, warehouse_id AS warehouseId,"
				     " (SELECT json_group_object(row_id, json_object('productId',"
				     " product_id, 'quantity', quantity)) FROM bp_reservation_row r"
				     " WHERE r.order_id = v.order_id) AS [orderRows:json]"
				     " FROM bp_reservation v WHERE order_id = ?",
				     "i", order));
}
