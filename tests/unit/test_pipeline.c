#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/client.h"

#include "lib/pipeline.h" /* after sockets: lib/db.h has a bind() of its own */

/* Asks for /1 ... /most and writes down what it was handed. */
struct numbers {
	int64_t last, most, fails_at;
	char taken[200];
};

static struct call *next(struct job *job, void *context, struct asked *about)
{
	struct numbers *n = context;
	char path[20];

	if (n->last == n->most)
		return NULL;
	about->id = ++n->last;
	about->key = xstrdup("a key");
	snprintf(path, sizeof path, "/%lld", (long long)about->id);
	return http_submit(job->http, &(struct http_request){
					      .api = BRIGHTPEARL, .method = "GET", .path = path});
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	struct numbers *n = context;
	size_t length = strlen(n->taken);
	REPLY r = http_wait(job->http, call);

	assert_int_equal(r.outcome, HTTP_OK);
	assert_string_equal(about->key, "a key");
	snprintf(n->taken + length, sizeof n->taken - length, "%lld ", (long long)about->id);
	return about->id != n->fails_at;
}

static void hands_over_in_order(void **unused)
{
	struct numbers n = {.most = 6};
	struct job job = {.http = client};

	(void)unused;
	server_say(&(struct server_turn){.raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
					 .delay_ms = 200});
	assert_true(pipeline_run(
		&job, &(struct pipeline){.ahead = 3, .context = &n, .ask = next, .take = take}));
	assert_string_equal(n.taken, "1 2 3 4 5 6 ");
	assert_int_equal(server_requests, 6);
	assert_true(server_most_at_once > 1);
}

/* After a failure nothing more is asked, and every request in flight is waited for. */
static void drains_on_failure(void **unused)
{
	struct numbers n = {.most = 50, .fails_at = 2};
	struct job job = {.http = client};

	(void)unused;
	server_answer(200, "", "{\"response\":[]}");
	assert_false(pipeline_run(
		&job, &(struct pipeline){.ahead = 4, .context = &n, .ask = next, .take = take}));
	assert_string_equal(n.taken, "1 2 ");
	assert_int_equal(n.last, 5);
	assert_non_null(strstr(server_request(4), "GET /public-api/acme/"));
	assert_int_equal(client_journal.count, 5);
}

static void nothing_to_ask(void **unused)
{
	struct numbers n = {0};
	struct job job = {.http = client};

	(void)unused;
	assert_true(
		pipeline_run(&job, &(struct pipeline){.context = &n, .ask = next, .take = take}));
	assert_int_equal(server_requests, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hands_over_in_order, client_begin, client_end),
		cmocka_unit_test_setup_teardown(drains_on_failure, client_begin, client_end),
		cmocka_unit_test_setup_teardown(nothing_to_ask, client_begin, client_end),
	};

	client_start();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	client_stop();
	return failed;
}
