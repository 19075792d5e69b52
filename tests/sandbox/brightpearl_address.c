/* Postal addresses, and which contact they belong to. */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

#define CODE "CONC-002" /* the real code is not documented */

static const struct bp_field address_fields[] = {
	{"addressLine1", BP_TEXT, .required = true},
	{"addressLine2", .kind = BP_TEXT},
	{"addressLine3", .kind = BP_TEXT},
	{"addressLine4", .kind = BP_TEXT},
	{"postalCode", .kind = BP_TEXT},
	{"countryIsoCode", BP_TEXT, .accepts = "SELECT 1 FROM bp_country WHERE ? IN (iso2, iso3)"},
	{"countryId", BP_INT, .accepts = "SELECT 1 FROM bp_country WHERE id = ?"},
	{NULL},
};

BP_ROUTE(bp_address_post)
{
	(void)arg;
	const cJSON *body = bp_body(call, answer);
	cJSON *record = body ? bp_check_record(body, address_fields, CODE, answer) : NULL;

	if (!record)
		return;
	char *text = bp_print(record);
	const char *line1 = bp_at_text(record, "addressLine1");
	if (!line1 || !*line1)
		bp_fail(answer, 400, CODE,
			"You have supplied an invalid addressLine1: it is"
			" empty");
	else if (!bp_at(record, "countryIsoCode") && !bp_at(record, "countryId"))
		bp_fail(answer, 400, CODE, "You must supply countryIsoCode or countryId");
	else
		state_run("INSERT INTO bp_address (line1, line2, line3, line4, postal_code,"
			  " country_id)"
			  " SELECT ?1 ->> '$.addressLine1', coalesce(?1 ->> '$.addressLine2', ''),"
			  " coalesce(?1 ->> '$.addressLine3', ''), coalesce(?1 ->>"
			  " '$.addressLine4', ''),"
			  " coalesce(?1 ->> '$.postalCode', ''), coalesce(?1 ->> '$.countryId',"
			  " (SELECT id"
			  " FROM bp_country WHERE ?1 ->> '$.countryIsoCode' IN (iso2,"
			  " iso3)))",
			  "t", text);
	if (!bp_failed(answer))
		bp_respond_id(answer, sqlite3_last_insert_rowid(state_db));
	free(text);
	cJSON_Delete(record);
}

/* The whole address: what the body does not hold is emptied. */
BP_ROUTE(bp_address_put)
{
	const cJSON *body = bp_body(call, answer);
	int64_t id = body ? bp_path_known(arg[0], "SELECT 1 FROM bp_address WHERE id = ?",
					  "Postal Address", answer)
			  : 0;
	cJSON *record = id ? bp_check_record(body, address_fields, CODE, answer) : NULL;

	if (!record)
		return;
	const char *line1 = bp_at_text(record, "addressLine1");
	char *text = bp_print(record);
	if (!line1 || !*line1)
		bp_fail(answer, 400, CODE,
			"You have supplied an invalid addressLine1: it is empty");
	else if (!bp_at(record, "countryIsoCode") && !bp_at(record, "countryId"))
		bp_fail(answer, 400, CODE, "You must supply countryIsoCode or countryId");
	else {
		state_run("UPDATE bp_address SET line1 = ?1 ->> '$.addressLine1',"
			  " line2 = coalesce(?1 ->> '$.addressLine2', ''),"
			  " line3 = coalesce(?1 ->> '$.addressLine3', ''),"
			  " line4 = coalesce(?1 ->> '$.addressLine4', ''),"
			  " postal_code = coalesce(?1 ->> '$.postalCode', ''),"
			  " country_id = coalesce(?1 ->> '$.countryId', (SELECT id FROM bp_country"
			  "  WHERE ?1 ->> '$.countryIsoCode' IN (iso2, iso3))) WHERE id = ?2",
			  "ti", text, id);
		bp_done(answer);
	}
	free(text);
	cJSON_Delete(record);
}

BP_ROUTE(bp_address_get)
{
	(void)call;
	if (switch_is("bp_address_get", "no")) {
		bp_fail(answer, 404, "CMNC-404", "Cannot find the resource /postal-address/%s",
			arg[0]);
		return;
	}
	char *ids = bp_idset(arg[0], 200, answer);

	if (!ids)
		return;
	cJSON *rows = bp_select(
		"SELECT a.id AS addressId, nullif(a.contact_id, 0) AS contactId, line1 AS addressLine1,"
		" line2 AS addressLine2, line3 AS addressLine3, line4 AS addressLine4,"
		" postal_code AS postalCode, c.id AS countryId, c.iso3 AS countryIsoCode"
		" FROM bp_address a LEFT JOIN bp_country c ON c.id = a.country_id"
		" WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY a.id",
		"t", ids);
	free(ids);
	if (cJSON_GetArraySize(rows)) {
		bp_respond(answer, rows);
		return;
	}
	cJSON_Delete(rows);
	bp_fail(answer, 404, "CMNC-404", "No Postal Address Found");
}

static const struct bp_field link_fields[] = {
	{"postalAddressId", BP_INT, .required = true,
	 .accepts = "SELECT 1 FROM bp_address WHERE id = ?"},
	{"type", BP_TEXT, .accepts = "SELECT ? IN ('DEF', 'BIL', 'DEL')"},
	{NULL},
};

/* Of another contact, or a type that a secondary contact inherits? */
static bool link_allowed(int64_t contact, int64_t address, const char *type, struct answer *answer)
{
	if (state_int(0, "SELECT contact_id <> ? FROM bp_address WHERE id = ?", "ii", contact,
		      address))
		bp_fail(answer, 400, CODE, "The address belongs to another contact");
	else if (type && strcmp(type, "DEL") &&
		 !state_int(0, "SELECT is_primary FROM bp_contact WHERE id = ?", "i", contact))
		bp_fail(answer, 400, CODE, "%s cannot be set on a secondary contact", type);
	return !bp_failed(answer);
}

static bool link_one(int64_t contact, const cJSON *item, struct answer *answer)
{
	cJSON *record = bp_check_record(item, link_fields, CODE, answer);
	int64_t address = bp_at_int(record, "postalAddressId", 0);
	const char *type = record ? bp_at_text(record, "type") : NULL;

	if (record && link_allowed(contact, address, type, answer)) {
		state_run("UPDATE bp_address SET contact_id = ? WHERE id ="
			  " ?",
			  "ii", contact, address);
		state_run("UPDATE bp_contact SET"
			  " def_address_id = iif(?3 = 'DEF', ?2, def_address_id),"
			  " bil_address_id = iif(?3 = 'BIL', ?2, bil_address_id),"
			  " del_address_id = iif(?3 = 'DEL', ?2, del_address_id) WHERE id = ?1",
			  "iit", contact, address, type);
	}
	cJSON_Delete(record);
	return !bp_failed(answer);
}

BP_ROUTE(bp_address_link)
{
	const cJSON *body = bp_body(call, answer), *item;
	int64_t id = body ? bp_path_known(arg[0],
					  "SELECT 1 FROM bp_contact WHERE id ="
					  " ?",
					  "Contact", answer)
			  : 0;

	if (!id)
		return;
	if (!cJSON_IsArray(body) || !cJSON_GetArraySize(body)) {
		bp_fail(answer, 400, CODE, "The body must be a list of addresses");
		return;
	}
	state_run("UPDATE bp_contact SET updated_on = ?2, visible_at_ms = ?3 WHERE id ="
		  " ?1",
		  "iii", id, bp_now(), bp_visible_at());
	cJSON_ArrayForEach (item, body)
		if (!link_one(id, item, answer))
			return;
	bp_done(answer);
}
