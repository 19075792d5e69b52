#define _GNU_SOURCE
#include "lib/http.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/http_private.h"
#include "lib/step.h"
#include "lib/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define DEFAULT_MAX_BYTES (16u << 20)
#define LONGEST_POLL_MS   1000

const char *const api_name[2] = {"bigcommerce", "brightpearl"};
const char *const api_title[2] = {"BigCommerce", "Brightpearl"};

static int between(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

struct http *http_open(const struct http_options *options)
{
	struct http *h = xcalloc(1, sizeof *h);
	const struct config *config = options->config;

	h->options = *options;
	config_learn(config);
	for (int api = 0; api < 2; api++) {
		h->options.parallel[api] = between(options->parallel[api], 1, 64);
		h->options.share[api] = between(options->share[api], 1, 100);
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) || !(h->multi = curl_multi_init()))
		die(EX_OSERR, "libcurl cannot be started");
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS,
			  (long)(h->options.parallel[0] + h->options.parallel[1] + 2));
	h->governor = governor_open(options->quota_file);
	http_moved(h);
	if (!config->staff_token && !config->account_token && config->refresh_token)
		h->oauth = oauth_open(config);
	for (int api = 0; options->clocks && api < 2; api++)
		h->clocks[api] = options->clocks[api];
	h->options.clocks = NULL;
	if (getrandom(&h->seed, sizeof h->seed, GRND_NONBLOCK) < 0)
		h->seed = (uint64_t)clock_now();
	return h;
}

static void call_free(struct call *c)
{
	reply_free(&c->reply);
	curl_slist_free_all(c->headers);
	curl_easy_cleanup(c->easy);
	buf_free(&c->answer);
	free((void *)(uintptr_t)c->request.method);
	free((void *)(uintptr_t)c->request.path);
	free((void *)(uintptr_t)c->request.body);
	free((void *)(uintptr_t)c->request.header);
	free(c->url);
	free(c->place);
	free(c->why);
	free(c);
}

void http_close(struct http *h)
{
	if (!h)
		return;
	for (struct call *c; (c = h->calls);) {
		h->calls = c->next;
		if (c->state == CALL_FLYING)
			curl_multi_remove_handle(h->multi, c->easy);
		call_free(c);
	}
	curl_multi_cleanup(h->multi);
	governor_close(h->governor);
	oauth_close(h->oauth);
	curl_global_cleanup();
	free(h);
}

void reply_free(struct reply *r)
{
	free(r->body);
	free(r->message);
	free(r->code);
	*r = (struct reply){0};
}

int64_t http_instance_id(const struct http *h)
{
	return h->instance_id ? h->instance_id : oauth_instance_id(h->oauth);
}

/* An id that is missing from a path would make "one order" "all orders". */
static void check_request(const struct http_request *r)
{
	const char *query = strchrnul(r->path, '?'), *empty = strstr(r->path, "//");

	if (r->path[0] != '/' || (empty && empty < query) || strstr(r->path, "/../"))
		bug("%s %s: no such path", r->method, r->path);
	for (const char *p = r->path; *p; p++)
		if (*p <= 0x20 || *p >= 0x7f || *p == '#')
			bug("%s %.*s: a path must be encoded", r->method, (int)(query - r->path),
			    r->path);
	if (r->api == BIGCOMMERCE && !strcmp(r->method, "DELETE"))
		bug("DELETE is never sent to BigCommerce: %s", r->path);
	if (r->header && strpbrk(r->header, "\r\n"))
		bug("a header of %s holds a line break", r->path);
}

static char *make_url(const struct config *config, const struct http_request *r)
{
	if (r->api == BIGCOMMERCE)
		return xasprintf("%s/stores/%s%s", config->bigcommerce_url, config->store_hash,
				 r->path);
	return xasprintf("%s/public-api/%s%s", config->brightpearl_url, config->account, r->path);
}

static struct call *make_call(struct http *h, const struct http_request *r)
{
	struct call *c = xcalloc(1, sizeof *c);

	c->request = *r;
	c->request.method = xstrdup(r->method);
	c->request.path = xstrdup(r->path);
	/* no server need take what is no UTF-8; rows of an older Pearlbridge may hold such */
	c->request.body = r->body ? utf8_mend(r->body) : NULL;
	c->request.header = r->header ? xstrdup(r->header) : NULL;
	c->body_size = r->body ? strlen(c->request.body) : 0;
	c->url = make_url(h->options.config, r);
	c->place = xstrdup(r->path);
	c->place[strcspn(c->place, "?")] = 0;
	c->is_write = strcmp(r->method, "GET") != 0 && strcmp(r->method, "OPTIONS") != 0;
	c->answer = buf_new(r->max_bytes ? r->max_bytes : DEFAULT_MAX_BYTES);
	return c;
}

