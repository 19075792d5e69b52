/* Contacts: POST without any search for duplicates, GET, PATCH of the documented paths. */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

#define CODE "CONC-001" /* the real codes are not documented */

static const struct bp_field email_address[] = {{"email", BP_EMAIL, .required = true}, {NULL}};
static const struct bp_field emails[] = {
	{"PRI", BP_OBJECT, .fields = email_address},
	{"SEC", BP_OBJECT, .fields = email_address},
	{"TER", BP_OBJECT, .fields = email_address},
	{NULL},
};
static const struct bp_field telephones[] = {
	{"PRI", .kind = BP_TEXT},
	{"SEC", .kind = BP_TEXT},
	{"MOB", .kind = BP_TEXT},
	{"FAX", .kind = BP_TEXT},
	{NULL},
};
static const struct bp_field websites[] = {{"PRI", .kind = BP_TEXT}, {NULL}};
static const struct bp_field voips[] = {{"SKP", .kind = BP_TEXT}, {NULL}};
static const struct bp_field communication[] = {
	{"emails", BP_OBJECT, .fields = emails},
	{"telephones", BP_OBJECT, .fields = telephones},
	{"websites", BP_OBJECT, .fields = websites},
	{"messagingVoips", BP_OBJECT, .fields = voips},
	{NULL},
};

/* an address that belongs to nobody yet */
#define FREE_ADDRESS "SELECT 1 FROM bp_address WHERE id = ? AND contact_id IS NULL"
static const struct bp_field addresses[] = {
	{"DEF", BP_INT, .required = true, .accepts = FREE_ADDRESS},
	{"BIL", BP_INT, .required = true, .accepts = FREE_ADDRESS},
	{"DEL", BP_INT, .required = true, .accepts = FREE_ADDRESS},
	{NULL},
};

static const struct bp_field status_id[] = {{"contactStatusId", .kind = BP_INT}, {NULL}};
static const struct bp_field status[] = {{"current", BP_OBJECT, .fields = status_id}, {NULL}};
static const struct bp_field relationship[] = {
	{"isSupplier", .kind = BP_BOOL},
	{"isStaff", .kind = BP_BOOL},
	{NULL},
};
static const struct bp_field organisation[] = {
	{"organisationId", BP_INT, .accepts = "SELECT 1 FROM bp_contact WHERE id = ?"},
	{"name", .kind = BP_TEXT},
	{NULL},
};
static const struct bp_field marketing[] = {{"isReceiveEmailNewsletter", .kind = BP_BOOL}, {NULL}};
static const struct bp_field financial[] = {
	{"priceListId", BP_INT, .accepts = "SELECT 1 FROM bp_price_list WHERE id = ?"},
	{"taxCodeId", BP_INT, .accepts = "SELECT 1 FROM bp_tax_code WHERE id = ?"},
	{"creditLimit", .kind = BP_INT},
	{"creditTermDays", .kind = BP_INT},
	{"discountPercentage", .kind = BP_INT},
	{"taxNumber", .kind = BP_TEXT},
	{"nominalCode", BP_TEXT, .accepts = "SELECT 1 FROM bp_nominal WHERE code = ?"},
	{"currencyId", BP_INT, .accepts = "SELECT 1 FROM bp_currency WHERE id = ?"},
	{NULL},
};
static const struct bp_field assigned[] = {
	{"staffOwnerContactId", BP_INT,
	 .accepts = "SELECT 1 FROM bp_contact WHERE id = ? AND is_staff"},
	{"leadSourceId", BP_INT, .accepts = "SELECT 1 FROM bp_lead_source WHERE id = ?"},
	{NULL},
};
static const struct bp_field assignment[] = {{"current", BP_OBJECT, .fields = assigned}, {NULL}};

