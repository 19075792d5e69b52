/* Notes of an order.  A POST is never recognised as a repetition. */
#include "brightpearl.h"

#include <stdlib.h>

#define CODE "ORDC-026"

static const struct bp_field note_fields[] = {
	{"text", BP_TEXT, .required = true, .max = -1, .accepts = "SELECT ? <> ''"},
	{"isPublic", .kind = BP_BOOL},
	{"fileId", .kind = BP_INT},
	{"addedOn", .kind = BP_TIME},
	{NULL},
};

BP_ROUTE(bp_note_post)
{
	const cJSON *body = bp_body(call, answer);
	int64_t id = body ? bp_order_known(arg[0], answer) : 0;
	cJSON *note = id ? bp_check_record(body, note_fields, CODE, answer) : NULL;

	if (!note)
		return;
	state_run("INSERT INTO bp_order_note (order_id, contact_id, text, is_public, added_on,"
		  " status_id, file_id, visible_at_ms) SELECT id, contact_id, ?2, ?3, ?4,"
		  " status_id, ?5, ?6"
		  " FROM bp_order WHERE id = ?1",
		  "itiiii", id, bp_at_text(note, "text"), bp_at_int(note, "isPublic", 0),
		  bp_at_int(note, "addedOn", bp_now()), bp_at_int(note, "fileId", 0),
		  bp_visible_at());
	bp_respond_id(answer, sqlite3_last_insert_rowid(state_db));
	cJSON_Delete(note);
}

BP_ROUTE(bp_note_get)
{
	(void)call;
	int64_t id = bp_order_known(arg[0], answer);
	char *ids = id && arg[1] ? bp_idset(arg[1], 500, answer) : NULL;

	if (id && (ids || !arg[1]))
		bp_respond(
			answer,
			bp_select(
				"SELECT id AS noteId, contact_id AS contactId, text,"
				" is_public AS [isPublic:bool], added_on AS [addedOn:date], "
				"added_by AS"
				" addedBy,"
				" status_id AS orderStatusId, file_id AS fileId FROM bp_order_note"
				" WHERE order_id = ?1 AND (?2 IS NULL OR id IN (SELECT value FROM"
				" json_each(?2)))"
				" ORDER BY id",
				"it", id, ids));
	free(ids);
}
