/* From the URI as received to a route with its arguments, and the small answer helpers.
 *
 * Nothing is decoded twice: path segments are decoded when they are handed to a route, parameters
 * when the query is split.  "+" is a space in a query, as both servers read it. */
#define _GNU_SOURCE
#include "exchange.h"
#include "bigcommerce.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10;
}

/* In place; a "%" that is not followed by two hex digits stays. */
static void decode(char *text, bool plus_is_space)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		if (*p == '%' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2])) {
			*to++ = (char)(hex(p[1]) * 16 + hex(p[2]));
			p += 2;
		} else {
			*to++ = *p == '+' && plus_is_space ? ' ' : *p;
		}
	}
	*to = '\0';
}

static void split_query(struct exchange *x)
{
	char *copy = strdup(x->query), *rest = copy, *item;

	while ((item = strsep(&rest, "&"))) {
		if (!*item)
			continue;
		char *value = strchr(item, '=');
		if (value)
			*value++ = '\0';
		x->call.params = realloc(x->call.params,
					 (size_t)(x->call.param_count + 1) * sizeof(struct param));
		struct param *p = &x->call.params[x->call.param_count++];
		p->name = strdup(item);
		p->value = strdup(value ? value : "");
		decode(p->name, true);
		decode(p->value, true);
	}
	free(copy);
}

/* "/stores/abc123/v2/orders": after the prefix comes the tenant, then the path */
static bool cut_tenant(struct exchange *x, const char *prefix, enum api api)
{
	size_t length = strlen(prefix);

	if (strncmp(x->uri, prefix, length))
		return false;
	char *tenant = x->uri + length;
	size_t size = strcspn(tenant, "/");
	x->tenant = strndup(tenant, size);
	x->path = tenant[size] ? tenant + size : (char *)(uintptr_t) "/";
	x->api = api;
	return true;
}

void dispatch_parse(struct exchange *x)
{
	char *query = strchr(x->uri, '?');

	if (query)
		*query++ = '\0';
	x->query = query;
	x->path = x->uri;
	if (cut_tenant(x, "/stores/", API_BIGCOMMERCE) ||
	    cut_tenant(x, "/public-api/", API_BRIGHTPEARL))
		;
	else if (cut_tenant(x, "/token/", API_BRIGHTPEARL))
		x->path = (char *)(uintptr_t) "/token";
	else if (!strncmp(x->uri, "/sandbox/", 9))
		x->api = API_CONTROL;
	if (query)
		split_query(x);
	x->call.path = x->path;
	x->call.tenant = x->tenant;
	x->call.body = x->body;
	x->call.body_size = x->body_size;
	x->call.json = x->body ? cJSON_ParseWithOpts(x->body, NULL, true) : NULL;
}

void dispatch_release(struct exchange *x)
{
	for (int i = 0; i < x->call.param_count; i++) {
		free(x->call.params[i].name);
		free(x->call.params[i].value);
	}
	free(x->call.params);
	cJSON_Delete(x->call.json);
	free(x->tenant);
}

/* Does the pattern take the path?  Each "*" hands over its segment, still encoded. */
static bool matches(const char *pattern, const char *path, bool slash_may_trail, char *arg[4])
{
	int n = 0;

	while (*pattern == '/' && *path == '/' && path[1] && path[1] != '/') {
		size_t want = strcspn(++pattern, "/"), have = strcspn(++path, "/");
		if (want == 1 && *pattern == '*') {
			free(arg[n]);
			arg[n++] = strndup(path, have);
		} else if (want != have || strncmp(pattern, path, want)) {
			return false;
		}
		pattern += want;
		path += have;
	}
	if (slash_may_trail && !strcmp(path, "/"))
		path++;
	return !*pattern && !*path;
}

static const struct route *find_route(const struct route *r, const struct call *call, char *arg[4],
				      bool *path_known)
{
	bool bc = r == bigcommerce_routes;

	for (*path_known = false; r->method; r++) {
		if (!matches(r->path, call->path, !bc, arg))
			continue;
		*path_known = true;
		if (!strcmp(r->method, call->method))
			return r;
	}
	return NULL;
}

static void refuse_path(const struct route *routes, const struct call *call, struct answer *answer,
			bool path_known)
{
	if (routes == bigcommerce_routes && path_known) {
		bigcommerce_error(call, answer, 405, "The requested method is not allowed.");
	} else if (routes == bigcommerce_routes) {
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	} else {
		cJSON *body = cJSON_CreateObject(), *error = cJSON_CreateObject();
		char text[512];
		snprintf(text, sizeof text, "Cannot find the resource %s", call->path);
		cJSON_AddStringToObject(error, "code", "CMNC-404");
		cJSON_AddStringToObject(error, "message", text);
		cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "errors"), error);
		answer_json(answer, path_known ? 405 : 404, body);
	}
}

void sandbox_dispatch(const struct route *routes, const struct call *call, struct answer *answer)
{
	char *arg[4] = {NULL, NULL, NULL, NULL};
	bool path_known;
	const struct route *route = find_route(routes, call, arg, &path_known);

	if (route) {
		for (int i = 0; i < 4; i++)
			if (arg[i])
				decode(arg[i], false);
		state_run("SAVEPOINT route", "");
		route->run(call, answer, arg);
		if (answer->status >= 400)
			state_run("ROLLBACK TO route", "");
		state_run("RELEASE route", "");
	} else {
		refuse_path(routes, call, answer, path_known);
	}
	for (int i = 0; i < 4; i++)
		free(arg[i]);
}

const char *call_param(const struct call *call, const char *name)
{
	for (int i = 0; i < call->param_count; i++)
		if (!strcmp(call->params[i].name, name))
			return call->params[i].value;
	return NULL;
}

void answer_text(struct answer *answer, int status, const char *text, const char *content_type)
{
	char *copy = text ? strdup(text) : NULL; /* text may be the old body */

	free(answer->body);
	answer->body = copy;
	answer->status = status;
	answer->content_type = content_type;
}

void answer_json(struct answer *answer, int status, cJSON *body)
{
	free(answer->body);
	answer->body = cJSON_PrintUnformatted(body);
	answer->status = status;
	answer->content_type = "application/json";
	cJSON_Delete(body);
}
