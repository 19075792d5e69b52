#define _GNU_SOURCE
#include "lib/http_private.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"
#include "lib/redact.h"
#include "lib/retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double jitter(struct http *h)
{
	h->seed = h->seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(h->seed >> 40) / (double)(1 << 24);
}

static int64_t transfer_number(struct call *c, CURLINFO what)
{
	curl_off_t value = 0;
	curl_easy_getinfo(c->easy, what, &value);
	return value;
}

/* The Date of an answer becomes the time to go by. */
static void read_clock(struct http *h, struct call *c)
{
	enum api api = c->request.api;
	int64_t date = c->date, jump = 0;

	c->date = server_clock_told(&h->clocks[api], date, clock_ticks(), &jump);
	if (!jump || h->clock_told[api])
		return;
	h->clock_told[api] = true;
	char told[CLOCK_TEXT], expected[CLOCK_TEXT];
	log_warn("",
		 "%s's clock jumped: an answer to %s is dated %s, which should be %s: that date is"
		 " not used",
		 api_title[api], c->place, clock_iso(told, date), clock_iso(expected, c->date));
}

static struct retry_answer describe(struct http *h, struct call *c, CURLcode result)
{
	long status = 0, sent = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	redact(c->answer.data, c->answer.size);
	curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
	c->bytes_out += sent + transfer_number(c, CURLINFO_SIZE_UPLOAD_T);
	c->bytes_in += (int64_t)c->header_bytes + transfer_number(c, CURLINFO_SIZE_DOWNLOAD_T);
	if (status)
		read_clock(h, c);
	if (c->retry_at)
		c->retry_after_ms = 1000 * (c->retry_at - (c->date ? c->date : clock_now() / 1000));
	return (struct retry_answer){
		.api = c->request.api,
		.is_write = c->is_write,
		/* libcurl has reported success without an answer (curl issue 2801) */
		.transport = c->too_large                    ? RETRY_TOO_LARGE
			     : result == CURLE_OK && !status ? RETRY_LOST
							     : retry_transport((int)result, sent),
		.status = (int)status,
		.body = c->answer.data ? c->answer.data : "",
		.size = c->answer.size,
		.reset_ms = c->told.reset_ms,
		.retry_after_ms = c->retry_after_ms,
		.failures = c->failures,
		.waited_ms = c->waited_ms,
		.spent_ms = c->spent_ms,
		.jitter = jitter(h),
	};
}

/* Once: who sends one such header sends it with each answer. */
static void tell_odd_header(struct http *h, const struct call *c)
{
	if (!*c->odd || h->odd_told[c->request.api])
		return;
	h->odd_told[c->request.api] = true;
	log_warn("", "%s sent the header \"%s\", which makes no sense: it is not gone by",
		 api_title[c->request.api], c->odd);
}

static void tell_governor(struct http *h, struct call *c, int status)
{
	tell_odd_header(h, c);
	if (status)
		governor_answered(h->governor, c->request.api, &c->ticket, &c->told);
	else
		governor_lost(h->governor, c->request.api, &c->ticket);
}

/* What the server says about a refusal of the credentials, without our own preface. */
static void __attribute__((noreturn)) say_denied(struct http *h, struct call *c)
{
	const struct config *config = h->options.config;
	char code[40], text[500];
	const char *check =
		c->request.api == BIGCOMMERCE
			? "BIGCOMMERCE_ACCESS_TOKEN and BIGCOMMERCE_STORE_HASH"
		: config->staff_token
			? "BRIGHTPEARL_ACCOUNT, BRIGHTPEARL_STAFF_TOKEN and BRIGHTPEARL_APP_REF"
		: config->account_token
			? "BRIGHTPEARL_ACCOUNT, BRIGHTPEARL_ACCOUNT_TOKEN and BRIGHTPEARL_APP_REF"
			: "BRIGHTPEARL_ACCOUNT, BRIGHTPEARL_DEV_REF, BRIGHTPEARL_APP_REF and"
			  " BRIGHTPEARL_REFRESH_TOKEN";

	retry_explain(c->answer.data ? c->answer.data : "", c->answer.size, code, text);
	die(EX_NOPERM, "%s refused the credentials (401%s%s): check %s in .env",
	    api_title[c->request.api], *text ? ": " : "", text, check);
}

/* The scope that BigCommerce wants for a path; the longest match comes first. */
static const char *scope_of(const struct call *c)
{
	static const struct {
		const char *prefix, *inside, *scope;
	} scope[] = {
		{"/v3/orders/", "/transactions", "store_v2_transactions_read_only"},
		{"/v2/orders", NULL, "store_v2_orders"},
		{"/v3/orders", NULL, "store_v2_orders"},
		{"/v2/order_statuses", NULL, "store_v2_orders"},
		{"/v2/customer", NULL, "store_v2_customers"},
		{"/v3/customers", NULL, "store_v2_customers"},
		{"/v3/catalog", NULL, "store_v2_products"},
		{"/v3/inventory/locations", NULL, "store_locations_read_only and store_inventory"},
		{"/v3/inventory", NULL, "store_inventory"},
		{"/v2/payments/methods", NULL, "store_payments_methods_read"},
	};

	for (size_t i = 0; i < sizeof scope / sizeof *scope; i++)
		if (!strncmp(c->place, scope[i].prefix, strlen(scope[i].prefix)) &&
		    (!scope[i].inside || strstr(c->place, scope[i].inside)))
			return scope[i].scope;
	return "store_v2_information_read_only";
}