static const struct bp_field contact_fields[] = {
	{"salutation", BP_TEXT, .max = 32},
	{"firstName", BP_TEXT, .required = true, .max = 32},
	{"lastName", BP_TEXT, .required = true, .max = 32},
	{"postAddressIds", BP_OBJECT, .required = true, .fields = addresses},
	{"communication", BP_OBJECT, .fields = communication},
	{"contactStatus", BP_OBJECT, .fields = status},
	{"relationshipToAccount", BP_OBJECT, .fields = relationship},
	{"organisation", BP_OBJECT, .fields = organisation},
	{"marketingDetails", BP_OBJECT, .fields = marketing},
	{"financialDetails", BP_OBJECT, .fields = financial},
	{"assignment", BP_OBJECT, .fields = assignment},
	{NULL},
};

#define TEXT(path)           "coalesce(?1 ->> '$." path "', '')"
#define INT(path, otherwise) "coalesce(?1 ->> '$." path "', " otherwise ")"

static int64_t insert_contact(const char *record)
{
	state_run(
		"INSERT INTO bp_contact (salutation, first_name, last_name, company, email,"
		" email2,"
		" email3, phone, phone2, mobile, fax, website, skype, def_address_id,"
		" bil_address_id,"
		" del_address_id, is_supplier, is_staff, is_customer, organisation_id, is_primary,"
		" newsletter, price_list_id, currency_id, tax_code_id, tax_number, nominal_code,"
		" credit_limit, credit_days, discount, status_id, staff_owner_id, lead_source_id,"
		" created_on, visible_at_ms, body) SELECT"
		" " TEXT("salutation") ", " TEXT("firstName") ", " TEXT("lastName") ", " TEXT(
			"organisation.name") ", " TEXT("communication.emails.PRI.email") ", " TEXT("communication.emails.SEC.email") ", " TEXT("communication.emails.TER.email") ", " TEXT("communication.telephones.PRI") ", " TEXT("communication.telephones.SEC") ", " TEXT("communication.telephones.MOB") ", " TEXT("communication.telephones.FAX") ", " TEXT("communication.websites.PRI") ", " TEXT("communication.messagingVoips.SKP") ", ?1 ->> '$.postAddressIds.DEF',"
																																																					       " ?1 ->> '$.postAddressIds.BIL', ?1 ->> '$.postAddressIds.DEL',"
																																																					       " s.supplier, s.staff, NOT (s.supplier OR s.staff),"
																																																					       " ?1 ->> '$.organisation.organisationId',"
																																																					       " ?1 ->> '$.organisation.organisationId' IS NULL,"
																																																					       " " INT("marketingDetails.isReceiveEmailNewsletter",
																																																						       "0") ", " INT("financialDetails.priceListId",
																																																								     "2") ", " INT("financialDetails.currencyId", "1") ", ?1 ->> '$.financialDetails.taxCodeId',"
																																																														       " ?1 ->> '$.financialDetails.taxNumber',"
																																																														       " " INT("financialDetails.nominalCode",
																																																															       "'0'") ", " INT("financialDetails.creditLimit", "0") ", " INT("financialDetails.creditTermDays", "0") ", 10000 * " INT("financialDetails.discountPercentage", "0") ", " INT("contactStatus.current.contactStatusId",
																																																																																					   "0") ", ?1 ->> '$.assignment.current.staffOwnerContactId',"
																																																																																						" ?1 ->> '$.assignment.current.leadSourceId', ?2, ?3, ?1"
																																																																																						" FROM (SELECT " INT(
																																																																																							"relationshipToAccount.isSupplier",
																																																																																							"0") " AS supplier,"
																																																																																							     " " INT("relationshipToAccount.isStaff",
																																																																																								     "0") " AS staff) s",
		"tii", record, bp_now(), bp_visible_at());
	return sqlite3_last_insert_rowid(state_db);
}

BP_ROUTE(bp_contact_post)
{
	(void)arg;
	const cJSON *body = bp_body(call, answer);
	cJSON *record = body ? bp_check_record(body, contact_fields, CODE, answer) : NULL;

	if (!record)
		return;
	char *text = bp_print(record);
	int64_t id = insert_contact(text);
	state_run("UPDATE bp_address SET contact_id = ?1 WHERE id IN"
		  " (SELECT value FROM json_each(?2, '$.postAddressIds'))",
		  "it", id, text);
	free(text);
	cJSON_Delete(record);
	bp_respond_id(answer, id);
}

