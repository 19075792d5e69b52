/* Goods-out notes (12.1): read, made, changed, shipped and undone.
 *
 * Events are not kept one by one: a note remembers when it was last printed, picked, packed and
 * shipped, and its version counts.  An external transfer's note shows order 0 and no orderRows. */
#include "brightpearl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE       "WHSC-014"
#define MOST       500
#define NOTE_KNOWN "SELECT 1 FROM bp_goods_out WHERE id = ?"

static const char notes_sql[] =
	"SELECT n.id AS [id:key], iif(transfer, 0, order_id) AS orderId,"
	" warehouse_id AS warehouseId, transfer AS [transfer:bool], priority AS [priority:bool],"
	" shipped_on IS NOT NULL AS [status.shipped:bool],"
	" packed_on IS NOT NULL AS [status.packed:bool],"
	" picked_on IS NOT NULL AS [status.picked:bool],"
	" printed_on IS NOT NULL AS [status.printed:bool], picked_on AS [status.pickedOn:date],"
	" packed_on AS [status.packedOn:date], shipped_on AS [status.shippedOn:date],"
	" printed_on AS [status.printedOn:date], iif(picked_on, 4, NULL) AS [status.pickedById],"
	" iif(packed_on, 4, NULL) AS [status.packedById],"
	" iif(shipped_on, 4, NULL) AS [status.shippedById],"
	" iif(printed_on, 4, NULL) AS [status.printedById], reference AS [shipping.reference],"
	" nullif(shipping_method_id, 0) AS [shipping.shippingMethodId],"
	" boxes AS [shipping.boxes], iif(weight IS NULL, NULL, printf('%d.%04d', weight / 10000, "
	"weight % 10000)) AS"
	" [shipping.weight:raw], label_uri AS labelUri, release_date AS [releaseDate:date],"
	" created_on AS [createdOn:date], created_by AS createdBy,"
	" iif(transfer, NULL, coalesce((SELECT json_group_object(row_id, json(list)) FROM"
	"  (SELECT row_id, json_group_array(json_object('productId', product_id, 'quantity',"
	"   quantity, 'locationId', location_id)) AS list FROM bp_goods_out_row"
	"   WHERE note_id = n.id GROUP BY row_id)), '{}')) AS [orderRows:json],"
	" iif(transfer, (SELECT json_group_array(json_object('productId', product_id, 'quantity',"
	"   quantity, 'locationId', location_id)) FROM bp_goods_out_row WHERE note_id = n.id),"
	"  NULL) AS [transferRows:json],"
	" (SELECT count(*) FROM bp_goods_out e WHERE e.order_id = n.order_id AND e.id <= n.id)"
	" AS sequence, version AS lastEventVersion FROM bp_goods_out n"
	" WHERE (?1 IS NULL OR order_id IN (SELECT value FROM json_each(?1)))"
	" AND (?2 IS NULL OR n.id IN (SELECT value FROM json_each(?2))) ORDER BY n.id";

static const char events_sql[] =
	"SELECT created_on AS [occured:date], created_by AS eventOwnerId, 'PLA' AS eventCode"
	" FROM bp_goods_out WHERE id = ?1 UNION ALL"
	" SELECT printed_on, 4, 'PRI' FROM bp_goods_out WHERE id = ?1 AND printed_on UNION ALL"
	" SELECT picked_on, 4, 'PIC' FROM bp_goods_out WHERE id = ?1 AND picked_on UNION ALL"
	" SELECT packed_on, 4, 'PAC' FROM bp_goods_out WHERE id = ?1 AND packed_on UNION ALL"
	" SELECT shipped_on, 4, 'SHW' FROM bp_goods_out WHERE id = ?1 AND shipped_on";

/* Both ID sets of a path: "*" and an empty one stand for all, but not both at once. */
bool bp_note_sets(char *const arg[4], int64_t most, char **orders, char **notes,
		  struct answer *answer)
{
	bool all = !strcmp(arg[0], "*");

	*orders = *notes = NULL;
	if (all && !arg[1])
		bp_fail(answer, 400, "CMNC-013", "All orders need an ID set of notes");
	else if ((all || (*orders = bp_idset(arg[0], most, answer))) &&
		 (!arg[1] || (*notes = bp_idset(arg[1], most, answer))))
		return true;
	free(*orders);
	return false;
}

void bp_note_respond(struct answer *answer, cJSON *notes)
{
	if (notes->child || switch_is("bp_no_notes", "empty")) {
		bp_respond(answer, notes);
		return;
	}
	cJSON_Delete(notes);
	bp_fail(answer, 404, "CMNC-404", "No goods notes found");
}

BP_ROUTE(bp_goods_out_get)
{
	(void)call;
	char *orders, *ids;

	if (!bp_note_sets(arg, MOST, &orders, &ids, answer))
		return;
	cJSON *notes = bp_select(notes_sql, "tt", orders, ids), *note;
	cJSON_ArrayForEach (note, notes)
		cJSON_AddItemToObject(note, "events",
				      bp_select(events_sql, "i", (int64_t)atoll(note->string)));
	bp_note_respond(answer, notes);
	free(orders);
	free(ids);
}

