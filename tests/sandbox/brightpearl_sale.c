/* POST and PUT of /order-service/sales-order: the record is checked whole, then written whole.
 *
 * The duplicate rule (8.1): a POST whose externalRef and installedIntegrationInstanceId are known
 * changes nothing and is answered with 200; what its body is, switch bp_duplicate_body says. */
#include "brightpearl_sale.h"

#include <stdlib.h>
#include <string.h>

#define CODE "ORDC-026"

/* rows with what the tables cannot say: a name or a product, whole pieces of what is stocked */
static bool check_row(const cJSON *row, int n, struct answer *answer)
{
	int64_t product = bp_at_int(row, "productId", 0);
	int64_t quantity = bp_at_int(row, "quantity", 0);
	const char *name = bp_at_text(row, "name");

	if (!product && !(name && *name)) {
		bp_fail(answer, 400, CODE, "Row %d has neither productId nor name", n);
		return false;
	}
	bool whole = state_int(0, "SELECT stock_tracked OR is_bundle FROM bp_product WHERE id = ?",
			       "i", product);
	if (quantity > 0 && !(whole && quantity % 10000))
		return true;
	bp_fail(answer, 400, "ORDC-024", "You have supplied an invalid quantity for row %d", n);
	return false;
}

static bool check_rows(const cJSON *record, bool may_have_ids, struct answer *answer)
{
	const cJSON *row;
	int n = 0;

	cJSON_ArrayForEach (row, bp_at(record, "rows")) {
		if (bp_at(row, "id") && !may_have_ids)
			bp_fail(answer, 400, CODE, "You have supplied an id for row %d", n);
		if (bp_failed(answer) || !check_row(row, n++, answer))
			return false;
	}
	return true;
}

static bool check_customer(const cJSON *record, struct answer *answer)
{
	int64_t one = bp_at_int(record, "customer.id", 0);
	int64_t other = bp_at_int(record, "customerId", 0);

	if (!one && !other)
		bp_fail(answer, 400, "ORDC-003", "You have not supplied a customer ID");
	else if (one && other && one != other)
		bp_fail(answer, 400, CODE, "customer.id and customerId differ");
	return !bp_failed(answer);
}

/* Ours, if we have one; else the switch decides. */
static bool check_instance(const cJSON *record, struct answer *answer)
{
	int64_t given = bp_at_int(record, "installedIntegrationInstanceId", 0);

	if (!bp_at(record, "installedIntegrationInstanceId") ||
	    (given && given == switch_int("bp_instance_id")) ||
	    switch_is("bp_foreign_instance", "accept"))
		return true;
	bp_fail(answer, 400, CODE,
		"You have supplied an invalid installedIntegrationInstanceId: "
		"it is not this app's");
	return false;
}

cJSON *bp_sale_check(const cJSON *body, bool may_have_ids, struct answer *answer)
{
	cJSON *record = bp_check_record(body, bp_sale_fields, CODE, answer);

	if (record && check_customer(record, answer) && check_rows(record, may_have_ids, answer) &&
	    check_instance(record, answer))
		return record;
	cJSON_Delete(record);
	return NULL;
}

/* The order that has both its keys, 0 if none or if a key is missing. */
static int64_t find_twin(const cJSON *record, int64_t but)
{
	return state_int(0,
			 "SELECT min(id) FROM bp_order WHERE external_ref = ? AND instance_id"
			 " = ?"
			 " AND id <> ?",
			 "tii", bp_at_text(record, "externalRef"),
			 bp_at_int(record, "installedIntegrationInstanceId", -1), but);
}

void bp_sale_duplicate(int64_t id, struct answer *answer)
{
	if (switch_is("bp_duplicate_body", "empty"))
		bp_done(answer);
	else
		bp_respond_id(answer, switch_is("bp_duplicate_body", "zero") ? 0 : id);
}

static void keep_body(int64_t id, const cJSON *body)
{
	char *text = bp_print(body);

	state_run("UPDATE bp_order SET body = ? WHERE id = ?", "ti", text, id);
	free(text);
}

