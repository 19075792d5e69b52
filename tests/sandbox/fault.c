/* Faults are rows: each kind is one function that turns the answer into a wrong one. */
#include "fault.h"
#include "mutate.h"
#include "quota.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fault_kind {
	const char *name;
	bool skips; /* the request never reaches the API */
	void (*apply)(struct exchange *, const char *arg);
};

static void drop(struct exchange *x, const char *arg)
{
	(void)arg;
	x->sending = SEND_CLOSE;
	x->answer.status = 0;
}

/* "503", "503 empty": a status as a proxy in front of the API would send it */
static void bare_status(struct exchange *x, const char *arg)
{
	int status = atoi(arg);
	char html[160];

	if (status < 100)
		status = 500;
	snprintf(html, sizeof html,
		 "<html>\r\n<head><title>%d</title></head>\r\n<body><center><h1>%d"
		 "</h1></center><hr></body>\r\n</html>\r\n",
		 status, status);
	bool empty = strstr(arg, "empty") || status == 204 || status == 304;
	answer_text(&x->answer, status, empty ? NULL : html, empty ? NULL : "text/html");
}

static void throttle(struct exchange *x, const char *arg)
{
	quota_refuse(x);
	exchange_replace_headers(x, arg);
}

static void stall(struct exchange *x, const char *arg)
{
	(void)x, (void)arg; /* serve.c slept before processing */
}

/* fault_before() asked for the first page instead */
static void first_page(struct exchange *x, const char *arg)
{
	(void)x, (void)arg;
}

static void truncate_body(struct exchange *x, const char *arg)
{
	(void)arg;
	x->sending = SEND_HALF;
}

static void garbage(struct exchange *x, const char *arg)
{
	(void)arg;
	answer_text(&x->answer, 200, "<!DOCTYPE html><html><body>Please sign in</body></html>",
		    "text/html; charset=utf-8");
}

static void bad_json(struct exchange *x, const char *arg)
{
	(void)arg;
	if (x->answer.body && strlen(x->answer.body) > 1)
		x->answer.body[strlen(x->answer.body) / 2] = '\0';
	else
		answer_text(&x->answer, 200, "{\"data\":[{\"id\":1", "application/json");
	x->answer.status = 200;
}

static void empty_200(struct exchange *x, const char *arg)
{
	(void)arg;
	answer_text(&x->answer, 200, NULL, "application/json");
}

static void answer_arg(struct exchange *x, const char *arg)
{
	answer_text(&x->answer, 200, arg, "application/json");
}

/* "401 {...}": that status with that JSON */
static void answer_as(struct exchange *x, const char *arg)
{
	size_t digits = strcspn(arg, " ");

	answer_text(&x->answer, atoi(arg), arg + digits + (arg[digits] == ' '),
		    "application/json;charset=UTF-8");
}

static void envelope(struct exchange *x, const char *arg)
{
	answer_text(&x->answer, 500, arg, "application/json;charset=UTF-8");
}

/* "2400", "-90000": the Date header is that many seconds off; "none", "bad": no date, or none that can be read */
static void other_date(struct exchange *x, const char *arg)
{
	if (!strcmp(arg, "none") || !strcmp(arg, "bad"))
		x->date_is = *arg;
	else
		x->date_off_s = strtoll(arg, NULL, 10);
}

static void bomb(struct exchange *x, const char *arg)
{
	int mib = atoi(arg);

	x->sending = SEND_BOMB;
	x->bomb_mib = mib > 0 ? mib : 256;
	answer_text(&x->answer, 200, NULL, "application/json");
}

static void mutated(struct exchange *x, const char *arg)
{
	mutate(x, atoi(arg));
}

static void drip(struct exchange *x, const char *arg)
{
	x->sending = SEND_DRIP;
	x->drip_ms = atoi(arg) > 0 ? atoi(arg) : 1000;
}

