/* PATCH of an order's documented paths (8.6), and PUT of its status (9). */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

#define CODE                 "ORDC-026"
#define SET(column)          .set = "UPDATE bp_order SET " column " = ?2 WHERE id = ?1"
#define CLEAR(column, value) .remove = "UPDATE bp_order SET " column " = " value " WHERE id = ?1"
#define INVOICED             .refuses = "SELECT invoice_ref <> '' FROM bp_order WHERE id = ?"

static const struct bp_patch order_paths[] = {
	{"/reference",
	 "replace remove",
	 {.kind = BP_TEXT, .max = 64},
	 SET("ref"),
	 CLEAR("ref", "''")},
	{"/warehouseId",
	 "replace",
	 {.kind = BP_INT, .accepts = "SELECT 1 FROM bp_warehouse WHERE id = ?"},
	 SET("warehouse_id"),
	 .refuses = "SELECT allocation_status NOT IN ('ANR', 'ANA') FROM bp_order WHERE id"
		    " = ?"},
	{"/delivery/shippingMethodId",
	 "replace remove",
	 {.kind = BP_INT,
	  .accepts = "SELECT 1 FROM bp_shipping_method WHERE id ="
		     " ?"},
	 SET("shipping_method_id"),
	 CLEAR("shipping_method_id", "0")},
	{"/delivery/deliveryDate", "replace", {.kind = BP_TIME}, SET("delivery_date")},
	{"/parties/customer/contactId",
	 "replace",
	 {.kind = BP_INT, .accepts = "SELECT 1 FROM bp_contact WHERE id = ?"},
	 SET("contact_id"),
	 INVOICED},
	{"/parties/billing/contactId",
	 "replace",
	 {.kind = BP_INT,
	  .accepts = "SELECT 1 FROM bp_contact WHERE id ="
		     " ?"},
	 SET("billing_contact_id"),
	 INVOICED},
	{0},
};

BP_ROUTE(bp_order_patch)
{
	const cJSON *body = bp_body(call, answer);
	int64_t id = body ? bp_order_known(arg[0], answer) : 0;
	char ids[32];

	if (!id)
		return;
	bp_order_touch(id);
	if (!bp_patch_apply(order_paths, id, body, CODE, answer))
		return;
	sqlite3_snprintf(sizeof ids, ids, "[%lld]", (long long)id);
	cJSON *orders = bp_order_read(ids, false, false);
	bp_respond(answer, cJSON_DetachItemFromArray(orders, 0));
	cJSON_Delete(orders);
}

static const struct bp_field note_fields[] = {
	{"text", BP_TEXT, .max = -1},
	{"fileId", .kind = BP_INT},
	{"isPublic", .kind = BP_BOOL},
	{NULL},
};
static const struct bp_field status_fields[] = {
	{"orderStatusId", BP_INT, .required = true},
	{"orderNote", BP_OBJECT, .fields = note_fields},
	{NULL},
};

static bool cancels(int64_t status)
{
	return state_int(0,
			 "SELECT value = CAST(? AS TEXT) FROM bp_configuration WHERE name ="
			 " 'cancelledOrderStatusId'",
			 "i", status);
}

/* Reservations are no hindrance; money that came and went again adds up to nothing. */
static bool may_be_cancelled(int64_t order)
{
	return state_int(
		0,
		"SELECT invoice_ref = '' AND status_id IS NOT (SELECT CAST(value AS INTEGER)"
		" FROM bp_configuration WHERE name = 'invoicedOrderStatusId')"
		" AND NOT EXISTS (SELECT 1 FROM bp_goods_out WHERE order_id = ?1)"
		" AND (SELECT coalesce(sum(iif(type = 'PAYMENT', -amount_paid,"
		" amount_paid)), 0) FROM bp_payment WHERE order_id = ?1) = 0"
		" FROM bp_order WHERE id = ?1",
		"i", order);
}

/* May an order of this kind and in this condition have that status? */
static bool status_allowed(int64_t order, int64_t status, struct answer *answer)
{
	if (!state_int(0,
		       "SELECT s.visible AND NOT s.disabled FROM bp_order_status s, bp_order o"
		       " WHERE s.id = ? AND o.id = ? AND s.order_type ="
		       " o.order_type",
		       "ii", status, order))
		bp_fail(answer, 400, CODE,
			"The order status is unknown, hidden or of another"
			" order type");
	else if (cancels(status) && !may_be_cancelled(order))
		bp_fail(answer, 400, CODE,
			"The order has payments, goods-out notes or an invoice"
			" and"
			" cannot be cancelled");
	return !bp_failed(answer);
}

static void set_status(int64_t order, int64_t status, const cJSON *note)
{
	const char *text = note ? bp_at_text(note, "text") : NULL;
	char *standard = state_text("SELECT value FROM switch WHERE name ="
				    " 'bp_status_note_text'",
				    "");

	bp_order_touch(order);
	state_run("UPDATE bp_order SET status_id = ? WHERE id = ?", "ii", status, order);
	if (cancels(status))
		bp_reservation_drop(order);
	state_run("INSERT INTO bp_order_note (order_id, contact_id, text, is_public, added_on,"
		  " status_id, file_id, visible_at_ms) SELECT id, contact_id, ?2, ?3, ?4,"
		  " status_id, ?5, ?6"
		  " FROM bp_order WHERE id = ?1",
		  "itiiii", order, text ? text : standard, bp_at_int(note, "isPublic", 0), bp_now(),
		  bp_at_int(note, "fileId", 0), bp_visible_at());
	free(standard);
}

BP_ROUTE(bp_order_status)
{
	const cJSON *body = bp_body(call, answer);
	int64_t id = body ? bp_order_known(arg[0], answer) : 0;
	cJSON *record = id ? bp_check_record(body, status_fields, CODE, answer) : NULL;
	int64_t status = bp_at_int(record, "orderStatusId", 0);

	if (record && status_allowed(id, status, answer)) {
		set_status(id, status, bp_at(record, "orderNote"));
		bp_done(answer);
	}
	cJSON_Delete(record);
}
