/* Who may in: the three ways of brightpearl.md section 2, and bodies that are JSON.
 *
 * A 401 is {"response": text}, not the errors envelope. */
#include "brightpearl.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char stranger[] = "Not authenticated. You must provide a valid authentication token.";

static bool refuse(struct answer *answer, const char *text, const char *detail)
{
	char whole[256];
	cJSON *body = cJSON_CreateObject();

	snprintf(whole, sizeof whole, "%s%.180s", text, detail);
	cJSON_AddStringToObject(body, "response", whole);
	answer_json(answer, 401, body);
	return false;
}

static bool header_is(const struct call *call, const char *header, const char *name)
{
	const char *value = call->header(call, header);
	return value && switch_is(name, value);
}

static bool knows_caller(const struct call *call, struct answer *answer)
{
	const char *bearer = call->header(call, "Authorization");
	const char *token = call->header(call, "brightpearl-staff-token");

	if (!token)
		token = call->header(call, "brightpearl-account-token");
	if ((!token && !bearer) || !header_is(call, "brightpearl-app-ref", "bp_app_ref"))
		return refuse(answer, stranger, "");
	if (token)
		return switch_is("bp_token", token) ||
		       refuse(answer, "Invalid instance token: ", token);
	if (strncmp(bearer, "Bearer ", 7) || !header_is(call, "brightpearl-dev-ref", "bp_dev_ref"))
		return refuse(answer, stranger, "");
	return switch_is("bp_bearer", bearer + 7) ||
	       refuse(answer, "Authorization token expired", "");
}

/* The length of the UTF-8 sequence at p, 0 when it is none. */
static int sequence(const unsigned char *p)
{
	int more = *p < 0x80   ? 0
		   : *p < 0xC2 ? -1
		   : *p < 0xE0 ? 1
		   : *p < 0xF0 ? 2
		   : *p < 0xF5 ? 3
			       : -1;

	for (int i = 1; i <= more; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return more + 1;
}

static bool is_utf8(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (int length; *p; p += length)
		if (!(length = sequence(p)))
			return false;
	return true;
}

static bool body_admitted(const struct call *call, struct answer *answer)
{
	const char *type = call->header(call, "Content-Type");

	if (!call->body_size)
		return true;
	if (!type || strncasecmp(type, "application/json", 16) || !strchr(" ;", type[16])) {
		bp_fail(answer, 415, "CMNC-011",
			"Unsupported content type:"
			" %.100s",
			type ? type : "");
		return false;
	}
	/* cJSON would cut a text at a NUL without a word */
	if (call->json && strlen(call->body) == call->body_size && is_utf8(call->body) &&
	    !strstr(call->body, "\\u0000"))
		return true;
	bp_fail(answer, 400, "CMNC-010", "You must supply a JSON formatted body with your request");
	return false;
}

/* What an account that is not there answers is not documented. */
static bool refuse_account(struct answer *answer)
{
	if (!switch_is("unknown_store", "404"))
		return refuse(answer, stranger, "");
	bp_fail(answer, 404, "CMNC-404", "Cannot find the resource");
	return false;
}

bool brightpearl_admits(const struct call *call, struct answer *answer)
{
	if (call->tenant && !switch_is("bp_account", call->tenant))
		return refuse_account(answer);
	return knows_caller(call, answer) && body_admitted(call, answer);
}
