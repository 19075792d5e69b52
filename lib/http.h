/* The HTTP client of both APIs.
 *
 * Requests are submitted and later waited for; up to api.*_parallel of each API are in flight at a
 * time, within the quota that the governor shares with the store's other processes.  A job keeps
 * its calls in order and waits for the oldest first:
 *
 *   struct call *c = http_submit(http, &(struct http_request){
 *           .api = BRIGHTPEARL, .method = "GET", .path = "/order-service/..."});
 *   REPLY r = http_wait(http, c);
 *
 * What it does by itself: authentication, gzip, size caps, time limits, waiting for quota, retrying
 * what may be retried (reads; writes known not to have been processed) with back-off and jitter.
 * It never follows a redirect, never sends a write twice (bodies go through READFUNCTION without a
 * seek function, so that libcurl cannot repeat one on a new connection), and dies on 401 (77: says
 * which side refused and what to check).
 *
 * A path that holds an empty segment (an id that is missing), and any DELETE to BigCommerce, is a bug
 * and dies before it is sent.  Logs and messages name a path without its query.
 *
 * For tests: PEARLBRIDGE_TIMEOUT_MS, real time that one request may take (default 180,000), and
 * PEARLBRIDGE_TEST_POSTFIELDS=1, which breaks the promise above: the sweep must then turn red.
 *
 * Facts: contracts of the two APIs, quotas and headers in governor.h, retry rules in retry.h.
 */
#ifndef LIB_HTTP_H
#define LIB_HTTP_H

#include "lib/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum api { BIGCOMMERCE, BRIGHTPEARL };
extern const char *const api_name[2];  /* "bigcommerce", "brightpearl" */
extern const char *const api_title[2]; /* "BigCommerce", "Brightpearl" */

struct http_request {
	enum api api;
	const char *method;
	const char *path;   /* after the API's base, query encoded: "/v2/orders?limit=100" */
	const char *body;   /* JSON, NULL = none; copied */
	const char *header; /* one more header line, NULL = none; copied */
	size_t max_bytes; /* of the unpacked answer; 0 = 16 MB.  A read that passes it is REFUSED with
			     * the status that it had, 200 */
	bool may_be_absent; /* 403 and 404 are answers (REFUSED); otherwise 403 dies (77) */
};

enum outcome {
	HTTP_OK,      /* 2xx; body as received: a whole JSON value, or empty (204, writes) */
	HTTP_REFUSED, /* this request is at fault, nothing was done: message says why, status which */
	HTTP_LATER, /* the world is at fault and nothing was done: throttled or down beyond patience */
	HTTP_UNKNOWN, /* a write that may or may not have been done: look it up before repeating it */
};

struct reply {
	enum outcome outcome;
	int status; /* 0 = no answer */
	char *body; /* NUL-terminated, never NULL */
	size_t size;
	char *message; /* one line for people, "" when ok */
	char *code;    /* Brightpearl's errors[0].code, "" when none */
	int64_t date; /* the server's clock, seconds, as server_clock.h believes it; 0 = not known */
	int attempts;
};
/* An HTTP_OK body is one whole JSON value, or empty; then this gives "{}". */
const char *reply_json(const struct reply *);
#define REPLY __attribute__((cleanup(reply_free))) struct reply
void reply_free(struct reply *);

struct http;
struct call;

/* What is told of each request when it is over; pointers are valid during the call only.  body and
 * answer are NULL for reads. */
struct http_record {
	enum api api;
	const char *method, *path, *body, *answer;
	int status, attempts;
	enum outcome outcome;
	int64_t at, ms, bytes_out, bytes_in;
};

struct server_clock; /* server_clock.h */

long http_total_ms(
	void); /* real time that one request may take, whoever sends a byte now and then */

struct http_options {
	const struct config *config;
	const char *quota_file; /* data/quota, shared by the store's processes; NULL: not shared */
	int parallel[2], share[2]; /* by enum api; share in percent */
	void (*journal)(void *context, const struct http_record *);
	void *journal_context;
	const struct server_clock *clocks; /* of both APIs, as known before; NULL = nothing is */
};
struct http *http_open(const struct http_options *);
void http_close(struct http *); /* NULL is fine; calls still in flight are cut */

struct call *http_submit(struct http *, const struct http_request *);
struct reply http_wait(struct http *, struct call *); /* frees the call */
void http_discard(struct http *, struct call *);      /* wait for its answer and forget it */
struct reply http_send(struct http *, const struct http_request *); /* submit and wait */
struct reply http_get(struct http *, enum api, const char *path);   /* a plain GET of that */

const struct server_clock *http_clocks(const struct http *); /* of both APIs, as known now */

/* Brightpearl's brightpearl-installed-integration-instance-id as told by its latest answer; 0 = not
 * told (a private app may have none). */
int64_t http_instance_id(const struct http *);

#endif
