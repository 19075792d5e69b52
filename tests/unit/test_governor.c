/* The governor against simulated servers, in virtual time: fixed windows of quota whose place the
 * client does not know, latency, several processes, other programs.  Two claims for each: no throttle
 * is ever provoked, and more than 95 % of what may be used is used while work waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "lib/governor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_FLYING 64

struct simulation {
	const char *name;
	enum api api;
	int64_t length, quota, phase; /* the server */
	int64_t latency, spread;      /* one way */
	int flying, share;            /* of the client: all processes together */
	int64_t others;               /* requests per window by other programs, evenly spread */
	bool others_first;            /* ... or all at the window's beginning */
	int windows;
	bool by_first_request;      /* a window begins with the first request after the last one */
	bool silent;                /* tells nothing */
	int64_t idle_from, idle_to; /* no work in between */
	int64_t lose_each;          /* every n-th answer never comes */
};

struct server {
	const struct simulation *s;
	int64_t window_end, used, ours, throttled;
	int64_t windows, full_used;
	int64_t others_sent;
};

struct flight {
	bool used, arrived, lost;
	int64_t arrives, returns;
	struct governor_ticket ticket;
	struct governor_told told;
};

static uint64_t seed = 88172645463325252u;

static int64_t noise(int64_t spread)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return spread ? (int64_t)(seed % (uint64_t)(spread + 1)) : 0;
}

static void server_window(struct server *v, int64_t now, bool request)
{
	const struct simulation *s = v->s;

	if (now < v->window_end || (s->by_first_request && !request))
		return;
	/* the first window began before we did */
	if (v->window_end && v->windows++ > 0)
		v->full_used += v->ours;
	v->window_end = s->by_first_request ? now + s->length
					    : now - (now - s->phase) % s->length + s->length;
	v->used = v->ours = v->others_sent = 0;
}

static void server_others(struct server *v, int64_t now)
{
	int64_t passed = v->s->length - (v->window_end - now);

	if (!v->window_end)
		return;
	if (v->s->others_first)
		passed = v->s->length;
	for (; v->others_sent < v->s->others * passed / v->s->length; v->others_sent++)
		v->used += v->used < v->s->quota;
}

static void server_receive(struct server *v, struct flight *f, int64_t now)
{
	server_window(v, now, true);
	server_others(v, now);
	if (v->used >= v->s->quota) {
		v->throttled++;
	} else {
		v->used++;
		v->ours++;
	}
	f->told = (struct governor_told){-1, -1, -1, -1};
	if (v->s->silent)
		return;
	f->told.left = v->s->quota - v->used;
	f->told.reset_ms = v->window_end - now;
	if (v->s->api == BIGCOMMERCE) {
		f->told.quota = v->s->quota;
		f->told.length_ms = v->s->length;
	}
}

static void send_one(const struct simulation *s, struct flight *f, int64_t now, int64_t number)
{
	f->used = true;
	f->arrived = false;
	f->lost = s->lose_each && number % s->lose_each == 0;
	f->arrives = now + s->latency + noise(s->spread);
	f->returns = f->arrives + s->latency + noise(s->spread);
}

static void answer_one(struct governor_window *w, struct flight *f, int64_t now)
{
	f->used = false;
	if (f->lost)
		governor_window_lost(w, &f->ticket);
	else
		governor_window_answered(w, &f->ticket, &f->told, now);
}

/* Millisecond by millisecond: what arrives, what returns, what may be sent. */
static struct server run(const struct simulation *s)
{
	struct governor_window w;
	struct flight flight[MOST_FLYING] = {0};
	struct server v = {.s = s};
	int64_t begin = 1700000000000, end = begin + s->length * s->windows, number = 0;