static const struct bp_field product_fields[] = {
	{"productId", BP_INT, .required = true},
	{"salesOrderRowId", BP_INT, .required = true},
	{"quantity", BP_INT, .required = true, .accepts = "SELECT ? > 0"},
	{NULL},
};
static const struct bp_field warehouse_fields[] = {
	{"releaseDate", .kind = BP_TIME},
	{"warehouseId", BP_INT, .required = true,
	 .accepts = "SELECT 1 FROM bp_warehouse WHERE id = ?"},
	{"transfer", .kind = BP_BOOL},
	{"products", BP_LIST, .required = true, .fields = product_fields},
	{NULL},
};
static const struct bp_field note_fields[] = {
	{"warehouses", BP_LIST, .required = true, .fields = warehouse_fields},
	{"priority", .kind = BP_BOOL},
	{"shippingMethodId", BP_INT, .accepts = "SELECT 1 FROM bp_shipping_method WHERE id = ?"},
	{NULL},
};

/* The products of one warehouse; what is not ordered, or on a note already, is refused. */
static bool add_rows(int64_t order, int64_t note, const cJSON *products, struct answer *answer)
{
	char *text = bp_print(products);
	int64_t wrong = state_int(
		0,
		"SELECT w.row FROM (SELECT value ->> '$.salesOrderRowId' AS row,"
		" value ->> '$.productId' AS product, sum(value ->> '$.quantity') AS quantity"
		" FROM json_each(?1) GROUP BY 1, 2) w LEFT JOIN bp_row_goods g"
		" ON g.row_id = w.row AND g.order_id = ?2 AND g.product_id = w.product"
		" AND g.goods WHERE g.row_id IS NULL OR w.quantity > g.wanted - g.noted",
		"ti", text, order);

	if (wrong)
		bp_fail(answer, 400, CODE, "Row %lld does not have that much left to fulfil",
			(long long)wrong);
	else
		state_run("INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity)"
			  " SELECT ?1, value ->> '$.salesOrderRowId', value ->> '$.productId',"
			  " value ->> '$.quantity' FROM json_each(?2)",
			  "it", note, text);
	free(text);
	return !wrong;
}

static int64_t add_note(int64_t order, const cJSON *record, const cJSON *warehouse,
			struct answer *answer)
{
	state_run("INSERT INTO bp_goods_out (order_id, warehouse_id, transfer, priority,"
		  " shipping_method_id, release_date, created_on, visible_at_ms)"
		  " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		  "iiiiiiii", order, bp_at_int(warehouse, "warehouseId", 2),
		  bp_at_int(warehouse, "transfer", 0), bp_at_int(record, "priority", 0),
		  bp_at_int(record, "shippingMethodId", 0),
		  bp_at_int(warehouse, "releaseDate", bp_now()), bp_now(), bp_visible_at());
	int64_t id = sqlite3_last_insert_rowid(state_db);
	return add_rows(order, id, bp_at(warehouse, "products"), answer) ? id : 0;
}

/* The shape of the answer is not documented: the ids of the new notes. */
BP_ROUTE(bp_goods_out_post)
{
	const cJSON *body = bp_body(call, answer), *warehouse;
	int64_t order = body ? bp_order_known(arg[0], answer) : 0;
	cJSON *record = order ? bp_check_record(body, note_fields, CODE, answer) : NULL;

	if (!record)
		return;
	cJSON *ids = cJSON_CreateArray();
	cJSON_ArrayForEach (warehouse, bp_at(record, "warehouses")) {
		int64_t id = add_note(order, record, warehouse, answer);
		if (!id)
			break;
		cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)id));
	}
	if (bp_failed(answer))
		cJSON_Delete(ids);
	else
		bp_respond(answer, ids);
	cJSON_Delete(record);
}

static const struct bp_field shipping_fields[] = {
	{"shippingMethodId", BP_INT, .accepts = "SELECT 1 FROM bp_shipping_method WHERE id = ?"},
	{"reference", BP_TEXT, .max = 64},
	{"boxes", .kind = BP_INT},
	{"weight", .kind = BP_INT}, /* decimals are not played */
	{NULL},
};
static const struct bp_field change_fields[] = {
	{"priority", .kind = BP_BOOL},
	{"shipping", BP_OBJECT, .fields = shipping_fields},
	{"labelUri", .kind = BP_TEXT},
	{NULL},
};

static bool is_shipped(int64_t id)
{
	return state_int(0, "SELECT shipped_on IS NOT NULL FROM bp_goods_out WHERE id = ?", "i",
			 id);
}

