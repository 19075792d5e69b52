/* Brightpearl's OAuth host: a refresh token works once, and is answered with the next.
 *
 * Switch bp_refresh_again says whether the one before is still taken, which is not
 * documented. */
#include "brightpearl.h"

#include <stdlib.h>
#include <string.h>

/* A field of the form, decoded; malloc'ed, NULL when absent. */
static char *form_field(const char *form, const char *name)
{
	size_t size = strlen(name);

	for (const char *p = form; p && *p; p += *p == '&') {
		size_t length = strcspn(p, "&");
		if (length > size && !strncmp(p, name, size) && p[size] == '=') {
			char *value = strndup(p + size + 1, length - size - 1), *out = value;
			for (char *in = value; *in; in++) {
				char hex[3] = {in[0] == '%' ? in[1] : '\0', '\0', '\0'};
				if (*hex)
					hex[1] = in[2];
				*out++ = *hex         ? (char)strtol(hex, NULL, 16)
					 : *in == '+' ? ' '
						      : *in;
				in += hex[1] ? 2 : 0;
			}
			*out = '\0';
			return value;
		}
		p += length;
	}
	return NULL;
}

static bool field_is(const struct call *call, const char *name, const char *switch_name)
{
	char *value = form_field(call->body, name);
	bool same = value && switch_is(switch_name, value);

	free(value);
	return same;
}

static void refuse_token(struct answer *answer, const char *error, const char *description)
{
	cJSON *body = cJSON_CreateObject();

	cJSON_AddStringToObject(body, "error", error);
	cJSON_AddStringToObject(body, "error_description", description);
	answer_json(answer, 400, body);
}

static void add_switch(cJSON *body, const char *field, const char *name)
{
	char *value = state_text("SELECT value FROM switch WHERE name = ?", "t", name);

	cJSON_AddStringToObject(body, field, value);
	free(value);
}

static void give_next(struct answer *answer)
{
	cJSON *body = cJSON_CreateObject();

	state_run(
		"UPDATE switch SET value = (SELECT value FROM switch WHERE name = 'bp_refresh_token')"
		" WHERE name = 'bp_refresh_before'",
		"");
	state_run("UPDATE switch SET value = 'bp-test-refresh/' || hex(randomblob(8))"
		  " WHERE name = 'bp_refresh_token'",
		  "");
	state_run("UPDATE switch SET value = 'bp-test-bearer/' || hex(randomblob(8))"
		  " WHERE name = 'bp_bearer'",
		  "");
	add_switch(body, "access_token", "bp_bearer");
	add_switch(body, "refresh_token", "bp_refresh_token");
	cJSON_AddStringToObject(body, "token_type", "Bearer");
	cJSON_AddNumberToObject(body, "expires_in", 604800);
	answer_json(answer, 200, body);
}

void bp_token_post(const struct call *call, struct answer *answer, char *const arg[4])
{
	(void)arg;
	if (!field_is(call, "client_id", "bp_client_id") ||
	    !field_is(call, "client_secret", "bp_client_secret")) {
		refuse_token(answer, "invalid_client", "Client authentication failed");
	} else if (field_is(call, "refresh_token", "bp_refresh_token")) {
		give_next(answer);
	} else if (switch_is("bp_refresh_again", "yes") &&
		   field_is(call, "refresh_token", "bp_refresh_before")) {
		give_next(answer);
	} else {
		refuse_token(answer, "invalid_grant",
			     "The auth token has either expired or does not exist");
	}
}
