#define _GNU_SOURCE
#include "lib/multi.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"
#include "lib/settings.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define IN_FLIGHT            16
#define OUT_OF_ORDER_SECONDS 1800 /* how long multi-message is left alone after it failed */

struct batch {
	struct message messages[MULTI_MOST];
	int count;
	struct call *call;
};

struct sender {
	struct job *job;
	const struct multi_source *source;
	struct message held; /* taken from the source, but too big for the last batch */
	bool has_held, dry;
	bool pack;   /* use multi-message */
	int unknown; /* requests in a row that ended unknown */
	char *why;   /* set: send nothing more */
	struct batch ring[IN_FLIGHT];
	int first, flying, most;
};

static bool take(struct sender *s, struct message *m)
{
	if (s->has_held) {
		*m = s->held;
		s->has_held = false;
		return true;
	}
	memset(m, 0, sizeof *m);
	if (!s->dry && !s->source->next(s->source->context, m))
		s->dry = true;
	return !s->dry;
}

static void fill(struct sender *s, struct batch *b)
{
	size_t bytes = 200;
	int most = s->pack ? MULTI_MOST : 1;

	b->count = 0;
	while (b->count < most) {
		struct message *m = &b->messages[b->count];
		if (!take(s, m))
			return;
		bytes += strlen(m->body) + strlen(m->key) + strlen(m->uri) + 100;
		if (b->count && bytes > MULTI_BYTES) {
			s->held = *m;
			s->has_held = true;
			return;
		}
		b->count++;
	}
}

static char *pack(const struct batch *b)
{
	cJSON *outer = cJSON_CreateObject();

	cJSON_AddStringToObject(outer, "processingMode", "SEQUENTIAL");
	cJSON_AddStringToObject(outer, "onFail", "CONTINUE");
	cJSON *list = cJSON_AddArrayToObject(outer, "messages");
	for (int i = 0; i < b->count; i++) {
		const struct message *m = &b->messages[i];
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "label", m->key);
		cJSON_AddStringToObject(item, "uri", m->uri);
		cJSON_AddStringToObject(item, "httpMethod", m->method);
		cJSON_AddRawToObject(item, "body", m->body); /* never re-printed */
		cJSON_AddItemToArray(list, item);
	}
	char *text = cJSON_PrintUnformatted(outer);
	cJSON_Delete(outer);
	if (!text)
		die(EX_OSERR, "out of memory");
	return text;
}

static void submit(struct sender *s, struct batch *b)
{
	if (s->source->claim)
		s->source->claim(s->source->context, b->messages, b->count);
	if (b->count == 1) {
		const struct message *m = &b->messages[0];
		b->call = http_submit(s->job->http, &(struct http_request){.api = s->source->api,
									   .method = m->method,
									   .path = m->uri,
									   .body = m->body,
									   .header = m->header});
		return;
	}
	char *body = pack(b);
	b->call = http_submit(s->job->http, &(struct http_request){.api = BRIGHTPEARL,
								   .method = "POST",
								   .path = "/multi-message",
								   .body = body});
	free(body);
}

static void result(struct message *m, enum outcome outcome, int status, const char *answer,
		   const char *text)
{
	free(m->answer);
	free(m->text);
	m->outcome = outcome;
	m->status = status;
	m->answer = xstrdup(answer);
	m->text = xstrdup(text);
}

/* The errors of one inner answer as text: "ORDC-024: You have supplied ..." */
static char *inner_text(const cJSON *answer, const char **code)
{
	const cJSON *error = cJSON_GetArrayItem(cJSON_GetObjectItem(answer, "errors"), 0);
	const char *message = cJSON_GetStringValue(cJSON_GetObjectItem(error, "message"));

	*code = cJSON_GetStringValue(cJSON_GetObjectItem(error, "code"));
	if (*code || message)
		return xasprintf("%s%s%s", *code ? *code : "", *code && message ? ": " : "",
				 message ? message : "");
	message = cJSON_GetStringValue(cJSON_GetObjectItem(answer, "response"));
	return xstrdup(message ? message : "");
}

static void read_inner(struct message *m, const cJSON *processed)
{
	const cJSON *status = cJSON_GetObjectItem(processed, "statusCode");
	const char *content = cJSON_GetStringValue(
		cJSON_GetObjectItem(cJSON_GetObjectItem(processed, "body"), "content"));
	const char *code;

	if (!cJSON_IsNumber(status) || !content) {
		result(m, HTTP_UNKNOWN, 0, "", "the answer to this message cannot be read");
		return;
	}
	cJSON *answer = cJSON_Parse(content);
	char *text = inner_text(answer, &code);
	int code_of = status->valueint;
	/* these speak of the world, not of the message: 401 = the credentials ended meanwhile */
	bool later = code_of == 401 || code_of == 408 || code_of == 429 ||
		     strstr(text, "too many requests");
	bool refused = code_of >= 400 && (code_of < 500 || (code && strcmp(code, "CMNU-003") != 0));
	enum outcome outcome = code_of / 100 == 2 ? HTTP_OK
			       : later            ? HTTP_LATER
			       : refused          ? HTTP_REFUSED
						  : HTTP_UNKNOWN;
	result(m, outcome, status->valueint, content, outcome == HTTP_OK ? "" : text);
	free(text);
	cJSON_Delete(answer);
}

