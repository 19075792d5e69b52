/* What the files of the HTTP client share: http.c (calls and their loop), http_curl.c (one transfer),
 * http_answer.c (what an answer means), http_patience.c (waits); and http_secure() for oauth.c. */
#ifndef LIB_HTTP_PRIVATE_H
#define LIB_HTTP_PRIVATE_H

#include "lib/buf.h"
#include "lib/governor.h"
#include "lib/http.h"
#include "lib/oauth.h"
#include "lib/server_clock.h"

#include <curl/curl.h>

struct call {
	struct call *next;
	enum { CALL_QUEUED, CALL_FLYING, CALL_OVER } state;
	struct http_request request; /* texts are copies of our own */
	char *url, *place;           /* place: the path without its query, for people */
	bool is_write;
	int64_t not_before; /* clock_ticks(): when it may be sent again */
	char *why;          /* it is to be sent again; NULL = it was not sent yet */

	/* of the transfer under way */
	CURL *easy;
	struct curl_slist *headers;
	size_t body_size, body_sent;
	struct buf answer;
	size_t header_bytes;
	bool too_large;
	int token; /* number of the OAuth token it was sent with */
	char error[CURL_ERROR_SIZE];
	struct governor_ticket ticket;
	struct governor_told told;
	int64_t retry_after_ms, retry_at, date, instance_id; /* -1, else 0: not told */
	char odd[120]; /* a header about waiting that makes no sense, "" = none */

	/* of the whole call */
	int failures;
	bool renewed;      /* its 401 was answered with a new access token already */
	int64_t waited_ms; /* for quota */
	int64_t spent_ms;  /* in flight, in real time, and waiting after failures */
	int64_t at, ms, bytes_out, bytes_in;
	struct reply reply;
};

struct http {
	struct http_options options;
	CURLM *multi;
	struct governor *governor;
	struct oauth *oauth; /* NULL: fixed tokens */
	struct call *calls;  /* in order of submission, until waited for */
	int flying[2];
	int64_t instance_id;
	struct server_clock clocks[2];
	bool clock_told[2]; /* that it jumped */
	uint64_t seed;
	struct {
		int64_t ticks, real; /* when something was last sent or answered, by either clock */
		int64_t told;        /* how often since then it was told that nothing is */
	} patience;
	bool odd_told[2]; /* that a header makes no sense */
	int64_t shut_until
		[2]; /* clock_ticks(): so long a wait was asked for that nothing more is sent */
};

/* Set on a handle everything that keeps a transfer safe; url must be of the configuration. */
void http_secure(CURL *, const struct config *, const char *url);

/* The handle of a call, ready to be added.  False: there is no token to send it with (oauth.h). */
bool http_prepare(struct http *, struct call *);

void http_moved(struct http *);                       /* something was sent or answered */
void http_tell_waits(struct http *, int64_t soonest); /* what lasts longer than a minute */
void http_obey_stop(
	struct http *); /* when the end was asked for (stop.h): what was not sent is LATER */

void http_end_unsent(struct call *,
		     const char *why); /* LATER; it was not sent, or was answered by 401 */

/* The transfer is over: fill the reply (CALL_OVER) or put the call back into the queue. */
void http_conclude(struct http *, struct call *, CURLcode);

#endif