/* Telephones show PRI always and the others when set, as recorded. */
static cJSON *read_contacts(const char *ids)
{
	return bp_select(
		"SELECT id AS contactId, is_primary AS [isPrimaryContact:bool],"
		" salutation,"
		" first_name AS firstName, last_name AS lastName,"
		" json_patch('{}', json_object('DEF', def_address_id, 'BIL', bil_address_id,"
		" 'DEL', del_address_id)) AS [postAddressIds:json], json_patch('{}', json_object("
		"'PRI', json(iif(email = '', NULL, json_object('email', email))),"
		" 'SEC', json(iif(email2 = '', NULL, json_object('email', email2))),"
		" 'TER', json(iif(email3 = '', NULL, json_object('email', email3)))))"
		" AS [communication.emails:json], json_patch('{}', json_object('PRI', phone,"
		" 'SEC', nullif(phone2, ''), 'MOB', nullif(mobile, ''), 'FAX', nullif(fax, '')))"
		" AS [communication.telephones:json],"
		" json_patch('{}', json_object('SKP', nullif(skype, '')))"
		" AS [communication.messagingVoips:json],"
		" json_patch('{}', json_object('PRI', nullif(website, '')))"
		" AS [communication.websites:json],"
		" status_id AS [contactStatus.current.contactStatusId],"
		" is_supplier AS [relationshipToAccount.isSupplier:bool],"
		" is_staff AS [relationshipToAccount.isStaff:bool],"
		" newsletter AS [marketingDetails.isReceiveEmailNewsletter:bool],"
		" price_list_id AS [financialDetails.priceListId],"
		" nominal_code AS [financialDetails.nominalCode],"
		" credit_limit AS [financialDetails.creditLimit],"
		" credit_days AS [financialDetails.creditTermDays],"
		" currency_id AS [financialDetails.currencyId],"
		" discount / 10000 AS [financialDetails.discountPercentage],"
		" tax_code_id AS [financialDetails.taxCodeId],"
		" tax_number AS [financialDetails.taxNumber],"
		" 1 AS [financialDetails.creditTermTypeId], json_patch('{}', json_object("
		"'staffOwnerContactId', staff_owner_id, 'leadSourceId', lead_source_id))"
		" AS [assignment.current:json],"
		" coalesce(organisation_id, id) AS [organisation.organisationId],"
		" nullif(company, '') AS [organisation.name], 'UNKNOWN' AS tradeStatus,"
		" 4 AS createdByid, created_on AS [createdOn:date], updated_on AS [updatedOn:date],"
		" '' AS contactTags, '{}' AS [aliases:json], company_id AS companyId"
		" FROM bp_contact WHERE id IN (SELECT value FROM json_each(?)) ORDER BY"
		" id",
		"t", ids);
}

static void add_pages(cJSON *body, int count)
{
	cJSON *pages = cJSON_AddObjectToObject(body, "pagination");

	cJSON_AddBoolToObject(pages, "morePagesAvailable", false);
	cJSON_AddNumberToObject(pages, "resultsReturned", count);
	cJSON_AddNumberToObject(pages, "firstResult", 1);
	cJSON_AddNumberToObject(pages, "lastResult", count);
	cJSON *sorting = cJSON_AddArrayToObject(body, "sorting"), *by = cJSON_CreateObject();
	cJSON_AddStringToObject(by, "field", "contactId");
	cJSON_AddStringToObject(by, "direction", "ASC");
	cJSON_AddItemToArray(sorting, by);
}

BP_ROUTE(bp_contact_get)
{
	(void)call;
	char *ids = bp_idset(arg[0], 200, answer);

	if (!ids)
		return;
	cJSON *rows = read_contacts(ids), *body = cJSON_CreateObject();
	int count = cJSON_GetArraySize(rows);
	int asked = (int)state_int(0, "SELECT count(DISTINCT value) FROM json_each(?)", "t", ids);
	free(ids);
	cJSON_AddItemToObject(body, "response", rows);
	add_pages(body, count);
	if (count == asked || (count && switch_is("bp_contact_absent", "skip"))) {
		answer_json(answer, 200, body);
		return;
	}
	cJSON_Delete(body);
	bp_fail(answer, 404, "CMNC-404", "No Contact Found");
}

