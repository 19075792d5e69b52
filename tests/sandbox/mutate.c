/* The table of mutations, and what needs more than the answer's body: status, headers, other answers. */
#define _GNU_SOURCE
#include "mutate.h"
#include "mutate_p.h"
#include "quota.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef bool wire_fn(struct exchange *, const char *arg);

/* --- other answers ------------------------------------------------------------------------------ */

static struct remembered {
	char *path, *query, *body;
	enum api api;
	int status;
} * earlier;
static int earlier_count;

void mutate_remember(const struct exchange *x)
{
	if (!x->answer.body || x->answer.status >= 300)
		return;
	earlier = realloc(earlier, (size_t)(earlier_count + 1) * sizeof *earlier);
	earlier[earlier_count++] = (struct remembered){
		strdup(x->path), strdup(x->query ? x->query : ""), strdup(x->answer.body), x->api,
		x->answer.status};
}

/* Paths that differ in their numbers alone are of one kind. */
static bool alike(const char *a, const char *b)
{
	while (*a && *b) {
		size_t numbers_a = strspn(a, "0123456789,-"), numbers_b = strspn(b, "0123456789,-");
		if (!numbers_a != !numbers_b || (!numbers_a && *a != *b))
			return false;
		a += numbers_a ? numbers_a : 1;
		b += numbers_b ? numbers_b : 1;
	}
	return !*a && !*b;
}

static bool is_other(const struct remembered *r, const struct exchange *x, const char *which)
{
	bool same_path = !strcmp(r->path, x->path), same_api = r->api == x->api;

	if (!strcmp(which, "page")) /* the same list, asked for in another way */
		return same_api && same_path && strcmp(r->query, x->query ? x->query : "");
	if (!strcmp(which, "record"))
		return same_api && !same_path && alike(r->path, x->path);
	if (!strcmp(which, "kind"))
		return same_api && !alike(r->path, x->path);
	return !same_api;
}

static bool other_answer(struct exchange *x, const char *which)
{
	for (int i = earlier_count - 1; i >= 0; i--)
		if (is_other(&earlier[i], x, which)) {
			answer_text(&x->answer, earlier[i].status, earlier[i].body,
				    "application/json");
			return true;
		}
	return false;
}

/* --- status and headers ------------------------------------------------------------------------- */

static void add_error(cJSON *body, const char *code, const char *message)
{
	cJSON *error = cJSON_CreateObject();

	cJSON_AddStringToObject(error, "code", code);
	cJSON_AddStringToObject(error, "message", message);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "errors"), error);
}

/* "404": as the API would say it; "404 empty"; "202 true": the true body with that status */
static bool status(struct exchange *x, const char *arg)
{
	int code = atoi(arg);
	cJSON *body;

	if (strstr(arg, "true")) {
		x->answer.status = code;
		return true;
	}
	if (code == 429 && !strstr(arg, "empty")) {
		quota_refuse(x);
		return true;
	}
	if (strstr(arg, "empty")) {
		answer_text(&x->answer, code, NULL, NULL);
		return true;
	}
	body = cJSON_CreateObject();
	if (x->api == API_BRIGHTPEARL) {
		add_error(body, "CMNC-000", "Something is not as it should be");
	} else {
		cJSON_AddNumberToObject(body, "status", code);
		cJSON_AddStringToObject(body, "title", "Something is not as it should be");
	}
	answer_json(&x->answer, code, body);
	return true;
}

static bool literal(struct exchange *x, const char *arg)
{
	answer_text(&x->answer, 200, *arg ? arg : NULL, "application/json");
	return true;
}

static bool page(struct exchange *x, const char *arg)
{
	(void)arg;
	answer_text(&x->answer, 200, "<!DOCTYPE html><html><body>Please sign in</body></html>",
		    "text/html; charset=utf-8");
	return true;
}

static bool type(struct exchange *x, const char *arg)
{
	x->answer.content_type = *arg ? arg : NULL;
	return x->answer.body != NULL;
}

static bool date(struct exchange *x, const char *arg)
{
	if (*arg)
		x->date_off_s = atoll(arg);
	else
		x->date_is = 'n';
	return true;
}

static bool bytes(struct exchange *x, const char *arg)
{
	return bytes_change(&x->answer.body, arg);
}

/* --- the table ---------------------------------------------------------------------------------- */

/* In the order of their numbers: what is new goes to the end, so that a number keeps its meaning. */
static const struct mutation {
	const char *name;
	tree_fn *tree; /* one of the two */
	wire_fn *wire;
	const char *arg;
} mutations[] = {
#define TREE(name, function, arg)                                                                  \
	{                                                                                          \
		name, function, NULL, arg                                                          \
	}
#define WIRE(name, function, arg)                                                                  \
	{                                                                                          \
		name, NULL, function, arg                                                          \
	}
#include "mutate_table.h"
};
#define MUTATIONS (int)(sizeof mutations / sizeof *mutations)

const char *mutation_name(int number)
{
	return number >= 1 && number <= MUTATIONS ? mutations[number - 1].name : NULL;
}

static bool change_tree(struct exchange *x, const struct mutation *m)
{
	cJSON *root = x->answer.body ? cJSON_Parse(x->answer.body) : NULL,
	      *new = root ? m->tree(root, m->arg) : NULL;

	if (!new) {
		cJSON_Delete(root);
		return false;
	}
	free(x->answer.body);
	x->answer.body = cJSON_PrintUnformatted(new);
	cJSON_Delete(new);
	return true;
}

bool mutate(struct exchange *x, int number)
{
	const struct mutation *m = mutation_name(number) ? &mutations[number - 1] : NULL;

	if (!m)
		return false;
	return m->tree ? change_tree(x, m) : m->wire(x, m->arg);
}

/* What a mutation makes of an answer, as one text. */
static char *outcome(const struct exchange *x, int number)
{
	struct exchange copy = *x;
	char *text = NULL;

	copy.answer.body = x->answer.body ? strdup(x->answer.body) : NULL;
	if (!number || mutate(&copy, number)) {
		bool dated = copy.date_off_s || copy.date_is;
		if (asprintf(&text, "%d %s %s %s %s", copy.answer.status,
			     copy.answer.content_type ? copy.answer.content_type : "",
			     dated ? mutation_name(number) : "",
			     copy.header_count != x->header_count ? mutation_name(number) : "",
			     copy.answer.body ? copy.answer.body : "") < 0)
			text = NULL;
	}
	free(copy.answer.body);
	return text;
}

void mutate_list(const struct exchange *x, int64_t request)
{
	char *truth = outcome(x, 0);

	for (int number = 1; number <= MUTATIONS; number++) {
		char *text = outcome(x, number);
		if (text && strcmp(text, truth))
			state_run("INSERT INTO mutation (request, number, name, answer)"
				  " SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM mutation"
				  " WHERE request = ?1 AND answer = ?4)",
				  "iitt", request, (int64_t)number, mutation_name(number), text);
		free(text);
	}
	free(truth);
}