	governor_window_reset(&w, s->api);
	for (int64_t now = begin; now < end; now++) {
		bool idle = now - begin >= s->idle_from && now - begin < s->idle_to;
		int64_t wait = 0;
		server_window(&v, now, false);
		for (int i = 0; i < s->flying; i++) {
			struct flight *f = &flight[i];
			if (f->used && !f->arrived && now >= f->arrives) {
				server_receive(&v, f, now);
				f->arrived = true;
			}
			if (f->used && now >= f->returns)
				answer_one(&w, f, now);
			if (!f->used && !idle && !wait &&
			    !(wait = governor_window_take(&w, s->share, now, &f->ticket)))
				send_one(s, f, now, ++number);
		}
	}
	return v;
}

static const struct simulation simulations[] = {
	{.name = "bigcommerce, 80 %",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .phase = 12345,
	 .latency = 80,
	 .spread = 40,
	 .flying = 3,
	 .share = 80,
	 .windows = 40},
	{.name = "bigcommerce, 100 %",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .phase = 12345,
	 .latency = 80,
	 .spread = 40,
	 .flying = 3,
	 .share = 100,
	 .windows = 40},
	{.name = "bigcommerce, 100 %, two processes",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .phase = 777,
	 .latency = 80,
	 .spread = 40,
	 .flying = 6,
	 .share = 100,
	 .windows = 40},
	{.name = "bigcommerce pro, 100 %, many in flight",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 450,
	 .phase = 20001,
	 .latency = 60,
	 .spread = 80,
	 .flying = 32,
	 .share = 100,
	 .windows = 40},
	{.name = "bigcommerce pro, 100 %, hardly fast enough",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 450,
	 .phase = 20001,
	 .latency = 90,
	 .spread = 20,
	 .flying = 4,
	 .share = 100,
	 .windows = 40},
	{.name = "brightpearl, 100 %, two processes",
	 .api = BRIGHTPEARL,
	 .length = 60000,
	 .quota = 200,
	 .phase = 0,
	 .latency = 80,
	 .spread = 40,
	 .flying = 8,
	 .share = 100,
	 .windows = 30},
	{.name = "brightpearl, 80 %, slow answers",
	 .api = BRIGHTPEARL,
	 .length = 60000,
	 .quota = 200,
	 .phase = 0,
	 .latency = 500,
	 .spread = 1500,
	 .flying = 8,
	 .share = 80,
	 .windows = 30},
	{.name = "brightpearl, 100 %, slow answers",
	 .api = BRIGHTPEARL,
	 .length = 60000,
	 .quota = 200,
	 .phase = 0,
	 .latency = 500,
	 .spread = 1500,
	 .flying = 16,
	 .share = 100,
	 .windows = 30},
	{.name = "brightpearl, larger quota",
	 .api = BRIGHTPEARL,
	 .length = 60000,
	 .quota = 1000,
	 .phase = 0,
	 .latency = 80,
	 .spread = 40,
	 .flying = 8,
	 .share = 80,
	 .windows = 30},
	{.name = "bigcommerce, others use a third, 100 %",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .phase = 4321,
	 .latency = 80,
	 .spread = 40,
	 .flying = 6,
	 .share = 100,
	 .others = 50,
	 .windows = 40},
	{.name = "brightpearl, others use half, 100 %",
	 .api = BRIGHTPEARL,
	 .length = 60000,
	 .quota = 200,
	 .phase = 0,
	 .latency = 80,
	 .spread = 40,
	 .flying = 8,
	 .share = 100,
	 .others = 100,
	 .windows = 30},
	{.name = "brightpearl, others use half, 80 %",
	 .api = BRIGHTPEARL,
	 .length = 60000,
	 .quota = 200,
	 .phase = 0,
	 .latency = 80,
	 .spread = 40,
	 .flying = 4,
	 .share = 80,
	 .others = 100,
	 .windows = 30},
	{.name = "brightpearl, others use half at once, 100 %",
	 .api = BRIGHTPEARL,
	 .length = 60000,
	 .quota = 200,
	 .phase = 0,
	 .latency = 80,
	 .spread = 40,
	 .flying = 8,
	 .share = 100,
	 .others = 100,
	 .others_first = true,
	 .windows = 30},
	{.name = "bigcommerce, others leave ten, 80 %",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .phase = 4321,
	 .latency = 80,
	 .spread = 40,
	 .flying = 6,
	 .share = 80,
	 .others = 140,
	 .others_first = true,
	 .windows = 40},
	{.name = "windows that begin with a request",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .latency = 80,
	 .spread = 40,
	 .flying = 6,
	 .share = 100,
	 .windows = 40,
	 .by_first_request = true},
	{.name = "windows that begin with a request, after a pause",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .latency = 80,
	 .spread = 40,
	 .flying = 6,
	 .share = 100,
	 .windows = 40,
	 .by_first_request = true,
	 .idle_from = 131000,
	 .idle_to = 157000},
	{.name = "a pause",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .phase = 999,
	 .latency = 80,
	 .spread = 40,
	 .flying = 6,
	 .share = 100,
	 .windows = 60,
	 .idle_from = 100000,
	 .idle_to = 190000},
	{.name = "answers get lost",
	 .api = BIGCOMMERCE,
	 .length = 30000,
	 .quota = 150,
	 .phase = 999,
	 .latency = 80,
	 .spread = 40,
	 .flying = 6,
	 .share = 100,
	 .windows = 40,
	 .lose_each = 50},
};