/* clang-format off */
static const struct fault_kind kinds[] = {
	{"drop_before", true, drop},           {"drop_after", false, drop},
	{"status_before", true, bare_status},  {"status_after", false, bare_status},
	{"throttle", true, throttle},          {"stall", false, stall},
	{"truncate", false, truncate_body},    {"garbage", false, garbage},
	{"bad_json", false, bad_json},         {"empty_200", false, empty_200},
	{"answer_json", true, answer_arg},     {"error_envelope", true, envelope},
	{"answer_as", true, answer_as},        {"gzip_bomb", true, bomb},
	{"date", false, other_date},           {"mutate", false, mutated},
	{"drip", false, drip},                 {"headers", false, exchange_replace_headers},
	{"first_page", false, first_page},     {NULL, false, NULL},
};
/* clang-format on */

static const struct fault_kind *find_kind(const char *name)
{
	for (const struct fault_kind *k = kinds; k->name; k++)
		if (!strcmp(k->name, name))
			return k;
	fprintf(stderr, "sandbox: no such kind of fault: %s\n", name);
	return NULL;
}

static const char *api_name(enum api api)
{
	return api == API_BRIGHTPEARL ? "brightpearl" : "bigcommerce";
}

static struct fault take_from_switch(void)
{
	struct fault fault = {NULL, NULL};

	state_run("UPDATE switch SET value = value + 1 WHERE name = 'fault_seen'", "");
	int64_t at = switch_int("fault_at");
	if (!at || at != switch_int("fault_seen"))
		return fault;
	char *kind = state_text("SELECT value FROM switch WHERE name = 'fault_kind'", "");
	fault.kind = find_kind(kind ? kind : "");
	fault.arg = state_text("SELECT value FROM switch WHERE name = 'fault_arg'", "");
	free(kind);
	return fault;
}

#define MATCHES                                                                                    \
	" (api IS NULL OR api = ?) AND (method IS NULL OR ? GLOB method)"                          \
	" AND (path IS NULL OR ? GLOB path) AND min_on_connection <= ?"

static struct fault take_from_table(const struct exchange *x)
{
	struct fault fault = {NULL, NULL};
	const char *api = api_name(x->api);

	state_run("UPDATE fault SET seen = seen + 1 WHERE" MATCHES, "ttti", api, x->call.method,
		  x->path, x->nth_on_connection);
	int64_t id = state_int(0,
			       "SELECT id FROM fault WHERE (times < 0 OR fired < times)"
			       " AND seen >= nth AND" MATCHES " ORDER BY id",
			       "ttti", api, x->call.method, x->path, x->nth_on_connection);
	if (!id)
		return fault;
	state_run("UPDATE fault SET fired = fired + 1 WHERE id = ?", "i", id);
	char *kind = state_text("SELECT kind FROM fault WHERE id = ?", "i", id);
	fault.kind = find_kind(kind);
	fault.arg = state_text("SELECT arg FROM fault WHERE id = ?", "i", id);
	free(kind);
	return fault;
}

struct fault fault_take(const struct exchange *x)
{
	struct fault fault = take_from_switch();

	if (fault.kind)
		return fault;
	fault_release(&fault);
	return take_from_table(x);
}

void fault_release(struct fault *fault)
{
	free(fault->arg);
	fault->arg = NULL;
}

const char *fault_name(const struct fault *fault)
{
	return fault->kind ? fault->kind->name : NULL;
}

int64_t fault_stall_ms(const struct fault *fault)
{
	bool stalls = fault->kind && fault->kind->apply == stall;
	return stalls && fault->arg ? atoll(fault->arg) : 0;
}

bool fault_skips(const struct fault *fault)
{
	return fault->kind && fault->kind->skips;
}

void fault_before(const struct fault *fault, struct exchange *x)
{
	static const char *const pages[] = {"firstResult", "page"};
	for (int i = 0; fault->kind && fault->kind->apply == first_page && i < x->call.param_count;
	     i++)
		for (size_t k = 0; k < sizeof pages / sizeof *pages; k++)
			if (!strcmp(x->call.params[i].name, pages[k]))
				strcpy(x->call.params[i].value, "1"); /* there is one at least */
}

void fault_apply(const struct fault *fault, struct exchange *x)
{
	if (fault->kind)
		fault->kind->apply(x, fault->arg ? fault->arg : "");
}
