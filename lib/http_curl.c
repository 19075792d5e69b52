#define _GNU_SOURCE
#include "lib/http_private.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/retry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#ifndef PEARLBRIDGE_VERSION
#define PEARLBRIDGE_VERSION "1.0"
#endif

#define CONNECT_MS        15000
#define TOTAL_MS          180000
#define LONGEST_IDLE_S    50 /* servers close idle connections; a write must not meet that moment */
#define SILENCE_S         90 /* BigCommerce takes its time over some writes */
#define MOST_HEADER_BYTES 65536
#define LONGEST_WAIT_S    1000000000 /* for the arithmetic; what is believed: retry.h */

long http_total_ms(void)
{
	const char *text = getenv("PEARLBRIDGE_TIMEOUT_MS");
	long ms = text ? strtol(text, NULL, 10) : 0;

	return ms > 0 ? ms : TOTAL_MS;
}

/* No variable of the environment has a say in it: what .env does not name is an empty text here. */
static void choose_way(CURL *easy, const struct config *config, bool plain)
{
	const char *proxy = plain || !config->proxy ? "" : config->proxy;

	curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, config->no_proxy ? config->no_proxy : "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (!config->ca_file)
		return;
	curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca_file);
	curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, config->ca_file);
}

void http_secure(CURL *easy, const struct config *config, const char *url)
{
	/* config.c lets plain http through for loopback addresses only */
	bool plain = !strncasecmp(url, "http://", 7);

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	choose_way(easy, config, plain);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "Pearlbridge/" PEARLBRIDGE_VERSION);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)LONGEST_IDLE_S);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, http_total_ms());
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SILENCE_S);
}

/* Returning less than was given makes libcurl cut the transfer. */
static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
	struct call *c = context;

	if (buf_add(&c->answer, bytes, size * count))
		return size * count;
	c->too_large = true;
	return 0;
}

static size_t give_body(char *bytes, size_t size, size_t count, void *context)
{
	struct call *c = context;
	size_t room = size * count, left = c->body_size - c->body_sent;

	if (room > left)
		room = left;
	memcpy(bytes, c->request.body + c->body_sent, room);
	c->body_sent += room;
	return room;
}

/* A whole number of 0 or more and nothing else, else -1. */
static int64_t number(const char *text)
{
	char *end;

	errno = 0;
	long long value = strtoll(text, &end, 10);
	return errno || end == text || *end || value < 0 ? -1 : value;
}

static void retry_after(struct call *c, const char *text)
{
	int64_t seconds = number(text);

	if (seconds > LONGEST_WAIT_S)
		seconds = LONGEST_WAIT_S;
	if (seconds >= 0)
		c->retry_after_ms = seconds * 1000;
	else if (!clock_parse(text, &c->retry_at))
		snprintf(c->odd, sizeof c->odd, "Retry-After: %.60s", text);
}

static void note(struct call *c, const char *name, const char *value)
{
	const struct {
		enum api api;
		const char *name;
		int64_t *told;
		bool is_time;
	} quota[] = {
		{BIGCOMMERCE, "X-Rate-Limit-Requests-Quota", &c->told.quota, false},
		{BIGCOMMERCE, "X-Rate-Limit-Requests-Left", &c->told.left, false},
		{BIGCOMMERCE, "X-Rate-Limit-Time-Reset-Ms", &c->told.reset_ms, true},
		{BIGCOMMERCE, "X-Rate-Limit-Time-Window-Ms", &c->told.length_ms, true},
		{BRIGHTPEARL, "brightpearl-requests-remaining", &c->told.left, false},
		{BRIGHTPEARL, "brightpearl-next-throttle-period", &c->told.reset_ms, true},
	};

	for (size_t i = 0; i < sizeof quota / sizeof *quota; i++)
		if (quota[i].api == c->request.api && !strcasecmp(name, quota[i].name)) {
			*quota[i].told = number(value);
			if (*quota[i].told < 0 ||
			    (quota[i].is_time && *quota[i].told > RETRY_WINDOW_MS))
				snprintf(c->odd, sizeof c->odd, "%.50s: %.60s", name, value);
		}
	if (!strcasecmp(name, "Date"))
		clock_parse(value, &c->date);
	else if (!strcasecmp(name, "X-Retry-After") || !strcasecmp(name, "Retry-After"))
		retry_after(c, value);
	else if (!strcasecmp(name, "brightpearl-installed-integration-instance-id"))
		c->instance_id = number(value);
}

