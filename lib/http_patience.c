/* How long the HTTP client waits, that it says so, and what becomes of what waits when the end was asked for. */
#include "lib/http_private.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"
#include "lib/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TOLD_AFTER_MS 60000

static int64_t real_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

void http_end_unsent(struct call *c, const char *why)
{
	buf_clear(&c->answer);
	c->state = CALL_OVER;
	c->reply = (struct reply){
		.outcome = HTTP_LATER,
		.body = buf_take(&c->answer),
		.code = xstrdup(""),
		.message = xstrdup(why),
		.attempts = c->reply.attempts,
	};
}

/* Why nothing is sent to that side any more, "" = it may be. */
static const char *refusal(const struct http *h, enum api api, char text[80])
{
	int64_t left = h->shut_until[api] - clock_ticks();

	*text = 0;
	if (h->shut_until[api] && left > 0)
		snprintf(text, 80, "%s asked to wait for %lld s more", api_title[api],
			 (long long)(left + 999) / 1000);
	return text;
}

void http_obey_stop(struct http *h)
{
	const char *asked = stop_reason();
	char text[80];

	for (struct call *c = h->calls; c; c = c->next) {
		const char *reason = asked ? asked : refusal(h, c->request.api, text);
		if (c->state != CALL_QUEUED || !*reason)
			continue;
		char *why = xasprintf("nothing more was sent: %s", reason);
		http_end_unsent(c, why);
		free(why);
	}
}

void http_moved(struct http *h)
{
	h->patience.ticks = clock_ticks();
	h->patience.real = real_ms();
	h->patience.told = 0;
}

/* The first call that waits to be sent, or for its answer. */
static const struct call *first(const struct http *h, int state)
{
	const struct call *c = h->calls;

	while (c && (int)c->state != state)
		c = c->next;
	return c;
}

/* Every minute: nothing came back for that long, by the clock of those who answer. */
static void tell_silence(struct http *h, const struct call *c)
{
	int64_t silent = real_ms() - h->patience.real;

	if (silent < TOLD_AFTER_MS * (h->patience.told + 1))
		return;
	h->patience.told++;
	log_warn("", "%s has not answered %s %s for %lld s; it is given up after %lld s",
		 api_title[c->request.api], c->request.method, c->place, (long long)silent / 1000,
		 (long long)http_total_ms() / 1000);
}

static void tell_wait(struct http *h, const struct call *c, int64_t wait)
{
	int64_t waited = clock_ticks() - h->patience.ticks, now = clock_ticks();

	if (waited + wait < TOLD_AFTER_MS * (h->patience.told + 1))
		return;
	h->patience.told = (waited + wait) / TOLD_AFTER_MS;
	log_warn("", "waiting %lld s more (%lld s so far) before %s is sent %s %s: %s",
		 (long long)(wait + 999) / 1000, (long long)waited / 1000,
		 api_title[c->request.api], c->request.method, c->place,
		 c->not_before > now && c->why
			 ? c->why
			 : "its quota is used up, by us or by other programs");
}

void http_tell_waits(struct http *h, int64_t soonest)
{
	const struct call *flying = first(h, CALL_FLYING), *queued = first(h, CALL_QUEUED);

	if (flying)
		tell_silence(h, flying);
	else if (queued && soonest != INT64_MAX)
		tell_wait(h, queued, soonest);
}