static void tick(const char *when, const struct call *c)
{
	char where[300];

	snprintf(where, sizeof where, "%s %s %s", when, c->request.method, c->place);
	step(where);
}

static void launch(struct http *h, struct call *c)
{
	if (!http_prepare(h, c)) {
		governor_lost(h->governor, c->request.api, &c->ticket);
		http_end_unsent(c, oauth_why(h->oauth));
		return;
	}
	if (!c->reply.attempts++)
		c->at = clock_now();
	tick("before", c);
	c->state = CALL_FLYING;
	h->flying[c->request.api]++;
	http_moved(h);
	if (curl_multi_add_handle(h->multi, c->easy) != CURLM_OK)
		bug("libcurl does not take a request");
}

/* Send, in order, what parallelism and quota allow.  Returns the time (ms) until more may be. */
static int64_t launch_all(struct http *h)
{
	int64_t now = clock_ticks(), soonest = INT64_MAX;
	bool closed[2] = {false, false};

	for (struct call *c = h->calls; c; c = c->next) {
		enum api api = c->request.api;
		if (c->state != CALL_QUEUED || closed[api])
			continue;
		int64_t wait = c->not_before - now;
		if (wait <= 0) {
			if (h->flying[api] >= h->options.parallel[api]) {
				closed[api] = true;
				continue;
			}
			wait = governor_take(h->governor, api, h->options.share[api], &c->ticket);
			closed[api] = wait > 0;
		}
		if (wait <= 0)
			launch(h, c);
		else if (wait < soonest)
			soonest = wait;
	}
	return soonest;
}

static bool conclude_all(struct http *h)
{
	CURLMsg *message;
	int left, count = 0;

	while ((message = curl_multi_info_read(h->multi, &left))) {
		struct call *c = NULL;
		CURLcode result = message->data.result;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)(void *)&c);
		curl_multi_remove_handle(h->multi, c->easy);
		h->flying[c->request.api]--;
		http_moved(h);
		http_conclude(h, c, result);
		count++;
	}
	return count > 0;
}

static void turn(struct http *h, bool may_wait)
{
	int running;

	http_obey_stop(h);
	int64_t wait = launch_all(h);

	if (curl_multi_perform(h->multi, &running) != CURLM_OK)
		bug("libcurl does not go on");
	if (conclude_all(h) || !may_wait)
		return;
	http_tell_waits(h, wait);
	double real_ms = (double)wait / clock_speed() + 1;
	curl_multi_poll(h->multi, NULL, 0,
			real_ms < LONGEST_POLL_MS ? (int)real_ms : LONGEST_POLL_MS, NULL);
}

struct call *http_submit(struct http *h, const struct http_request *request)
{
	struct call **last = &h->calls;

	check_request(request);
	while (*last)
		last = &(*last)->next;
	*last = make_call(h, request);
	struct call *c = *last;
	turn(h, false);
	return c;
}

static void tell_journal(struct http *h, const struct call *c)
{
	if (!h->options.journal)
		return;
	h->options.journal(h->options.journal_context,
			   &(struct http_record){
				   .api = c->request.api,
				   .method = c->request.method,
				   .path = c->request.path,
				   .body = c->is_write ? c->request.body : NULL,
				   .answer = c->is_write ? c->reply.body : NULL,
				   .status = c->reply.status,
				   .attempts = c->reply.attempts,
				   .outcome = c->reply.outcome,
				   .at = c->at,
				   .ms = c->ms,
				   .bytes_out = c->bytes_out,
				   .bytes_in = c->bytes_in,
			   });
}

struct reply http_wait(struct http *h, struct call *c)
{
	while (c->state != CALL_OVER)
		turn(h, true);
	if (c->reply.attempts) {
		tick("after", c);
		tell_journal(h, c);
	}
	for (struct call **p = &h->calls; *p; p = &(*p)->next)
		if (*p == c) {
			*p = c->next;
			break;
		}
	struct reply reply = c->reply;
	c->reply = (struct reply){0};
	call_free(c);
	return reply;
}

void http_discard(struct http *h, struct call *c)
{
	struct reply answer = http_wait(h, c);

	reply_free(&answer);
}

struct reply http_send(struct http *h, const struct http_request *request)
{
	return http_wait(h, http_submit(h, request));
}

struct reply http_get(struct http *h, enum api api, const char *path)
{
	return http_send(h, &(struct http_request){.api = api, .method = "GET", .path = path});
}

const char *reply_json(const struct reply *r)
{
	return r->size ? r->body : "{}";
}

const struct server_clock *http_clocks(const struct http *h)
{
	return h->clocks;
}