BP_ROUTE(bp_sale_post)
{
	(void)arg;
	const cJSON *body = bp_body(call, answer);
	cJSON *record = body ? bp_sale_check(body, false, answer) : NULL;
	int64_t twin = record ? find_twin(record, 0) : 0;

	if (twin) {
		bp_sale_duplicate(twin, answer);
	} else if (record) {
		state_run("INSERT INTO bp_order (contact_id, created_on, visible_at_ms)"
			  " VALUES (0, ?, ?)",
			  "ii", bp_now(), bp_visible_at());
		int64_t id = sqlite3_last_insert_rowid(state_db);
		bp_sale_store(id, record);
		keep_body(id, body);
		bp_respond_id(answer, id);
	}
	cJSON_Delete(record);
}

/* Read-only members are ignored by PUT, so that what was read can be sent back. */
static void drop_readonly(cJSON *object, const struct bp_field *fields)
{
	cJSON *row;

	for (; fields->name; fields++)
		if (fields->kind == BP_READONLY)
			cJSON_DeleteItemFromObjectCaseSensitive(object, fields->name);
		else if (fields->kind == BP_LIST)
			cJSON_ArrayForEach (row,
					    cJSON_GetObjectItemCaseSensitive(object, fields->name))
				drop_readonly(row, fields->fields);
}

/* Every row id must be the order's; of an invoiced order, all of them must be there and no more. */
static bool check_row_ids(int64_t id, const cJSON *record, struct answer *answer)
{
	int64_t known = 0;
	const cJSON *row;

	cJSON_ArrayForEach (row, bp_at(record, "rows")) {
		int64_t row_id = bp_at_int(row, "id", 0);
		bool own = state_int(0, "SELECT 1 FROM bp_order_row WHERE id = ? AND order_id = ?",
				     "ii", row_id, id);
		known += own;
		if (own && bp_reservation_exceeds(row_id, bp_at_int(row, "quantity", 0) / 10000)) {
			bp_fail(answer, 400, CODE,
				"Row %d cannot be of fewer pieces than are reserved or fulfilled",
				(int)row_id);
			return false;
		}
		if (bp_at(row, "id") && !own) {
			bp_fail(answer, 400, CODE, "The order has no such row");
			return false;
		}
	}
	if (!state_int(0, "SELECT invoice_ref <> '' FROM bp_order WHERE id = ?", "i", id) ||
	    (known == cJSON_GetArraySize(bp_at(record, "rows")) &&
	     known == state_int(0,
				"SELECT count(*) FROM bp_order_row WHERE order_id ="
				" ?",
				"i", id)))
		return true;
	bp_fail(answer, 400, CODE,
		"The order is invoiced: send every row with its id, and no"
		" other");
	return false;
}

static bool version_matches(const struct call *call, int64_t id, struct answer *answer)
{
	const char *wanted = call->header(call, "If-Match");

	if (!wanted || state_int(0,
				 "SELECT CAST(version AS TEXT) = ? FROM bp_order WHERE id ="
				 " ?",
				 "ti", wanted, id))
		return true;
	bp_fail(answer, 412, "CMNC-412", "The order has changed since version %.40s", wanted);
	return false;
}

BP_ROUTE(bp_sale_put)
{
	const cJSON *body = bp_body(call, answer);
	int64_t id = body ? bp_path_known(arg[0],
					  "SELECT 1 FROM bp_order WHERE id = ? AND order_type ="
					  " 'SO'",
					  "Sales Order", answer)
			  : 0;

	if (!id || !version_matches(call, id, answer))
		return;
	cJSON *writable = cJSON_Duplicate(body, true);
	drop_readonly(writable, bp_sale_fields);
	cJSON *record = bp_sale_check(writable, true, answer);
	cJSON_Delete(writable);
	if (record && find_twin(record, id)) {
		bp_fail(answer, 400, CODE, "Another order has this externalRef");
	} else if (record && check_row_ids(id, record, answer)) {
		bp_order_touch(id);
		bp_sale_store(id, record);
		keep_body(id, body);
		bp_respond_id(answer, id);
	}
	cJSON_Delete(record);
}