static struct message *labelled(struct batch *b, const char *label)
{
	for (int i = 0; label && i < b->count; i++)
		if (!strcmp(b->messages[i].key, label))
			return &b->messages[i];
	return NULL;
}

static void unpack(struct batch *b, const struct reply *r)
{
	for (int i = 0; i < b->count; i++)
		result(&b->messages[i], HTTP_UNKNOWN, r->status, "", "no answer to this message");
	cJSON *outer = cJSON_ParseWithLength(r->body, r->size + 1);
	const cJSON *response = cJSON_GetObjectItem(outer, "response"), *item;
	cJSON_ArrayForEach (item, cJSON_GetObjectItem(response, "processedMessages")) {
		struct message *m = labelled(
			b, cJSON_GetStringValue(cJSON_GetObjectItem(item, "label")));
		if (m)
			read_inner(m, item);
	}
	cJSON_ArrayForEach (item, cJSON_GetObjectItem(response, "unprocessedMessages")) {
		struct message *m = labelled(b, cJSON_GetStringValue(item));
		if (m)
			result(m, HTTP_LATER, 0, "", "Brightpearl left this message unprocessed");
	}
	cJSON_Delete(outer);
}

static void set_out_of_order(struct sender *s, const char *text)
{
	s->pack = false;
	log_warn("", "multi-message is out of order (%s): sending one by one", text);
	db_begin(s->job->db);
	db_run(s->job->db,
	       "INSERT INTO cursor(feed, done_until) VALUES('multi_message_down', ?)"
	       " ON CONFLICT DO UPDATE SET done_until = excluded.done_until",
	       "i", clock_now() / 1000 + OUT_OF_ORDER_SECONDS);
	db_commit(s->job->db);
}

/* What the reply to a whole request means for its messages and for going on. */
static void judge(struct sender *s, struct batch *b, const struct reply *r)
{
	bool packed = b->count > 1;

	s->unknown = r->outcome == HTTP_UNKNOWN ? s->unknown + 1 : 0;
	if (packed && r->outcome == HTTP_OK) {
		unpack(b, r);
		for (int i = 0; i < b->count && !s->why; i++)
			if (b->messages[i].outcome == HTTP_LATER && b->messages[i].status == 401)
				s->why = xasprintf("it refused the credentials (401): %s",
						   b->messages[i].text);
		return;
	}
	/* A refused batch was not processed: its messages go again, one by one. */
	enum outcome each = !packed || r->outcome != HTTP_REFUSED ? r->outcome
			    : r->status / 100 == 4                ? HTTP_LATER
								  : HTTP_UNKNOWN;
	for (int i = 0; i < b->count; i++)
		result(&b->messages[i], each, r->status, r->body, r->message);
	/* A lost connection says nothing about multi-message, an answer that fails does. */
	if (packed && s->pack &&
	    (r->outcome == HTTP_REFUSED || (r->outcome == HTTP_UNKNOWN && r->status)))
		set_out_of_order(s, r->message);
	if (r->outcome == HTTP_LATER || s->unknown >= 2)
		s->why = s->why ? s->why : xstrdup(r->message);
}

static void free_batch(struct batch *b)
{
	for (int i = 0; i < b->count; i++) {
		free(b->messages[i].key);
		free(b->messages[i].uri);
		free(b->messages[i].body);
		free(b->messages[i].header);
		free(b->messages[i].answer);
		free(b->messages[i].text);
	}
	b->count = 0;
}

static void settle_oldest(struct sender *s)
{
	struct batch *b = &s->ring[s->first];
	REPLY r = http_wait(s->job->http, b->call);

	judge(s, b, &r);
	s->source->settle(s->source->context, b->messages, b->count);
	free_batch(b);
	s->first = (s->first + 1) % IN_FLIGHT;
	s->flying--;
}

static bool multi_is_down(struct job *job)
{
	int64_t left = db_int(job->db, 0,
			      "SELECT done_until FROM cursor WHERE feed = 'multi_message_down'",
			      "") -
		       clock_now() / 1000;

	return left > 0 && left <= OUT_OF_ORDER_SECONDS; /* more: our clock was set back */
}

bool multi_run(struct job *job, const struct multi_source *source, char **why)
{
	struct sender s = {.job = job, .source = source};
	bool packs = source->api == BRIGHTPEARL && !source->single;

	s.most = (int)setting_int(job->db,
				  source->api == BRIGHTPEARL ? "api.brightpearl_parallel"
							     : "api.bigcommerce_parallel",
				  3);
	if (s.most > IN_FLIGHT)
		s.most = IN_FLIGHT;
	if (source->in_turn && source->waiting <= MULTI_IN_TURN)
		s.most = 1;
	s.pack = packs && source->waiting >= MULTI_FROM && !multi_is_down(job);
	for (;;) {
		while (s.flying < s.most && !s.why) {
			struct batch *b = &s.ring[(s.first + s.flying) % IN_FLIGHT];
			fill(&s, b);
			if (!b->count)
				break;
			submit(&s, b);
			s.flying++;
		}
		if (!s.flying)
			break;
		settle_oldest(&s);
	}
	if (s.has_held) {
		free(s.held.key);
		free(s.held.uri);
		free(s.held.body);
		free(s.held.header);
	}
	*why = s.why;
	return !s.why;
}
