/* Reservations (12.2, second research 1): at most one for each order, in one warehouse, with an entry
 * for each order row.
 *
 * Stock is allocated by the triggers of schema_stock.sql.  A product that is short is reserved as
 * far as it goes; nothing at all to reserve is an error, which undoes the whole request.  What the
 * documentation leaves open is chosen by the switches bp_reservation_*. */
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
static const struct bp_field changed_fields[] = {
	{"productId", BP_INT, .required = true, .accepts = "SELECT ? > 0", .code = "WHSC-014"},
	{"salesOrderRowId", BP_INT, .required = true},
	{"quantity", BP_INT, .required = true,
	 .accepts = "SELECT ?1 > 0 OR ?1 = 0 AND (SELECT value FROM switch WHERE name ="
		    " 'bp_reservation_zero') <> 'refuse'"},
	{NULL},
};
static const struct bp_field changes[] = {
	{"products", BP_LIST, .required = true, .fields = changed_fields},
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

/* Reserve what there is of it.  One row told twice adds up; rows are entries of their own. */
static void hold(int64_t order, const cJSON *product)
{
	state_run("INSERT INTO bp_reservation_row (order_id, row_id, product_id, quantity)"
		  " SELECT ?1, ?2, ?3, min(?4, s.in_stock - s.allocated)"
		  "   FROM bp_reservation v JOIN bp_stock s ON s.warehouse_id = v.warehouse_id"
		  "  WHERE v.order_id = ?1 AND s.product_id = ?3 AND (s.in_stock > s.allocated OR"
		  " ?4 = 0)"
		  " ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
		  "iiii", order, bp_at_int(product, "salesOrderRowId", 0),
		  bp_at_int(product, "productId", 0), bp_at_int(product, "quantity", 0));
}

/* Of a row: what it orders, less what is on notes. */
#define ROW_WANTS                                                                                      \
	"(SELECT max(0, r.quantity / 10000 - coalesce((SELECT sum(w.quantity) FROM bp_goods_out_row w" \
	" WHERE w.row_id = r.id), 0)) FROM bp_order_row r WHERE r.id = v.row_id)"

static bool over_row(int64_t order)
{
	if (switch_is("bp_reservation_over_row", "clip"))
		state_run("UPDATE bp_reservation_row AS v SET quantity = " ROW_WANTS
			  " WHERE order_id = ? AND quantity > " ROW_WANTS,
			  "i", order);
	return switch_is("bp_reservation_over_row", "refuse") &&
	       state_int(0,
			 "SELECT EXISTS (SELECT 1 FROM bp_reservation_row v WHERE v.order_id = ?"
			 " AND v.quantity > " ROW_WANTS ")",
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
	state_run("DELETE FROM bp_reservation_row WHERE order_id = ?1 AND row_id NOT IN"
		  " (SELECT id FROM bp_order_row WHERE order_id = ?1)",
		  "i", order);
	state_run("UPDATE bp_reservation_row AS v SET quantity = " ROW_WANTS
		  " WHERE order_id = ? AND quantity > " ROW_WANTS,
		  "i", order);
	bp_allocation_sum(order);
}

bool bp_reservation_exceeds(int64_t row, int64_t quantity)
{
	return switch_is("bp_row_below_reserved", "refuse") &&
	       state_int(
		       0,
		       "SELECT quantity > ?2 * 10000 AND coalesce((SELECT sum(quantity) FROM"
		       " bp_reservation_row WHERE row_id = ?1), 0) + coalesce((SELECT sum(quantity)"
		       " FROM bp_goods_out_row WHERE row_id = ?1), 0) > ?2"
		       " FROM bp_order_row WHERE id = ?1",
		       "ii", row, quantity);
}

void bp_reservation_drop(int64_t order)
{
	state_run("DELETE FROM bp_reservation_row WHERE order_id = ?", "i", order);
	state_run("DELETE FROM bp_reservation WHERE order_id = ?", "i", order);
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

/* With rows that are not named kept, those that are named are set. */
static void set_rows(int64_t order, const cJSON *products)
{
	const cJSON *product;

	if (switch_is("bp_reservation_left_out", "drop"))
		state_run("DELETE FROM bp_reservation_row WHERE order_id = ?", "i", order);
	cJSON_ArrayForEach (product, products)
		state_run("DELETE FROM bp_reservation_row WHERE order_id = ? AND row_id = ?", "ii",
			  order, bp_at_int(product, "salesOrderRowId", 0));
}

static void replace(int64_t order, const cJSON *products, struct answer *answer)
{
	set_rows(order, products);
	if (cJSON_GetArraySize(products)) {
		reserve(order, products, answer);
	} else if (switch_is("bp_reservation_empty", "refuse")) {
		bp_fail(answer, 400, CODE, "A reservation needs products");
		return;
	} else {
		bp_done(answer);
	}
	if (switch_is("bp_reservation_zero", "drop"))
		state_run("DELETE FROM bp_reservation_row WHERE order_id = ? AND quantity = 0", "i",
			  order);
	if (switch_is("bp_reservation_empty", "gone"))
		state_run("DELETE FROM bp_reservation WHERE order_id = ?1 AND order_id NOT IN"
			  " (SELECT order_id FROM bp_reservation_row)",
			  "i", order);
	told(order);
}

/* Where a PUT makes one, it is in the order's own warehouse. */
static bool made_by_put(int64_t order)
{
	if (!switch_is("bp_reservation_put_none", "make"))
		return false;
	state_run("INSERT INTO bp_reservation (order_id, warehouse_id) SELECT id, warehouse_id"
		  " FROM bp_order WHERE id = ?",
		  "i", order);
	return true;
}

BP_ROUTE(bp_reservation_put)
{
	const cJSON *body = bp_body(call, answer);
	int64_t order = body ? sale_known(arg[0], answer) : 0;
	cJSON *record = order ? bp_check_record(body, changes, CODE, answer) : NULL;

	if (record && !reserved(order) && !made_by_put(order))
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