BP_ROUTE(bp_goods_out_put)
{
	const cJSON *body = bp_body(call, answer);
	int64_t id = body ? bp_path_known(arg[0], NOTE_KNOWN, "Goods-Out Note", answer) : 0;
	cJSON *record = id && !bp_failed(answer)
				? bp_check_record(body, change_fields, CODE, answer)
				: NULL;

	if (!record)
		return;
	if (is_shipped(id) && switch_is("bp_ship_rereferences", "no")) {
		bp_fail(answer, 400, "WHSC-070", "The goods-out note has been shipped");
	} else {
		char *text = bp_print(record);
		state_run("UPDATE bp_goods_out SET priority = coalesce(?2 ->> '$.priority', 0),"
			  " shipping_method_id = coalesce(?2 ->> '$.shipping.shippingMethodId',"
			  " 0), reference = coalesce(?2 ->> '$.shipping.reference', ''),"
			  " boxes = ?2 ->> '$.shipping.boxes',"
			  " weight = 10000 * (?2 ->> '$.shipping.weight'),"
			  " label_uri = ?2 ->> '$.labelUri' WHERE id = ?1",
			  "it", id, text);
		free(text);
		bp_done(answer);
	}
	cJSON_Delete(record);
}

static const struct bp_field event_fields[] = {
	{"eventCode", BP_TEXT, .required = true,
	 .accepts = "SELECT ? IN ('PRI', 'UPR', 'PIC', 'UPI', 'PAC', 'UPA', 'SHW')"},
	{"occured", BP_TIME, .required = true},
	{"eventOwnerId", BP_INT, .required = true,
	 .accepts = "SELECT 1 FROM bp_contact WHERE id = ?"},
	{NULL},
};
static const struct bp_field events_fields[] = {
	{"events", BP_LIST, .required = true, .fields = event_fields},
	{NULL},
};

/* Shipping makes up for what was not printed, picked or packed before. */
static void add_event(int64_t id, const char *code, int64_t occured)
{
	static const char *const sets[][2] = {
		{"PRI", "printed_on = ?2"},
		{"UPR", "printed_on = NULL"},
		{"PIC", "picked_on = ?2"},
		{"UPI", "picked_on = NULL"},
		{"PAC", "packed_on = ?2"},
		{"UPA", "packed_on = NULL"},
		{"SHW", "printed_on = coalesce(printed_on, ?2), picked_on = coalesce(picked_on,"
			" ?2), packed_on = coalesce(packed_on, ?2), shipped_on = ?2"}};
	char sql[256];

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		if (!strcmp(sets[i][0], code)) {
			snprintf(sql, sizeof sql,
				 "UPDATE bp_goods_out SET %s, version = version + 1,"
				 " visible_at_ms = ?3 WHERE id = ?1",
				 sets[i][1]);
			state_run(sql, "iii", id, occured, bp_visible_at());
		}
}

static bool version_fits(const struct call *call, int64_t id, struct answer *answer)
{
	const char *wanted = call->header(call, "If-Match");
	int64_t version = state_int(0, "SELECT version FROM bp_goods_out WHERE id = ?", "i", id);

	if (!wanted || atoll(wanted) == version)
		return true;
	bp_fail(answer, 412, "CMNC-412", "The note's last event version is %lld",
		(long long)version);
	return false;
}

BP_ROUTE(bp_goods_out_event)
{
	const cJSON *body = bp_body(call, answer), *event;
	int64_t id = body ? bp_path_known(arg[0], NOTE_KNOWN, "Goods-Out Note", answer) : 0;
	cJSON *record = id && !bp_failed(answer) && version_fits(call, id, answer)
				? bp_check_record(body, events_fields, CODE, answer)
				: NULL;

	if (!record)
		return;
	cJSON_ArrayForEach (event, bp_at(record, "events"))
		if (!is_shipped(id))
			add_event(id, bp_at_text(event, "eventCode"),
				  bp_at_int(event, "occured", 0));
		else
			bp_fail(answer, 400, "WHSC-070", "The goods-out note has been shipped");
	if (!bp_failed(answer))
		bp_done(answer);
	cJSON_Delete(record);
}

BP_ROUTE(bp_goods_out_delete)
{
	(void)call;
	int64_t order = bp_order_known(arg[0], answer);
	int64_t id = order ? bp_path_known(arg[1], NOTE_KNOWN, "Goods-Out Note", answer) : 0;

	if (!id || bp_failed(answer))
		return;
	if (is_shipped(id)) {
		bp_fail(answer, 400, "WHSC-070", "The goods-out note has been shipped");
		return;
	}
	state_run("DELETE FROM bp_goods_out WHERE id = ? AND order_id = ?", "ii", id, order);
	state_run("DELETE FROM bp_goods_out_row WHERE note_id = ?", "i", id);
	state_run("UPDATE bp_order SET stock_status = g.stock_status FROM bp_order_goods g"
		  " WHERE g.order_id = bp_order.id AND bp_order.id = ?",
		  "i", order);
	bp_done(answer);
}
