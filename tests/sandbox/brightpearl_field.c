/* Custom fields of orders: values, their metadata, and PATCH (9).
 *
 * "add" is for a field that has no value, "replace" and "remove" for one that has; whether "add"
 * may overwrite is not documented: switch bp_field_add. */
#include "brightpearl.h"
#include "redress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND                                                                                       \
	"(SELECT iif(order_type IN ('PO', 'PC'), 'purchase', 'sale') FROM bp_order"                \
	" WHERE id = ?1)"

static cJSON *list_missing(int64_t order)
{
	cJSON *codes = cJSON_CreateArray();
	sqlite3_stmt *q = state_prepare(
		"SELECT code FROM bp_custom_field f WHERE kind = " KIND
		" AND NOT EXISTS (SELECT 1 FROM bp_order_field v WHERE v.order_id = ?1"
		" AND v.code = f.code) ORDER BY id");

	sqlite3_bind_int64(q, 1, order);
	while (sqlite3_step(q) == SQLITE_ROW)
		cJSON_AddItemToArray(codes,
				     cJSON_CreateString((const char *)sqlite3_column_text(q, 0)));
	sqlite3_finalize(q);
	return codes;
}

/* A value as it is shown; texts in the dress that a switch says. */
static cJSON *shown(const char *stored)
{
	cJSON *value = cJSON_Parse(stored);

	if (cJSON_IsString(value)) {
		char *text = redress(value->valuestring, "bp_field_text");
		cJSON_Delete(value);
		value = cJSON_CreateString(text);
		free(text);
	}
	return value;
}

/* The values by code, or (missing) the codes without a value. */
cJSON *bp_field_values(int64_t order, bool missing)
{
	if (missing)
		return list_missing(order);
	cJSON *values = cJSON_CreateObject();
	sqlite3_stmt *q = state_prepare(
		"SELECT f.code, f.type, v.value FROM bp_order_field v"
		" JOIN bp_custom_field f ON f.code = v.code AND f.kind = " KIND
		" WHERE v.order_id = ?1 ORDER BY f.id");
	char date[BP_DATE];

	sqlite3_bind_int64(q, 1, order);
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *code = (const char *)sqlite3_column_text(q, 0);
		const char *type = (const char *)sqlite3_column_text(q, 1);
		if (!strcmp(type, "DATE"))
			cJSON_AddStringToObject(values, code,
						bp_date(date, sqlite3_column_int64(q, 2)));
		else
			cJSON_AddItemToObject(values, code,
					      shown((const char *)sqlite3_column_text(q, 2)));
	}
	sqlite3_finalize(q);
	return values;
}

BP_ROUTE(bp_field_get)
{
	(void)call;
	int64_t id = bp_order_known(arg[0], answer);

	if (id)
		bp_respond(answer, bp_field_values(id, false));
}

BP_ROUTE(bp_field_describe)
{
	const char *kind = strstr(call->path, "/purchase/") ? "purchase" : "sale";
	char *ids = arg[0] ? bp_idset(arg[0], 500, answer) : NULL;

	if (ids || !arg[0])
		bp_respond(answer,
			   bp_select("SELECT id, code, name, type AS customFieldType,"
				     " required AS [required:bool], options AS [options:json] FROM"
				     " bp_custom_field"
				     " WHERE kind = ?1 AND (?2 IS NULL OR id IN (SELECT value FROM"
				     " json_each(?2)))"
				     " ORDER BY id",
				     "tt", kind, ids));
	free(ids);
}

/* One operation, taken apart. */
struct operation {
	const char *op, *path;
	char code[64], type[16];
	const char *rest; /* what follows the code: "" or "/id" */
	const cJSON *value;
};

/* The option of a SELECT as it is stored; NULL when there is none with that id. */
static char *read_option(const struct operation *o)
{
	const cJSON *id = *o->rest ? o->value : bp_at(o->value, "id");

	if (!cJSON_IsNumber(id))
		return NULL;
	return state_text("SELECT o.value FROM bp_custom_field f, json_each(f.options) o"
			  " WHERE f.code = ? AND o.key = CAST(? AS TEXT)",
			  "ti", o->code, (int64_t)id->valuedouble);
}