static void forget_headers(struct call *c)
{
	c->told = (struct governor_told){-1, -1, -1, -1};
	c->retry_after_ms = -1;
	c->retry_at = c->date = c->instance_id = 0;
	c->odd[0] = 0;
}

static size_t receive_header(char *bytes, size_t size, size_t count, void *context)
{
	struct call *c = context;
	char line[500];

	size *= count;
	c->header_bytes += size;
	if (c->header_bytes > MOST_HEADER_BYTES) {
		c->too_large = true;
		return 0;
	}
	if (size >= 5 && !memcmp(bytes, "HTTP/", 5))
		forget_headers(c);
	if (size >= sizeof line)
		return size; /* none of those that we read is that long */
	memcpy(line, bytes, size);
	line[size] = 0;
	line[strcspn(line, "\r\n")] = 0;
	char *colon = strchr(line, ':');
	if (colon) {
		*colon++ = 0;
		note(c, line, colon + strspn(colon, " \t"));
	}
	return size;
}

/* "name: value" for libcurl.  Configured values hold no line breaks (config.c), nor do tokens got
 * (oauth.c). */
static void add_header(struct call *c, const char *name, const char *value)
{
	char *line = xasprintf("%s: %s", name, value);

	c->headers = curl_slist_append(c->headers, line);
	explicit_bzero(line, strlen(line));
	free(line);
}

static bool add_headers(struct http *h, struct call *c)
{
	const struct config *config = h->options.config;

	curl_slist_free_all(c->headers);
	c->headers = curl_slist_append(NULL, "Expect:");
	add_header(c, "Accept", "application/json");
	if (c->request.header)
		c->headers = curl_slist_append(c->headers, c->request.header);
	if (c->request.api == BIGCOMMERCE) {
		if (c->is_write)
			add_header(c, "Content-Type", "application/json");
		add_header(c, "X-Auth-Token", config->bigcommerce_token);
		return true;
	}
	add_header(c, "Content-Type", "application/json");
	add_header(c, "brightpearl-app-ref", config->app_ref);
	if (config->staff_token) {
		add_header(c, "brightpearl-staff-token", config->staff_token);
	} else if (config->account_token) {
		add_header(c, "brightpearl-account-token", config->account_token);
	} else {
		const char *token = oauth_token(h->oauth, &c->token);
		if (!token)
			return false;
		char *bearer = xasprintf("Bearer %s", token);
		add_header(c, "Authorization", bearer);
		add_header(c, "brightpearl-dev-ref", config->dev_ref);
		explicit_bzero(bearer, strlen(bearer));
		free(bearer);
	}
	return true;
}

/* A body goes through READFUNCTION and there is no SEEKFUNCTION: when a kept-alive connection dies
 * before the answer, libcurl would repeat the request by itself and say nothing; without a way to
 * rewind the body it fails instead.  A write without a body has nothing to rewind and gets a
 * connection of its own, on which libcurl never repeats. */
static void set_body(struct call *c)
{
	const char *method = c->request.method, *test = getenv("PEARLBRIDGE_TEST_POSTFIELDS");

	if (!c->is_write) {
		curl_easy_setopt(c->easy, CURLOPT_HTTPGET, 1L);
		if (strcmp(method, "GET") != 0)
			curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, method);
		return;
	}
	curl_easy_setopt(c->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body_size);
	curl_easy_setopt(c->easy, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(c->easy, CURLOPT_READDATA, c);
	if (test && *test == '1') /* breaks it on purpose: the sweep must then find doubles */
		curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS,
				 c->request.body ? c->request.body : "");
	else if (!c->body_size)
		curl_easy_setopt(c->easy, CURLOPT_FRESH_CONNECT, 1L);
	if (strcmp(method, "POST") != 0)
		curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, method);
}

bool http_prepare(struct http *h, struct call *c)
{
	if (c->easy)
		curl_easy_reset(c->easy);
	else if (!(c->easy = curl_easy_init()))
		die(EX_OSERR, "out of memory");
	buf_clear(&c->answer);
	c->body_sent = c->header_bytes = 0;
	c->too_large = false;
	c->error[0] = 0;
	forget_headers(c);
	if (!add_headers(h, c))
		return false;
	http_secure(c->easy, h->options.config, c->url);
	set_body(c);
	curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, receive_header);
	curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->error);
	curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
	return true;
}