/* What we may at least use per window, however early others come. */
static int64_t usable(const struct simulation *s)
{
	int64_t share = s->quota * s->share / 100, free_for_us = s->quota - s->others;
	return share < free_for_us ? share : free_for_us;
}

static void no_throttle_and_full_use(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof simulations / sizeof *simulations; i++) {
		const struct simulation *s = &simulations[i];
		struct server v = run(s);
		int64_t idle = (s->idle_to - s->idle_from) / s->length + (s->idle_to > 0);
		double use = 100.0 * (double)v.full_used /
			     (double)(usable(s) * (v.windows - 1 - idle));
		print_message("%-50s throttled %lld, used %.1f %%\n", s->name,
			      (long long)v.throttled, use);
		assert_int_equal(v.throttled, 0);
		assert_true(use > (usable(s) < 20 ? 50 : 95));
		assert_true(v.windows > 10);
	}
}

/* The same with every phase of the server's window and another seed: no luck involved. */
static void every_phase(void **unused)
{
	(void)unused;
	for (int64_t phase = 0; phase < 30000; phase += 613) {
		struct simulation s = simulations[2];
		s.phase = phase;
		s.windows = 8;
		assert_int_equal(run(&s).throttled, 0);
	}
}

/* Nothing told at all: our own count must do, and must not stop. */
static void silent_server(void **unused)
{
	struct simulation s = simulations[0];

	(void)unused;
	s.silent = true;
	struct server v = run(&s);
	assert_int_equal(v.throttled, 0);
	assert_true(v.full_used > 100 * (v.windows - 1));
}

static struct governor_window learned(const struct governor_told *told)
{
	struct governor_window w;
	struct governor_ticket t;

	governor_window_reset(&w, BIGCOMMERCE);
	assert_int_equal(governor_window_take(&w, 100, 1000000, &t), 0);
	governor_window_answered(&w, &t, told, 1000100);
	return w;
}

static void nonsense_is_ignored(void **unused)
{
	static const struct governor_told nonsense[] = {
		{-1, -1, -1, -1},
		{-5, -5, -5, -5},
		{0, -1, -1, 0},
		{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
		{INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN},
		{2000000, 3000000, 999999999, 999999999},
	};
	struct governor_ticket t;

	(void)unused;
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		struct governor_window w = learned(&nonsense[i]);
		assert_int_equal(w.quota, 150);
		assert_int_equal(w.length, 30000);
		int sent = 1;
		while (!governor_window_take(&w, 100, 1000200, &t))
			sent++;
		assert_int_equal(sent, 150);
	}
}

