/* JSON Patch as Brightpearl speaks it: a fixed list of paths, each with the operations it knows.
 * A wrong operation or path is a client's mistake that is answered with HTTP 500 CMNC-044. */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

static const struct bp_field operation_fields[] = {
	{"op", BP_TEXT, .required = true,
	 .accepts = "SELECT ? IN ('add','remove','replace','copy','move','test')"},
	{"path", BP_TEXT, .required = true},
	{NULL},
};

static const struct bp_patch *find_rule(const struct bp_patch *rules, const char *op,
					const char *path)
{
	for (; rules->path; rules++)
		if (!strcmp(rules->path, path))
			return strstr(rules->ops, op) ? rules : NULL;
	return NULL;
}

static void set_value(const char *sql, int64_t id, const cJSON *value)
{
	if (cJSON_IsString(value))
		state_run(sql, "it", id, value->valuestring);
	else
		state_run(sql, "ii", id,
			  cJSON_IsBool(value) ? (int64_t)cJSON_IsTrue(value)
					      : (int64_t)value->valuedouble);
}

static bool run_rule(const struct bp_patch *rule, int64_t id, const cJSON *operation,
		     const char *code, struct answer *answer)
{
	if (rule->refuses && state_int(0, rule->refuses, "i", id)) {
		bp_fail(answer, 400, code, "%s cannot be changed now", rule->path);
		return false;
	}
	if (!strcmp(bp_at_text(operation, "op"), "remove")) {
		state_run(rule->remove, "i", id);
		return true;
	}
	const cJSON *given = bp_at(operation, "value");
	if (!given) {
		bp_fail(answer, 400, code, "You have supplied no value for %s", rule->path);
		return false;
	}
	cJSON *value = bp_check_value(given, &rule->value, rule->path, code, answer);
	if (value)
		set_value(rule->set, id, value);
	cJSON_Delete(value);
	return !bp_failed(answer);
}

/* The members of an operation, without looking at the value. */
static bool well_formed(const cJSON *operation, const char *code, struct answer *answer)
{
	cJSON *copy = cJSON_Duplicate(operation, true);

	if (cJSON_IsObject(copy))
		cJSON_DeleteItemFromObjectCaseSensitive(copy, "value");
	cJSON_Delete(bp_check_record(copy, operation_fields, code, answer));
	cJSON_Delete(copy);
	return !bp_failed(answer);
}

bool bp_patch_apply(const struct bp_patch *rules, int64_t id, const cJSON *operations,
		    const char *code, struct answer *answer)
{
	const cJSON *operation;

	if (!cJSON_IsArray(operations) || !cJSON_GetArraySize(operations)) {
		bp_fail(answer, 400, code, "The body must be a list of patch operations");
		return false;
	}
	cJSON_ArrayForEach (operation, operations) {
		if (!well_formed(operation, code, answer))
			return false;
		const char *op = bp_at_text(operation, "op"), *path = bp_at_text(operation, "path");
		const struct bp_patch *rule = find_rule(rules, op, path);
		if (!rule) {
			bp_fail(answer, 500, "CMNC-044",
				"Invalid patch operation (%s) for given path (%s)", op, path);
			return false;
		}
		if (!run_rule(rule, id, operation, code, answer))
			return false;
	}
	return true;
}