static void __attribute__((noreturn)) say_forbidden(struct call *c)
{
	if (c->request.api == BIGCOMMERCE)
		die(EX_NOPERM,
		    "BigCommerce forbids %s %s (403): the API account lacks the scope %s"
		    " (modify for writes); make one that has it and put its token into .env",
		    c->request.method, c->place, scope_of(c));
	die(EX_NOPERM,
	    "Brightpearl forbids %s %s (403): give the app or the staff member of"
	    " BRIGHTPEARL_APP_REF the permission for it",
	    c->request.method, c->place);
}

static void __attribute__((noreturn)) say_distrust(struct call *c)
{
	die(EX_CONFIG,
	    "the certificate of %s could not be verified (%s), nothing was sent: check the"
	    " address in .env, the clock of this machine and the package ca-certificates",
	    api_title[c->request.api], c->error);
}

static void finish(struct call *c, enum outcome outcome, const struct retry_answer *a,
		   const struct retry_verdict *v)
{
	bool broken = a->transport == RETRY_UNSENT || a->transport == RETRY_LOST;

	size_t size = c->answer.size; /* before the buffer is taken */

	c->state = CALL_OVER;
	c->ms = clock_now() - c->at;
	c->reply = (struct reply){
		.outcome = outcome,
		.status = a->status,
		.size = size,
		.body = buf_take(&c->answer),
		.code = xstrdup(v->code),
		.message = *v->message && broken && *c->error
				   ? xasprintf("%s (%s)", v->message, c->error)
				   : xstrdup(v->message),
		.date = c->date,
		.attempts = c->reply.attempts,
	};
	log_debug("", "%s %s %s: %d in %lld ms%s%s", api_title[c->request.api], c->request.method,
		  c->place, a->status, (long long)c->ms, *v->message ? ": " : "", v->message);
}

static void again(struct http *h, struct call *c, const struct retry_verdict *v)
{
	c->state = CALL_QUEUED;
	c->not_before = clock_ticks() + v->wait_ms;
	c->spent_ms += v->wait_ms;
	free(c->why);
	c->why = xstrdup(v->message);
	if (v->asked_ms)
		log_warn("",
			 "%s asks for a wait of %lld s, which is longer than any that it documents:"
			 " %s %s again in %lld s",
			 api_title[c->request.api], (long long)v->asked_ms / 1000,
			 c->request.method, c->place, (long long)v->wait_ms / 1000);
	if (v->action == RETRY_THROTTLED) {
		governor_block(h->governor, c->request.api, v->wait_ms);
		c->waited_ms += v->wait_ms;
	} else {
		c->failures++;
	}
	log_info("", "%s; %s %s again in %.1f s%s%s", v->message, c->request.method, c->place,
		 (double)v->wait_ms / 1000, *c->error ? ": " : "", c->error);
}

/* An access token can end at any moment; a 401 means that nothing was done. */
static void renew(struct http *h, struct call *c)
{
	if (!h->oauth || c->request.api != BRIGHTPEARL || c->renewed)
		say_denied(h, c);
	c->renewed = true;
	c->state = CALL_QUEUED;
	c->not_before = 0;
	if (!oauth_renew(h->oauth, c->token))
		http_end_unsent(c, oauth_why(h->oauth));
}

void http_conclude(struct http *h, struct call *c, CURLcode result)
{
	c->spent_ms += transfer_number(c, CURLINFO_TOTAL_TIME_T) / 1000;
	struct retry_answer a = describe(h, c, result);
	struct retry_verdict v = retry_judge(&a);

	tell_governor(h, c, a.status);
	if (c->request.api == BRIGHTPEARL && c->instance_id > 0)
		h->instance_id = c->instance_id;
	switch (v.action) {
	case RETRY_OK:
		finish(c, HTTP_OK, &a, &v);
		break;
	case RETRY_FORBIDDEN:
		if (!c->request.may_be_absent)
			say_forbidden(c);
		finish(c, HTTP_REFUSED, &a, &v);
		break;
	case RETRY_REFUSED:
		finish(c, HTTP_REFUSED, &a, &v);
		break;
	case RETRY_LATER:
		if (v.asked_ms)
			h->shut_until[c->request.api] = clock_ticks() + v.asked_ms;
		finish(c, HTTP_LATER, &a, &v);
		break;
	case RETRY_UNKNOWN:
		finish(c, HTTP_UNKNOWN, &a, &v);
		break;
	case RETRY_DENIED:
		renew(h, c);
		break;
	case RETRY_DISTRUST:
		say_distrust(c);
	case RETRY_WAIT:
	case RETRY_THROTTLED:
		again(h, c, &v);
		break;
	}
}