static void reset_is_clamped_to_the_window(void **unused)
{
	struct governor_window w = learned(&(struct governor_told){150, 149, 3000000, 30000});

	(void)unused;
	assert_true(w.end <= 1000100 + 30000);
}

static void left_is_obeyed(void **unused)
{
	struct governor_window w = learned(&(struct governor_told){150, 0, 20000, 30000});
	struct governor_ticket t;

	(void)unused;
	int64_t wait = governor_window_take(&w, 100, 1000200, &t);
	assert_int_equal(wait, 1000100 + 20000 - 1000200);
	assert_int_equal(governor_window_take(&w, 100, 1000200 + wait, &t), 0);
}

static void share_is_at_least_one(void **unused)
{
	struct governor_window w = learned(&(struct governor_told){5, 4, 20000, 30000});
	struct governor_ticket t;

	(void)unused;
	assert_true(governor_window_take(&w, 1, 1000200, &t) > 0);
	assert_int_equal(governor_window_take(&w, 1, 1000100 + 20000, &t), 0);
}

static void a_late_answer_does_not_shrink_the_next_window(void **unused)
{
	struct governor_window w = learned(&(struct governor_told){150, 149, 1000, 30000});
	struct governor_ticket late, t;

	(void)unused;
	assert_int_equal(governor_window_take(&w, 100, 1000200, &late), 0);
	assert_int_equal(governor_window_take(&w, 100, 1001200, &t), 0);
	governor_window_answered(&w, &late, &(struct governor_told){150, 0, 5, 30000}, 1001300);
	assert_int_equal(governor_window_take(&w, 100, 1001301, &t), 0);
}

static void a_clock_set_back_does_not_stop(void **unused)
{
	struct governor_window w = learned(&(struct governor_told){150, 149, 1000, 30000});
	struct governor_ticket t;

	(void)unused;
	assert_int_equal(governor_window_take(&w, 100, 5000, &t), 0);
	w.blocked_until = 1000000000;
	assert_int_equal(governor_window_take(&w, 100, 6000, &t), 0);
}

static void garbage_in_the_file(void **unused)
{
	struct governor_window w;
	struct governor_ticket t;

	(void)unused;
	for (int byte = 1; byte < 256; byte += 17) {
		memset(&w, byte, sizeof w);
		assert_true(governor_window_take(&w, 80, 1000000, &t) <= 600000);
		governor_window_answered(&w, &t, &(struct governor_told){150, 149, 1000, 30000},
					 1000001);
	}
}

static void processes_share_a_file(void **unused)
{
	char path[] = "/tmp/governor-XXXXXX";
	struct governor_ticket t;

	(void)unused;
	close(mkstemp(path));
	struct governor *one = governor_open(path), *two = governor_open(path);
	assert_int_equal(governor_take(one, BRIGHTPEARL, 100, &t), 0);
	governor_answered(one, BRIGHTPEARL, &t, &(struct governor_told){-1, 199, 59000, -1});
	assert_int_equal(governor_take(two, BRIGHTPEARL, 1, &t), 0);
	assert_true(governor_take(one, BRIGHTPEARL, 1, &t) > 0);
	governor_lost(two, BRIGHTPEARL, &t);
	governor_block(two, BIGCOMMERCE, 5000);
	assert_true(governor_take(one, BIGCOMMERCE, 100, &t) > 4000);
	governor_close(one);
	governor_close(two);
	governor_close(NULL);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_throttle_and_full_use),
		cmocka_unit_test(every_phase),
		cmocka_unit_test(silent_server),
		cmocka_unit_test(nonsense_is_ignored),
		cmocka_unit_test(reset_is_clamped_to_the_window),
		cmocka_unit_test(left_is_obeyed),
		cmocka_unit_test(share_is_at_least_one),
		cmocka_unit_test(a_late_answer_does_not_shrink_the_next_window),
		cmocka_unit_test(a_clock_set_back_does_not_stop),
		cmocka_unit_test(garbage_in_the_file),
		cmocka_unit_test(processes_share_a_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
