#define _GNU_SOURCE
#include "lib/retry.h"

#include "lib/wellformed.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define AFTER_RESET_MS       250 /* their window and our clock may differ by a little */
#define SHORTEST_THROTTLE_MS 1000

enum retry_transport retry_transport(int curl_code, int64_t sent)
{
	switch (curl_code) {
	case CURLE_OK:
		return RETRY_ANSWERED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return RETRY_UNTRUSTED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_OPERATION_TIMEDOUT:
		/* some bytes may have left on an earlier connection that libcurl gave up */
		return sent ? RETRY_LOST : RETRY_UNSENT;
	default:
		return RETRY_LOST;
	}
}

static void __attribute__((format(printf, 3, 4)))
say(struct retry_verdict *v, enum retry_action action, const char *fmt, ...)
{
	va_list args;

	v->action = action;
	va_start(args, fmt);
	vsnprintf(v->message, sizeof v->message, fmt, args);
	va_end(args);
}

/* A wait that may well be meant, but is longer than we stay: nobody asks again before. */
static bool is_too_long(const struct retry_answer *a, struct retry_verdict *v, int64_t told)
{
	if (told <= RETRY_PATIENCE_MS || told > RETRY_BELIEVED_MS)
		return false;
	v->asked_ms = told;
	say(v, RETRY_LATER, "%s asks to wait for %lld s (status %d), longer than a run waits",
	    api_title[a->api], (long long)told / 1000, a->status);
	return true;
}

/* A wait as told, cut when it is absurd. */
static int64_t sensible(int64_t told, struct retry_verdict *v)
{
	if (told <= RETRY_PATIENCE_MS)
		return told;
	v->asked_ms = told;
	return RETRY_WINDOW_MS;
}

/* Down, or broken on the way: again after a while. */
static void back_off(const struct retry_answer *a, struct retry_verdict *v, const char *what)
{
	if (a->failures + 1 >= RETRY_FAILURES) {
		say(v, RETRY_LATER, "%s: %s, %d times in a row", api_title[a->api], what,
		    RETRY_FAILURES);
		return;
	}
	if (is_too_long(a, v, a->retry_after_ms))
		return;
	double ms = 1000.0 * (1 << a->failures);
	v->wait_ms = (int64_t)(ms + ms / 2 * a->jitter);
	if (a->retry_after_ms > v->wait_ms)
		v->wait_ms = sensible(a->retry_after_ms, v);
	if (a->spent_ms + v->wait_ms > RETRY_TOTAL_MS)
		say(v, RETRY_LATER, "%s: %s, for %lld s", api_title[a->api], what,
		    (long long)(a->spent_ms / 1000));
	else
		say(v, RETRY_WAIT, "%s: %s", api_title[a->api], what);
}

/* Something went wrong at a moment that does not tell whether the request was processed. */
static void doubt(const struct retry_answer *a, struct retry_verdict *v, const char *what)
{
	if (a->is_write)
		say(v, RETRY_UNKNOWN, "%s: %s; it may have been done all the same",
		    api_title[a->api], what);
	else
		back_off(a, v, what);
}

static void throttle(const struct retry_answer *a, struct retry_verdict *v)
{
	int64_t told = a->reset_ms > a->retry_after_ms ? a->reset_ms : a->retry_after_ms;
	int64_t grown = (int64_t)((5000.0 + (double)a->waited_ms) * (1 + a->jitter / 2));

	if (is_too_long(a, v, told))
		return;
	v->wait_ms = told >= 0 ? sensible(told, v) + AFTER_RESET_MS : grown;
	if (v->wait_ms < SHORTEST_THROTTLE_MS)
		v->wait_ms = SHORTEST_THROTTLE_MS;
	if (a->waited_ms + v->wait_ms > RETRY_PATIENCE_MS)
		say(v, RETRY_LATER, "%s lets no request through: its quota is used up (status %d)",
		    api_title[a->api], a->status);
	else
		say(v, RETRY_THROTTLED, "%s asks to wait (status %d)", api_title[a->api],
		    a->status);
}

static void refuse(const struct retry_answer *a, struct retry_verdict *v, enum retry_action action,
		   const char *text)
{
	say(v, action, "%s refused it (%d%s%s)%s%s", api_title[a->api], a->status,
	    *v->code ? " " : "", v->code, *text ? ": " : "", text);
}

static bool is_throttle(const struct retry_answer *a)
{
	if (a->api == BIGCOMMERCE)
		return a->status == 429;
	return (a->status == 503 || a->status == 429) &&
	       strstr(a->body, "You have sent too many requests");
}

/* Statuses that speak of the world and not of the request, whoever sends them. */
static bool is_outage(const struct retry_answer *a, const char *code)
{
	if (a->status == 408 || a->status == 499 || (a->api == BRIGHTPEARL && a->status == 429))
		return true;
	if (a->status < 500)
		return false;
	if (a->api == BIGCOMMERCE)
		return a->status != 501 && a->status != 505 && a->status != 507;
	return !*code || !strcmp(code, "CMNU-003");
}

static void judge_failure(const struct retry_answer *a, struct retry_verdict *v)
{
	char text[500], what[560];

	retry_explain(a->body, a->size, v->code, text);
	if (is_throttle(a)) {
		throttle(a, v);
	} else if (is_outage(a, v->code)) {
		snprintf(what, sizeof what, "it answered %d%s%s", a->status, *text ? ": " : "",
			 text);
		doubt(a, v, what);
	} else if (a->status / 100 == 3) {
		say(v, RETRY_REFUSED,
		    "%s answered with a redirect (%d), which is never followed: check the"
		    " address in the configuration",
		    api_title[a->api], a->status);
	} else {
		refuse(a, v,
		       a->status == 401   ? RETRY_DENIED
		       : a->status == 403 ? RETRY_FORBIDDEN
					  : RETRY_REFUSED,
		       text);
	}
}

static void judge_answer(const struct retry_answer *a, struct retry_verdict *v)
{
	if (a->status < 200 || a->status > 599)
		doubt(a, v, "it answered something that is no answer");
	else if (a->status >= 300)
		judge_failure(a, v);
	else if (a->status == 204 || (a->is_write && !a->size))
		v->action = RETRY_OK;
	else if (!wellformed(a->body, a->size))
		doubt(a, v, "it answered something else than JSON");
	else
		v->action = RETRY_OK;
}

struct retry_verdict retry_judge(const struct retry_answer *a)
{
	struct retry_verdict v = {.action = RETRY_OK};

	switch (a->transport) {
	case RETRY_ANSWERED:
		judge_answer(a, &v);
		break;
	case RETRY_UNSENT:
		back_off(a, &v, "no connection could be made");
		break;
	case RETRY_UNTRUSTED:
		say(&v, RETRY_DISTRUST, "the certificate of %s could not be verified",
		    api_title[a->api]);
		break;
	case RETRY_TOO_LARGE:
		if (a->status >= 400 && a->status < 500)
			judge_answer(a, &v);
		else if (a->is_write)
			doubt(a, &v, "its answer is larger than allowed");
		else
			say(&v, RETRY_REFUSED, "the answer of %s is larger than allowed",
			    api_title[a->api]);
		break;
	case RETRY_LOST:
		/* a refusal counts even when the connection broke in the middle of its text */
		if (a->status >= 400 && a->status < 500)
			judge_answer(a, &v);
		else
			doubt(a, &v, "the connection was lost before the answer was complete");
		break;
	}
	return v;
}