/* Digits sent as a string come back as a number, as recorded. */
static char *read_integer(const cJSON *value)
{
	int64_t number;
	char text[32];

	if (cJSON_IsNumber(value) && value->valuedouble == (double)(int64_t)value->valuedouble)
		number = (int64_t)value->valuedouble;
	else if (!cJSON_IsString(value) || !bp_decimal_read(value->valuestring, 0, 0, &number))
		return NULL;
	snprintf(text, sizeof text, "%lld", (long long)number);
	return strdup(text);
}

static char *read_date(const cJSON *value)
{
	int64_t epoch;
	char text[32];

	if (!cJSON_IsString(value) || !bp_date_read(value->valuestring, &epoch))
		return NULL;
	snprintf(text, sizeof text, "%lld", (long long)epoch);
	return strdup(text);
}

/* The value as it is stored, malloc'ed; NULL when it does not fit the field's type. */
static char *read_value(const struct operation *o)
{
	const cJSON *value = o->value;

	if (!strcmp(o->type, "SELECT"))
		return read_option(o);
	if (!strcmp(o->type, "INTEGER"))
		return read_integer(value);
	if (!strcmp(o->type, "DATE"))
		return read_date(value);
	if (!strcmp(o->type, "YES_NO"))
		return cJSON_IsBool(value) ? bp_print(value) : NULL;
	bool one_line = !strcmp(o->type, "TEXT");
	bool fits = cJSON_IsString(value) && (!one_line || strlen(value->valuestring) <= 255 * 4) &&
		    (!one_line || switch_is("bp_field_lines", "any") ||
		     !strpbrk(value->valuestring, "\r\n"));
	return fits ? bp_print(value) : NULL;
}

/* Does the order know the field, and is the operation one for its condition? */
static bool operation_fits(int64_t order, struct operation *o)
{
	size_t length = o->path[0] == '/' ? strcspn(o->path + 1, "/") : 0;
	bool select, set;

	snprintf(o->code, sizeof o->code, "%.*s", (int)length, o->path + 1);
	o->rest = o->path + (length ? length + 1 : 0);
	char *type = state_text("SELECT type FROM bp_custom_field WHERE kind ="
				" " KIND " AND code = ?2",
				"it", order, o->code);
	snprintf(o->type, sizeof o->type, "%s", type ? type : "");
	free(type);
	select = !strcmp(o->type, "SELECT");
	set = state_int(0,
			"SELECT 1 FROM bp_order_field WHERE order_id = ? AND code ="
			" ?",
			"it", order, o->code);
	if (!*o->type)
		return false;
	if (!strcmp(o->op, "add"))
		return !*o->rest && (!set || switch_is("bp_field_add", "overwrite"));
	if (!strcmp(o->op, "replace"))
		return set && !strcmp(o->rest, select ? "/id" : "");
	return !strcmp(o->op, "remove") && set && !*o->rest;
}

static bool run_operation(int64_t order, const cJSON *item, struct answer *answer)
{
	struct operation o = {bp_at_text(item, "op"), bp_at_text(item, "path"), "", "", "",
			      bp_at(item, "value")};

	if (!o.op || !o.path || !operation_fits(order, &o)) {
		bp_fail(answer, 500, "CMNC-044", "Invalid patch operation (%s) for given path (%s)",
			o.op ? o.op : "", o.path ? o.path : "");
		return false;
	}
	if (!strcmp(o.op, "remove")) {
		state_run("DELETE FROM bp_order_field WHERE order_id = ? AND code ="
			  " ?",
			  "it", order, o.code);
		return true;
	}
	char *value = read_value(&o);
	if (!value) {
		bp_fail(answer, 500, "CMNC-045", "Invalid value for %s field %s", o.type, o.code);
		return false;
	}
	state_run("REPLACE INTO bp_order_field VALUES (?, ?, ?)", "itt", order, o.code, value);
	free(value);
	return true;
}

BP_ROUTE(bp_field_patch)
{
	const cJSON *body = bp_body(call, answer), *item;
	int64_t id = body ? bp_order_known(arg[0], answer) : 0;

	if (!id)
		return;
	if (!cJSON_IsArray(body) || !cJSON_GetArraySize(body)) {
		bp_fail(answer, 400, "ORDC-026", "The body must be a list of patch operations");
		return;
	}
	if (switch_is("bp_field_touches", "yes"))
		bp_order_touch(id);
	cJSON_ArrayForEach (item, body)
		if (!run_operation(id, item, answer))
			return;
	bp_respond(answer, bp_field_values(id, false));
}
