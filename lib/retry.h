/* What an answer means, and what to do next: the rules, without any I/O.
 *
 * The one question behind all of them: was the request processed?
 *   surely not    it never left, BigCommerce's 429, Brightpearl's throttle text: anything is repeated
 *   refused       a 4xx, or a 5xx in which Brightpearl names an error of ours: never repeated
 *   not known     connection lost, time out, other 5xx, a 2xx with garbage: reads are repeated,
 *                 writes are UNKNOWN and must be looked up
 *
 * Brightpearl answers 503 both for throttling and for being down, and some client mistakes as 500
 * with a code (CMNC-018): the status class alone tells nothing.  Repeating ends with LATER after six
 * failures (1, 2, 4, 8, 16 s apart, plus jitter), five minutes of waiting for quota, or ten minutes in all.
 * A wait that is asked for and longer than the five minutes is LATER at once: asking again before would be
 * rude.  One of more than a day is absurd, as is a negative one: the former is cut to a minute, the longest
 * window of quota that either side documents.
 */
#ifndef LIB_RETRY_H
#define LIB_RETRY_H

#include "lib/http.h"

#define RETRY_FAILURES    6
#define RETRY_PATIENCE_MS 300000
#define RETRY_TOTAL_MS    600000
#define RETRY_WINDOW_MS   60000
#define RETRY_BELIEVED_MS 86400000

/* How far a request came. */
enum retry_transport {
	RETRY_ANSWERED,  /* a whole answer */
	RETRY_UNSENT,    /* no connection could be made */
	RETRY_LOST,      /* anything may have happened */
	RETRY_UNTRUSTED, /* the certificate is not theirs; nothing was sent */
	RETRY_TOO_LARGE, /* the answer passed its limit and was cut */
};
/* From libcurl's result.  sent: bytes of the request that left. */
enum retry_transport retry_transport(int curl_code, int64_t sent);

struct retry_answer {
	enum api api;
	bool is_write;
	enum retry_transport transport;
	int status;       /* 0 = none */
	const char *body; /* NUL-terminated */
	size_t size;
	int64_t reset_ms; /* until the next window of quota, as told; -1 = not told */
	int64_t retry_after_ms;
	int failures;      /* of this request before, quota apart */
	int64_t waited_ms; /* for quota before */
	int64_t spent_ms;  /* on this request before, in flight and waiting */
	double jitter;     /* 0..1 */
};

enum retry_action {
	RETRY_OK,
	RETRY_REFUSED,
	RETRY_WAIT,      /* send again after wait_ms */
	RETRY_THROTTLED, /* the same, and nobody else should send to this API before */
	RETRY_LATER,
	RETRY_UNKNOWN,
	RETRY_DENIED,    /* 401 */
	RETRY_FORBIDDEN, /* 403 */
	RETRY_DISTRUST,  /* the certificate */
};

struct retry_verdict {
	enum retry_action action;
	int64_t wait_ms;
	int64_t asked_ms;  /* the wait that was asked for and is not waited for; 0 = none */
	char code[40];     /* Brightpearl's errors[0].code */
	char message[600]; /* one line for people, "" when ok */
};
struct retry_verdict retry_judge(const struct retry_answer *);

/* What a refusing body says, in one line: BigCommerce's V2 array or V3 object, Brightpearl's errors
 * or response text.  "" when it says nothing that can be read. */
void retry_explain(const char *body, size_t size, char code[40], char text[500]);

#endif
