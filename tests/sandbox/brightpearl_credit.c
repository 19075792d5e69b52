/* POST and GET of /order-service/sales-credit (8.8): the fields of a sales order, the status of a
 * credit.  Whether two equal keys make one credit, as they make one order, is not documented:
 * switch bp_credit_twin. */
#include "brightpearl_sale.h"

#include <stdlib.h>

#define CODE "ORDC-026"

static int64_t find_twin(const cJSON *record)
{
	return state_int(0,
			 "SELECT min(id) FROM bp_order WHERE order_type = 'SC' AND external_ref = ?"
			 " AND instance_id = ?",
			 "ti", bp_at_text(record, "externalRef"),
			 bp_at_int(record, "installedIntegrationInstanceId", -1));
}

/* Its own status; a status of sales orders is refused. */
static int64_t take_status(cJSON *body, struct answer *answer)
{
	int64_t status = bp_at_int(body, "statusId", 0);

	cJSON_DeleteItemFromObjectCaseSensitive(body, "statusId");
	if (!status)
		return state_int(0, "SELECT min(id) FROM bp_order_status WHERE order_type = 'SC'",
				 "");
	if (!state_int(0,
		       "SELECT visible AND NOT disabled FROM bp_order_status WHERE id = ?"
		       " AND order_type = 'SC'",
		       "i", status))
		bp_fail(answer, 400, CODE, "You have supplied an invalid statusId");
	return status;
}

/* What is a credit's and not a sale's. */
static void make_credit(int64_t id, int64_t status)
{
	state_run("UPDATE bp_order SET order_type = 'SC', status_id = ?2,"
		  " stock_status = iif(stock_status = 'SON', 'SCN', stock_status) WHERE id = ?1",
		  "ii", id, status);
}

BP_ROUTE(bp_credit_post)
{
	(void)arg;
	const cJSON *body = bp_body(call, answer);
	cJSON *copy = body ? cJSON_Duplicate(body, true) : NULL;
	int64_t status = copy ? take_status(copy, answer) : 0;
	cJSON *record = status && !bp_failed(answer) ? bp_sale_check(copy, false, answer) : NULL;
	int64_t twin = record && switch_is("bp_credit_twin", "same") ? find_twin(record) : 0;

	if (twin) {
		bp_sale_duplicate(twin, answer);
	} else if (record) {
		char *text = bp_print(body);
		state_run("INSERT INTO bp_order (contact_id, created_on, visible_at_ms, body)"
			  " VALUES (0, ?, ?, ?)",
			  "iit", bp_now(), bp_visible_at(), text);
		int64_t id = sqlite3_last_insert_rowid(state_db);
		free(text);
		bp_sale_store(id, record);
		make_credit(id, status);
		bp_respond_id(answer, id);
	}
	cJSON_Delete(record);
	cJSON_Delete(copy);
}

/* 207 when only some of the ids are known. */
BP_ROUTE(bp_credit_get)
{
	(void)call;
	char *ids = bp_idset(arg[0], 200, answer);

	if (!ids)
		return;
	cJSON *credits = bp_sale_read(ids, "SC");
	bool some = cJSON_GetArraySize(credits) > 0 &&
		    cJSON_GetArraySize(credits) <
			    state_int(0, "SELECT count(*) FROM json_each(?)", "t", ids);
	bp_respond(answer, credits);
	if (some)
		answer->status = 207;
	free(ids);
}
