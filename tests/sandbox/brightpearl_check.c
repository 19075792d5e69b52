/* Records that come in, checked against a table of fields: names, types, lengths, references.
 *
 * Stricter than kind: a field that is not in the table is refused, and so is one that is there
 * twice.  null means absent, as Brightpearl leaves nulls out of its own answers. */
#include "brightpearl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTRY "SELECT 1 FROM bp_country WHERE ? IN (iso2, iso3)"

const struct bp_field bp_check_address[] = {
	{"addressFullName", BP_TEXT, .max = 255},
	{"companyName", BP_TEXT, .max = 255},
	{"addressLine1", BP_TEXT, .max = 255},
	{"addressLine2", BP_TEXT, .max = 255},
	{"addressLine3", BP_TEXT, .max = 255},
	{"addressLine4", BP_TEXT, .max = 255},
	{"postalCode", BP_TEXT, .max = 255},
	{"countryIsoCode", BP_TEXT, .accepts = COUNTRY},
	{"countryId", BP_INT, .accepts = "SELECT 1 FROM bp_country WHERE id = ?"},
	{"telephone", BP_TEXT, .max = 255},
	{"mobileTelephone", BP_TEXT, .max = 255},
	{"fax", BP_TEXT, .max = 255},
	{"email", BP_TEXT, .max = 255},
	{NULL},
};

struct check {
	const char *code;
	struct answer *answer;
};

static cJSON *refuse(const struct check *check, const struct bp_field *field, const char *what,
		     const char *why)
{
	bp_fail(check->answer, 400, field->code ? field->code : check->code,
		"You have supplied an invalid %s: %s", what, why);
	return NULL;
}

static int characters(const char *utf8)
{
	int count = 0;

	for (; *utf8; utf8++)
		count += (*utf8 & 0xC0) != 0x80;
	return count;
}

static bool email_shaped(const char *text)
{
	const char *at = strchr(text, '@');

	return at && at > text && !strchr(at + 1, '@') && strchr(at, '.') && at[1] != '.' &&
	       text[strlen(text) - 1] != '.' && !strpbrk(text, " \t\r\n,;<>");
}

/* Its normalised value, or why not. */
static cJSON *read_text(const char *text, const struct bp_field *field, const char **why)
{
	int64_t number;
	int most = field->max ? field->max : 255;

	if (field->kind == BP_TEXT || field->kind == BP_EMAIL) {
		if (most > 0 && characters(text) > most)
			*why = "it is too long";
		else if (field->kind == BP_EMAIL && !email_shaped(text))
			*why = "not an e-mail address";
		return cJSON_CreateString(text);
	}
	*why = field->kind == BP_TIME ? "not an ISO 8601 date" : "not a decimal number";
	if (field->kind == BP_TIME && bp_date_read(text, &number))
		*why = NULL;
	if (field->kind == BP_DECIMAL && bp_decimal_read(text, 4, 4, &number))
		*why = NULL;
	if (field->kind == BP_RATE && bp_decimal_read(text, 6, 6, &number) && number > 0)
		*why = NULL;
	return cJSON_CreateNumber(*why ? 0 : (double)number);
}

static cJSON *read_scalar(const cJSON *value, const struct bp_field *field, const char **why)
{
	double number = value->valuedouble;

	if (field->kind == BP_BOOL) {
		*why = cJSON_IsBool(value) ? NULL : "not true or false";
		return cJSON_CreateBool(cJSON_IsTrue(value));
	}
	if (field->kind == BP_INT) {
		if (!cJSON_IsNumber(value) || number > INT32_MAX || number < INT32_MIN ||
		    (double)(int32_t)number != number)
			*why = "not an integer";
		return cJSON_CreateNumber(number);
	}
	if (cJSON_IsString(value))
		return read_text(value->valuestring, field, why);
	*why = "not a string";
	return NULL;
}

static bool accepted(const cJSON *value, const char *query)
{
	if (cJSON_IsString(value))
		return state_int(0, query, "t", value->valuestring) != 0;
	return state_int(0, query, "i", (int64_t)value->valuedouble) != 0;
}