#define SET(column)                                                                                \
	.set = "UPDATE bp_contact SET " column " = ?2 WHERE id = ?1",                              \
	.remove = "UPDATE bp_contact SET " column " = '' WHERE id = ?1"
#define PHONE(type, column)                                                                        \
	{                                                                                          \
		"/communication/telephones/" type, "replace add remove", {.kind = BP_TEXT},        \
			SET(column)                                                                \
	}
#define EMAIL(type, column)                                                                        \
	{                                                                                          \
		"/communication/emails/" type "/email", "replace add", {.kind = BP_EMAIL},         \
			SET(column)                                                                \
	}

static const struct bp_patch contact_paths[] = {
	{"/salutation", "replace", {.kind = BP_TEXT, .max = 32}, SET("salutation")},
	{"/firstName", "replace", {.kind = BP_TEXT, .max = 32}, SET("first_name")},
	{"/lastName", "replace", {.kind = BP_TEXT, .max = 32}, SET("last_name")},
	PHONE("PRI", "phone"),
	PHONE("SEC", "phone2"),
	PHONE("MOB", "mobile"),
	PHONE("FAX", "fax"),
	EMAIL("PRI", "email"),
	EMAIL("SEC", "email2"),
	EMAIL("TER", "email3"),
	{"/marketingDetails/isReceiveEmailNewsletter",
	 "replace",
	 {.kind = BP_BOOL},
	 SET("newsletter")},
	{"/leadTime", "replace", {.kind = BP_INT}, SET("lead_time")},
	{"/companyId", "replace", {.kind = BP_INT}, SET("company_id")},
	{0},
};

/* Which operation a telephone takes is not documented: bp_telephone_patch chooses. */
static bool telephone_takes(int64_t id, const char *path, const char *op)
{
	if (switch_is("bp_telephone_patch", "any"))
		return true;
	if (!switch_is("bp_telephone_patch", "fitting"))
		return switch_is("bp_telephone_patch", op);
	bool set = state_int(
		0,
		"SELECT CASE substr(?2, -3) WHEN 'PRI' THEN phone WHEN 'SEC' THEN phone2"
		" WHEN 'MOB' THEN mobile ELSE fax END <> '' FROM bp_contact WHERE id = ?1",
		"it", id, path);
	return set != !strcmp(op, "add");
}

static bool telephones_fit(int64_t id, const cJSON *operations, struct answer *answer)
{
	const cJSON *operation;

	cJSON_ArrayForEach (operation, operations) {
		const char *path = bp_at_text(operation, "path"), *op = bp_at_text(operation, "op");
		if (!path || !op || strncmp(path, "/communication/telephones/", 26) != 0 ||
		    telephone_takes(id, path, op))
			continue;
		bp_fail(answer, 500, "CMNC-044", "Invalid patch operation (%s) for given path (%s)",
			op, path);
		return false;
	}
	return true;
}

BP_ROUTE(bp_contact_patch)
{
	const cJSON *body = bp_body(call, answer);
	int64_t id = body ? bp_path_known(arg[0],
					  "SELECT 1 FROM bp_contact WHERE id ="
					  " ?",
					  "Contact", answer)
			  : 0;
	char ids[32];

	if (!id || !telephones_fit(id, body, answer))
		return;
	state_run("UPDATE bp_contact SET updated_on = ?2, visible_at_ms = ?3 WHERE id ="
		  " ?1",
		  "iii", id, bp_now(), bp_visible_at());
	if (!bp_patch_apply(contact_paths, id, body, CODE, answer))
		return;
	sqlite3_snprintf(sizeof ids, ids, "[%lld]", (long long)id);
	cJSON *rows = read_contacts(ids);
	bp_respond(answer, cJSON_DetachItemFromArray(rows, 0));
	cJSON_Delete(rows);
}
