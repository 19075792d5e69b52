/* POST /multi-message (section 14): 2 to 10 messages in one request.
 *
 * A message that cannot be sent inside refuses the whole request: an outer status other than 200
 * and 207 means that nothing was processed.  PARALLEL promises no order, so it runs backwards. */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

#define CODE "CMNC-050" /* the real code is not documented */

enum { MOST = 10, BYTES = 256 * 1024 };

static const struct bp_field message_fields[] = {
	{"label", BP_TEXT, .required = true, .accepts = "SELECT ? <> ''"},
	{"uri", BP_TEXT, .required = true, .max = -1, .accepts = "SELECT ? GLOB '/*-service/*'"},
	{"httpMethod", BP_TEXT, .required = true,
	 .accepts = "SELECT ?1 IN ('POST','PUT','DELETE')"
		    " OR ?1 = 'PATCH' AND EXISTS (SELECT 1 FROM switch"
		    " WHERE name = 'bp_patch_in_multi' AND value = 'accept')"},
	{NULL},
};

static const struct bp_field batch_fields[] = {
	{"processingMode", BP_TEXT, .required = true,
	 .accepts = "SELECT ? IN ('SEQUENTIAL', 'PARALLEL')"},
	{"onFail", BP_TEXT, .required = true, .accepts = "SELECT ? IN ('STOP', 'CONTINUE')"},
	{"messages", BP_LIST, .required = true, .fields = message_fields},
	{NULL},
};

/* The messages' own bodies are checked by their routes; here only that they are JSON objects. */
static cJSON *without_bodies(const cJSON *batch, struct answer *answer)
{
	cJSON *copy = cJSON_Duplicate(batch, true), *message;

	cJSON_ArrayForEach (message, cJSON_GetObjectItemCaseSensitive(copy, "messages")) {
		cJSON *body = cJSON_DetachItemFromObjectCaseSensitive(message, "body");
		if (body && !cJSON_IsObject(body) && !cJSON_IsArray(body) && !cJSON_IsNull(body))
			bp_fail(answer, 400, CODE,
				"The body of a message must be JSON, not a"
				" text");
		cJSON_Delete(body);
	}
	return copy;
}

static bool labels_differ(const cJSON *messages, struct answer *answer)
{
	const cJSON *one, *other;

	cJSON_ArrayForEach (one, messages)
		for (other = one->next; other; other = other->next)
			if (!strcmp(bp_at_text(one, "label"), bp_at_text(other, "label"))) {
				bp_fail(answer, 400, CODE,
					"Label given twice:"
					" %s",
					bp_at_text(one, "label"));
				return false;
			}
	return true;
}

static bool check_batch(const struct call *call, const cJSON *batch, struct answer *answer)
{
	int count = cJSON_GetArraySize(bp_at(batch, "messages"));
	cJSON *copy = without_bodies(batch, answer);

	if (!bp_failed(answer))
		cJSON_Delete(bp_check_record(copy, batch_fields, CODE, answer));
	cJSON_Delete(copy);
	if (bp_failed(answer))
		return false;
	if (count < 2 || count > MOST)
		bp_fail(answer, 400, CODE,
			"A multi-message holds 2 to %d messages, not"
			" %d",
			MOST, count);
	else if (call->body_size > BYTES)
		bp_fail(answer, 400, CODE, "A multi-message holds at most %d bytes", BYTES);
	return !bp_failed(answer) && labels_differ(bp_at(batch, "messages"), answer);
}

/* Run one message; its report. */
static cJSON *process(const struct call *outer, const cJSON *message, bool *failed)
{
	cJSON *body = cJSON_GetObjectItemCaseSensitive(message, "body");
	char *text = body && !cJSON_IsNull(body) ? bp_print(body) : NULL;
	char *path = strdup(bp_at_text(message, "uri"));
	struct call call = {.method = bp_at_text(message, "httpMethod"),
			    .path = path,
			    .body = text,
			    .body_size = text ? strlen(text) : 0,
			    .json = text ? body : NULL,
			    .header = outer->header,
			    .transport = outer->transport,
			    .inner = true,
			    .tenant = outer->tenant};
	struct answer answer = {0};

	path[strcspn(path, "?")] = '\0';
	sandbox_dispatch(brightpearl_routes, &call, &answer);
	cJSON *report = cJSON_CreateObject();
	cJSON_AddStringToObject(report, "label", bp_at_text(message, "label"));
	cJSON_AddNumberToObject(report, "statusCode", answer.status);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(report, "body"), "content",
				answer.body ? answer.body : "");
	*failed = bp_failed(&answer);
	free(answer.body);
	free(path);
	free(text);
	return report;
}

static void process_all(const struct call *call, const cJSON *batch, struct answer *answer)
{
	const cJSON *messages = bp_at(batch, "messages");
	bool stop = !strcmp(bp_at_text(batch, "onFail"), "STOP"), stopped = false, mixed = false;
	bool backwards = !strcmp(bp_at_text(batch, "processingMode"), "PARALLEL");
	cJSON *body = cJSON_CreateObject(), *response = cJSON_AddObjectToObject(body, "response");
	cJSON *done = cJSON_AddArrayToObject(response, "processedMessages");
	cJSON *left = cJSON_AddArrayToObject(response, "unprocessedMessages");

	for (int i = 0, count = cJSON_GetArraySize(messages); i < count; i++) {
		const cJSON *message = cJSON_GetArrayItem(messages, backwards ? count - 1 - i : i);
		bool failed;
		if (stopped) {
			cJSON_AddItemToArray(left,
					     cJSON_CreateString(bp_at_text(message, "label")));
			continue;
		}
		cJSON_AddItemToArray(done, process(call, message, &failed));
		mixed |= failed;
		stopped = failed && stop;
	}
	answer_json(answer, mixed ? 207 : 200, body);
}

BP_ROUTE(bp_multi_post)
{
	(void)arg;
	if (switch_is("bp_multi", "down")) {
		answer_text(answer, 503,
			    "<html><body><h1>503 Service"
			    " Unavailable</h1></body></html>",
			    "text/html");
		return;
	}
	const cJSON *batch = bp_body(call, answer);
	if (batch && check_batch(call, batch, answer))
		process_all(call, batch, answer);
}