static cJSON *check_object(const struct check *, const cJSON *, const struct bp_field *,
			   const char *what);

static cJSON *check_list(const struct check *check, const cJSON *value,
			 const struct bp_field *field, const char *what)
{
	cJSON *list = cJSON_CreateArray();
	const cJSON *element;
	char name[256];
	int n = 0;

	if (!cJSON_IsArray(value)) {
		cJSON_Delete(list);
		return refuse(check, field, what, "not a list");
	}
	cJSON_ArrayForEach (element, value) {
		snprintf(name, sizeof name, "%s[%d]", what, n++);
		cJSON *item = check_object(check, element, field->fields, name);
		if (!item) {
			cJSON_Delete(list);
			return NULL;
		}
		cJSON_AddItemToArray(list, item);
	}
	return list;
}

static cJSON *check_value(const struct check *check, const cJSON *value,
			  const struct bp_field *field, const char *what)
{
	const char *why = NULL;

	if (field->kind == BP_OBJECT)
		return check_object(check, value, field->fields, what);
	if (field->kind == BP_LIST)
		return check_list(check, value, field, what);
	if (field->kind == BP_READONLY)
		return refuse(check, field, what, "it cannot be written");
	cJSON *read = read_scalar(value, field, &why);
	if (!why && field->accepts && !accepted(read, field->accepts)) {
		why = "it is unknown or not allowed here";
	}
	if (!why)
		return read;
	cJSON_Delete(read);
	return refuse(check, field, what, why);
}

static const struct bp_field *find_field(const struct bp_field *fields, const char *name)
{
	while (fields->name && strcmp(fields->name, name))
		fields++;
	return fields->name ? fields : NULL;
}

static void name_field(char path[256], const char *what, const char *name)
{
	snprintf(path, 256, "%.180s%s%.60s", what, *what ? "." : "", name);
}

static bool check_required(const struct check *check, const cJSON *record,
			   const struct bp_field *fields, const char *what)
{
	char path[256];

	for (; fields->name; fields++) {
		if (!fields->required || cJSON_GetObjectItemCaseSensitive(record, fields->name))
			continue;
		name_field(path, what, fields->name);
		refuse(check, fields, path, "it is required");
		return false;
	}
	return true;
}

/* One member of a record, into copy. */
static bool check_member(const struct check *check, const cJSON *member,
			 const struct bp_field *fields, const char *what, cJSON *copy)
{
	const struct bp_field *field = find_field(fields, member->string);
	static const struct bp_field unknown;
	char path[256];

	name_field(path, what, member->string);
	if (!field || cJSON_GetObjectItemCaseSensitive(copy, member->string)) {
		refuse(check, &unknown, path,
		       field ? "it is there twice"
			     : "there is no such"
			       " field");
		return false;
	}
	if (cJSON_IsNull(member))
		return true;
	cJSON *value = check_value(check, member, field, path);
	if (value)
		cJSON_AddItemToObject(copy, member->string, value);
	return value;
}

static cJSON *check_object(const struct check *check, const cJSON *record,
			   const struct bp_field *fields, const char *what)
{
	static const struct bp_field unknown;
	cJSON *copy = cJSON_CreateObject();
	const cJSON *member;
	bool good = true;

	if (!cJSON_IsObject(record)) {
		cJSON_Delete(copy);
		return refuse(check, &unknown, *what ? what : "body", "not an object");
	}
	cJSON_ArrayForEach (member, record)
		if (!(good = check_member(check, member, fields, what, copy)))
			break;
	if (good && check_required(check, copy, fields, what))
		return copy;
	cJSON_Delete(copy);
	return NULL;
}

cJSON *bp_check_record(const cJSON *record, const struct bp_field *fields, const char *code,
		       struct answer *answer)
{
	return check_object(&(struct check){code, answer}, record, fields, "");
}

cJSON *bp_check_value(const cJSON *value, const struct bp_field *field, const char *what,
		      const char *code, struct answer *answer)
{
	return check_value(&(struct check){code, answer}, value, field, what);
}
