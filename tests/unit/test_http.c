#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/client.h"

#define THROTTLE                                                                                   \
	"{\"response\":\"You have sent too many requests. Please wait before sending another "     \
	"request\"}"
#define QUOTA "brightpearl-requests-remaining: 150\r\nbrightpearl-next-throttle-period: 50000\r\n"

static void assert_holds(const char *text, const char *part)
{
	if (!strcasestr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
	if (strcasestr(text, part))
		fail_msg("\"%s\" is in: %s", part, text);
}

static void bigcommerce_read(void **unused)
{
	server_answer(200, "Date: Thu, 20 Apr 2017 11:32:00 GMT\r\n", "[{\"id\":1}]");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/orders?limit=100&a=%2B/x", NULL);
	const char *request = server_request(0);
	(void)unused;
	assert_int_equal(r.outcome, HTTP_OK);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.date, 1492687920);
	assert_int_equal(r.attempts, 1);
	assert_string_equal(r.body, "[{\"id\":1}]");
	assert_string_equal(r.message, "");
	assert_string_equal(r.code, "");
	assert_int_equal(r.size, 10);
	assert_holds(request, "GET /stores/hash/v2/orders?limit=100&a=%2B/x HTTP/1.1\r\n");
	assert_holds(request, "\r\nX-Auth-Token: bc-token\r\n");
	assert_holds(request, "\r\nAccept: application/json\r\n");
	assert_holds(request, "\r\nUser-Agent: Pearlbridge/");
	assert_holds(request, "gzip");
	assert_lacks(request, "Content-Type");
	assert_lacks(request, "staff");
	assert_int_equal(client_journal.count, 1);
	assert_int_equal(client_journal.last.outcome, HTTP_OK);
	assert_string_equal(client_journal.body, "(null)");
	assert_string_equal(client_journal.answer, "(null)");
	assert_true(client_journal.last.bytes_in > 10 && client_journal.last.bytes_out > 50);
}

static void brightpearl_write(void **unused)
{
	server_answer(200, "brightpearl-installed-integration-instance-id: 34\r\n",
		      "{\"response\":7}");
	assert_int_equal(http_instance_id(client), 0);
	REPLY r = http_send(
		client, &(struct http_request){BRIGHTPEARL, "PUT", "/order-service/sales-order/7/",
					       .body = "{\"a\":1}", .header = "If-Match: x"});
	const char *request = server_request(0);
	(void)unused;
	assert_int_equal(r.outcome, HTTP_OK);
	assert_holds(request, "PUT /public-api/acme/order-service/sales-order/7/ HTTP/1.1\r\n");
	assert_holds(request, "\r\nbrightpearl-app-ref: acme_app\r\n");
	assert_holds(request, "\r\nbrightpearl-staff-token: staff-token\r\n");
	assert_holds(request, "\r\nContent-Type: application/json\r\n");
	assert_holds(request, "\r\nIf-Match: x\r\n");
	assert_holds(request, "\r\nContent-Length: 7\r\n");
	assert_holds(request, "\r\n\r\n{\"a\":1}");
	assert_lacks(request, "Expect");
	assert_lacks(request, "Transfer-Encoding");
	assert_lacks(request, "bc-token");
	assert_int_equal(http_instance_id(client), 34);
	assert_string_equal(client_journal.body, "{\"a\":1}");
	assert_string_equal(client_journal.answer, "{\"response\":7}");
	assert_string_equal(client_journal.path, "/order-service/sales-order/7/");
}

static void account_token(void **unused)
{
	static char token[] = "account-token";

	(void)unused;
	client_config.staff_token = NULL;
	client_config.account_token = token;
	REPLY r = ask(BRIGHTPEARL, "GET", "/x-service/y", NULL);
	assert_int_equal(r.outcome, HTTP_OK);
	assert_holds(server_request(0), "\r\nbrightpearl-account-token: account-token\r\n");
	assert_holds(server_request(0), "\r\nContent-Type: application/json\r\n");
}

static void results_come_in_order_and_overlap(void **unused)
{
	struct call *call[12];
	char path[50], body[50], raw[12][300];

	(void)unused;
	for (int i = 0; i < 12; i++) {
		snprintf(raw[i], sizeof raw[i],
			 "HTTP/1.1 200 OK\r\n" QUOTA "Content-Length: %d\r\n\r\n%d", i < 10 ? 1 : 2,
			 i);
		server_say(&(struct server_turn){.raw = raw[i], .delay_ms = i == 1 ? 60 : 10});
	}
	for (int i = 0; i < 12; i++) {
		snprintf(path, sizeof path, "/a-service/%d", i);
		call[i] = http_submit(
			client,
			&(struct http_request){.api = BRIGHTPEARL, .method = "GET", .path = path});
	}
	for (int i = 0; i < 12; i++) {
		REPLY r = http_wait(client, call[i]);
		assert_int_equal(r.outcome, HTTP_OK);
	}
	assert_int_equal(server_requests, 12);
	assert_int_equal(server_most_at_once, 4);
	assert_in_range(server_connections, 4, 5);
	snprintf(body, sizeof body, "GET /public-api/acme/a-service/0 ");
	assert_holds(server_request(0), body);
}

static void reads_are_repeated(void **unused)
{
	static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,2";

	(void)unused;
	server_answer(503, "", "");
	server_answer(200, "", "<html>oops</html>");
	server_say(&(struct server_turn){.raw = half, .hang_up = true});
	server_say(&(struct server_turn){.raw = NULL});
	server_answer(200, "", "[7]");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
	assert_int_equal(r.outcome, HTTP_OK);
	assert_string_equal(r.body, "[7]");
	assert_in_range(r.attempts, 4, 5); /* libcurl may repeat one read by itself */
	assert_int_equal(server_requests, 5);
	assert_int_equal(client_journal.count, 1);
}

static void reads_give_up(void **unused)
{
	(void)unused;
	for (int i = 0; i < 6; i++)
		server_answer(503, "", "<html>maintenance</html>");
	REPLY r = ask(BRIGHTPEARL, "GET", "/a-service/b", NULL);
	assert_int_equal(r.outcome, HTTP_LATER);
	assert_int_equal(r.status, 503);
	assert_int_equal(r.attempts, 6);
	assert_int_equal(server_requests, 6);
	assert_string_equal(r.message, "Brightpearl: it answered 503, 6 times in a row");
}

static void throttled_writes_are_repeated(void **unused)
{
	(void)unused;
	server_answer(
		503,
		"brightpearl-requests-remaining: 0\r\nbrightpearl-next-throttle-period: 9000\r\n",
		THROTTLE);
	server_answer(200, "", "{\"response\":5}");
	REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{\"n\":1}");
	assert_int_equal(r.outcome, HTTP_OK);
	assert_int_equal(r.attempts, 2);
	assert_true(client_journal.last.ms >= 9250);
	assert_holds(server_request(0), "\r\n\r\n{\"n\":1}");
	assert_holds(server_request(1), "\r\n\r\n{\"n\":1}");
}

static void throttled_beyond_patience(void **unused)
{
	(void)unused;
	for (int i = 0; i < 40; i++)
		server_answer(429, "X-Rate-Limit-Time-Reset-Ms: 29000\r\n", "");
	REPLY r = ask(BIGCOMMERCE, "POST", "/v2/orders/1/shipments", "{}");
	assert_int_equal(r.outcome, HTTP_LATER);
	assert_int_equal(r.status, 429);
	assert_int_equal(r.attempts, 300000 / 29250 + 1);
}

static void retry_after_as_a_date(void **unused)
{
	(void)unused;
	server_answer(429,
		      "Date: Thu, 20 Apr 2017 11:32:00 GMT\r\nRetry-After: Thu, 20 Apr 2017 "
		      "11:32:20 GMT\r\n",
		      "");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
	assert_int_equal(r.outcome, HTTP_OK);
	assert_in_range(client_journal.last.ms, 20000, 60000);
}

static void lost_writes_are_not_repeated(void **unused)
{
	static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\"";
	static const char *const method[] = {"POST", "PUT", "PATCH", "DELETE"};

	(void)unused;
	for (int i = 0; i < 10; i++) {
		int before = server_requests;
		bool bare = i >= 4 && i < 8;
		/* a kept-alive connection, on which libcurl would repeat by itself */
		server_answer(200, "", "{}");
		server_say(&(struct server_turn){.raw = i < 8 ? NULL : half, .hang_up = true});
		REPLY first = ask(BRIGHTPEARL, "GET", "/a-service/b", NULL);
		REPLY r = ask(BRIGHTPEARL, method[i % 4], "/a-service/b",
			      bare ? NULL : "{\"n\":1}");
		assert_int_equal(first.outcome, HTTP_OK);
		assert_int_equal(r.outcome, HTTP_UNKNOWN);
		assert_int_equal(r.attempts, 1);
		assert_int_equal(server_requests - before, 2);
		assert_holds(r.message, "it may have been done all the same");
	}
}

/* The test above sees what it is there to see. */
static void breaking_it_on_purpose_shows(void **unused)
{
	(void)unused;
	setenv("PEARLBRIDGE_TEST_POSTFIELDS", "1", 1);
	server_answer(200, "", "{}");
	server_say(&(struct server_turn){.raw = NULL});
	server_answer(200, "", "{}");
	REPLY first = ask(BRIGHTPEARL, "GET", "/a-service/b", NULL);
	REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{\"n\":1}");
	unsetenv("PEARLBRIDGE_TEST_POSTFIELDS");
	assert_int_equal(r.outcome, HTTP_OK);
	assert_int_equal(server_requests, 3);
}

static void doubtful_answers_to_writes(void **unused)
{
	(void)unused;
	server_answer(500, "", "");
	server_answer(502, "", "<html>");
	server_answer(200, "", "<html>");
	server_answer(200, "", "{\"id\":1");
	server_answer(
		500, "",
		"{\"errors\":[{\"code\":\"CMNU-003\",\"message\":\"Internal Server Error\"}]}");
	for (int i = 0; i < 5; i++) {
		REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{}");
		assert_int_equal(r.outcome, HTTP_UNKNOWN);
	}
	server_answer(204, "", "");
	server_answer(200, "", "");
	for (int i = 0; i < 2; i++) {
		REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{}");
		assert_int_equal(r.outcome, HTTP_OK);
		assert_string_equal(r.body, "");
	}
	assert_int_equal(server_requests, 7);
}

static void refusals(void **unused)
{
	(void)unused;
	server_answer(500, "",
		      "{\"errors\":[{\"code\":\"CMNC-018\",\"message\":\"cannot be parsed\"}]}");
	REPLY r = ask(BRIGHTPEARL, "GET", "/a-service/b", NULL);
	assert_int_equal(r.outcome, HTTP_REFUSED);
	assert_int_equal(r.status, 500);
	assert_string_equal(r.code, "CMNC-018");
	assert_string_equal(r.message, "Brightpearl refused it (500 CMNC-018): cannot be parsed");
	assert_int_equal(server_requests, 1);
}

static void redirects_are_not_followed(void **unused)
{
	char header[200];

	(void)unused;
	snprintf(header, sizeof header, "Location: http://127.0.0.1:%d/elsewhere\r\n", server_port);
	server_answer(302, header, "");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
	assert_int_equal(r.outcome, HTTP_REFUSED);
	assert_int_equal(r.status, 302);
	assert_int_equal(server_requests, 1);
}

static void nobody_there(void **unused)
{
	(void)unused;
	client_config.brightpearl_url = client_dead_url;
	REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{}");
	assert_int_equal(r.outcome, HTTP_LATER);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.attempts, 6);
	assert_holds(r.message, "no connection could be made");
	assert_string_equal(r.body, "");
}

/* TLS spoken to a server that does not: nothing was sent. */
static void no_tls_there(void **unused)
{
	static char url[64];

	(void)unused;
	snprintf(url, sizeof url, "https://127.0.0.1:%d", server_port);
	client_config.brightpearl_url = url;
	setenv("PEARLBRIDGE_TIMEOUT_MS", "100", 1);
	REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{}");
	unsetenv("PEARLBRIDGE_TIMEOUT_MS");
	assert_int_equal(r.outcome, HTTP_LATER);
	assert_int_equal(r.attempts, 6);
	assert_int_equal(r.status, 0);
}

static void no_answer_in_time(void **unused)
{
	(void)unused;
	setenv("PEARLBRIDGE_TIMEOUT_MS", "150", 1);
	server_say(&(struct server_turn){.raw = NULL, .delay_ms = 1000});
	REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{}");
	assert_int_equal(r.outcome, HTTP_UNKNOWN);
	assert_int_equal(r.attempts, 1);
	server_say(&(struct server_turn){.raw = NULL, .delay_ms = 1000});
	server_answer(200, "", "[]");
	REPLY read = ask(BRIGHTPEARL, "GET", "/a-service/b", NULL);
	assert_int_equal(read.outcome, HTTP_OK);
	assert_int_equal(read.attempts, 2);
	unsetenv("PEARLBRIDGE_TIMEOUT_MS");
}

/* It never falls silent, so only the total time ends it. */
static void an_answer_that_drips(void **unused)
{
	static const char raw[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2, 3, 4, 5, 6, 7, 8";

	(void)unused;
	setenv("PEARLBRIDGE_TIMEOUT_MS", "200", 1);
	server_say(&(struct server_turn){.raw = raw, .drip_ms = 40});
	server_answer(200, "", "[7]");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
	assert_int_equal(r.outcome, HTTP_OK);
	assert_string_equal(r.body, "[7]");
	assert_int_equal(r.attempts, 2);
	server_say(&(struct server_turn){.raw = raw, .drip_ms = 40});
	REPLY write = ask(BRIGHTPEARL, "POST", "/a-service/b", "{}");
	assert_int_equal(write.outcome, HTTP_UNKNOWN);
	unsetenv("PEARLBRIDGE_TIMEOUT_MS");
}

/* Days, negative numbers, words, far dates: none of them is waited for. */
static void absurd_waits_are_cut(void **unused)
{
	static const char *const header[] = {
		"X-Retry-After: 90000\r\n",
		"X-Rate-Limit-Time-Reset-Ms: 90000000\r\n",
		"X-Rate-Limit-Time-Reset-Ms: 9223372036854775807\r\n",
		"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
		"Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
		"Retry-After: -3600\r\nX-Rate-Limit-Time-Reset-Ms: NaN\r\n",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof header / sizeof *header; i++) {
		server_answer(429, header[i], "");
		server_answer(200, "", "[]");
		REPLY r = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
		assert_int_equal(r.outcome, HTTP_OK);
		assert_int_equal(r.attempts, 2);
		assert_in_range(client_journal.last.ms, 1000, 90000);
		server_answer(503, header[i], "");
		server_answer(200, "", "[]");
		REPLY down = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
		assert_int_equal(down.outcome, HTTP_OK);
		assert_in_range(client_journal.last.ms, 0, 90000);
	}
}

/* What is longer than we stay ends it at once, and nothing more is sent to that side. */
static void long_waits_are_left_to_the_next_run(void **unused)
{
	(void)unused;
	server_answer(429, "X-Retry-After: 7200\r\n", "");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
	assert_int_equal(r.outcome, HTTP_LATER);
	assert_int_equal(r.attempts, 1);
	assert_holds(r.message, "7200 s");
	REPLY next = ask(BIGCOMMERCE, "GET", "/v2/orders", NULL);
	assert_int_equal(next.outcome, HTTP_LATER);
	assert_int_equal(next.attempts, 0);
	assert_holds(next.message, "asked to wait");
}

static void sizes_are_capped(void **unused)
{
	(void)unused;
	server_answer(200, "", "[1,2,3,4,5,6,7,8,9]");
	server_answer(200, "", "[1,2,3,4,5,6,7,8,9]");
	REPLY r = http_send(client,
			    &(struct http_request){BIGCOMMERCE, "GET", "/v2/a", .max_bytes = 10});
	assert_int_equal(r.outcome, HTTP_REFUSED);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.attempts, 1);
	assert_holds(r.message, "larger than allowed");
	REPLY write = http_send(client, &(struct http_request){BIGCOMMERCE, "POST", "/v2/a",
							       .body = "{}", .max_bytes = 10});
	assert_int_equal(write.outcome, HTTP_UNKNOWN);
}

static void packed_bombs_are_capped(void **unused)
{
	char *raw = malloc(100000);
	char packed[50000];

	(void)unused;
	FILE *f = popen("head -c 20000000 /dev/zero | gzip -9", "r");
	size_t size = fread(packed, 1, sizeof packed, f);
	pclose(f);
	assert_in_range(size, 1000, sizeof packed - 1);
	int head = sprintf(
		raw, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
		size);
	memcpy(raw + head, packed, size);
	server_say(&(struct server_turn){.raw = raw, .size = head + (long)size});
	REPLY r = http_send(
		client, &(struct http_request){BIGCOMMERCE, "GET", "/v2/a", .max_bytes = 1000000});
	assert_int_equal(r.outcome, HTTP_REFUSED);
	assert_true(r.size <= 1000000);
	free(raw);
}

static void headers_are_capped(void **unused)
{
	char *raw = malloc(300000), *p = raw;

	(void)unused;
	p += sprintf(p, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 2000; i++)
		p += sprintf(p, "X-%d: %s\r\n", i, "0123456789012345678901234567890123456789");
	sprintf(p, "Content-Length: 2\r\n\r\n{}");
	server_say(&(struct server_turn){.raw = raw});
	REPLY r = ask(BIGCOMMERCE, "POST", "/v2/a", "{}");
	assert_int_equal(r.outcome, HTTP_UNKNOWN);
	free(raw);
}

static void odd_headers(void **unused)
{
	(void)unused;
	server_answer(200,
		      "X-Rate-Limit-Requests-Left: -7\r\nX-Rate-Limit-Requests-Quota: "
		      "999999999999999999999\r\n"
		      "X-Rate-Limit-Time-Reset-Ms: soon\r\nX-Rate-Limit-Time-Window-Ms:\r\nDate: "
		      "never\r\n"
		      "Retry-After: 99999999999999999999\r\n",
		      "[]");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/a", NULL);
	assert_int_equal(r.outcome, HTTP_OK);
	assert_int_equal(r.date, 0);
	server_answer(429, "X-Rate-Limit-Time-Reset-Ms: 9223372036854775807\r\nRetry-After: -5\r\n",
		      "");
	REPLY again = ask(BIGCOMMERCE, "GET", "/v2/a", NULL);
	assert_int_equal(again.outcome, HTTP_OK);
}

static void send_get(void *path)
{
	REPLY r = ask(*(const char *)path == '/' ? BRIGHTPEARL : BIGCOMMERCE, "GET",
		      (const char *)path + (*(const char *)path != '/'), NULL);
}

static void refused_credentials_die(void **unused)
{
	char brightpearl[] = "/a-service/b", bigcommerce[] = "!/v2/orders?email=shopper";

	(void)unused;
	server_answer(401, "", "{\"response\":\"Authorization token expired\"}");
	assert_dies(EX_NOPERM,
		    "Brightpearl refused the credentials (401: Authorization token expired): check"
		    " BRIGHTPEARL_ACCOUNT, BRIGHTPEARL_STAFF_TOKEN and BRIGHTPEARL_APP_REF in .env",
		    send_get, brightpearl);
	server_answer(401, "", "{\"title\":\"Unauthorized\"}");
	assert_dies(EX_NOPERM,
		    "BigCommerce refused the credentials (401: Unauthorized): check"
		    " BIGCOMMERCE_ACCESS_TOKEN and BIGCOMMERCE_STORE_HASH",
		    send_get, bigcommerce);
	server_answer(403, "", "{}");
	assert_dies(EX_NOPERM,
		    "BigCommerce forbids GET /v2/orders (403): the API account lacks the scope"
		    " store_v2_orders",
		    send_get, bigcommerce);
	server_answer(403, "", "");
	assert_dies(EX_NOPERM, "Brightpearl forbids GET /a-service/b (403)", send_get, brightpearl);
}

static void absent_things_are_answers(void **unused)
{
	(void)unused;
	server_answer(403, "", "{}");
	server_answer(404, "", "{}");
	for (int i = 0; i < 2; i++) {
		REPLY r = http_send(client, &(struct http_request){BIGCOMMERCE, "GET", "/v2/a",
								   .may_be_absent = true});
		assert_int_equal(r.outcome, HTTP_REFUSED);
		assert_int_equal(r.status, 403 + i);
	}
}

struct bad_request {
	enum api api;
	const char *method, *path;
};

static void send_bad(void *argument)
{
	struct bad_request *bad = argument;
	REPLY r = ask(bad->api, bad->method, bad->path, NULL);
}

static void dangerous_requests_are_bugs(void **unused)
{
	static struct bad_request bad[] = {
		{BIGCOMMERCE, "DELETE", "/v2/orders/1"},
		{BIGCOMMERCE, "PUT", "/v2/orders//shipments"},
		{BIGCOMMERCE, "GET", "v2/orders"},
		{BIGCOMMERCE, "GET", "/v2/a b"},
		{BIGCOMMERCE, "GET", "/v2/a\r\nX: y"},
		{BIGCOMMERCE, "GET", "/../x/v2/orders"},
		{BRIGHTPEARL, "GET", "/a\xc3\xbc"},
		{BRIGHTPEARL, "GET", "/a#b"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_dies(EX_SOFTWARE, "bug: ", send_bad, &bad[i]);
	REPLY r = ask(BRIGHTPEARL, "GET", "/a?createdOn=2020-01-01//", NULL);
	assert_int_equal(r.outcome, HTTP_OK);
	assert_int_equal(server_requests, 1);
}

static void calls_may_be_left(void **unused)
{
	(void)unused;
	server_say(&(struct server_turn){.raw = NULL, .delay_ms = 300});
	for (int i = 0; i < 9; i++)
		http_submit(client, &(struct http_request){.method = "GET", .path = "/v2/a"});
	http_close(client);
	http_close(NULL);
	server_drain();
	client_open();
}

/* One tick before each sending and one after the result, whatever came between. */
static void the_crash_seam_ticks(void **unused)
{
	char text[500] = "";

	(void)unused;
	assert_int_equal(truncate(client_trace, 0), 0);
	server_answer(503, "", "");
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/a?b=secret", NULL);
	REPLY s = ask(BIGCOMMERCE, "POST", "/v2/c", "{}");
	FILE *f = fopen(client_trace, "r");
	text[fread(text, 1, sizeof text - 1, f)] = 0;
	fclose(f);
	assert_string_equal(text, "before GET /v2/a\nbefore GET /v2/a\nafter GET /v2/a\n"
				  "before POST /v2/c\nafter POST /v2/c\n");
}

static void read_and_write(void *unused)
{
	(void)unused;
	REPLY r = ask(BIGCOMMERCE, "GET", "/v2/a", NULL);
	REPLY s = ask(BIGCOMMERCE, "POST", "/v2/c", "{}");
}

static void crashes_come_where_they_are_asked_for(void **unused)
{
	/* n-th: where it must end when the n-th tick kills, and the requests that left before */
	static const struct {
		const char *where;
		int requests;
	} expected[] = {
		{"crash injected: before GET /v2/a\n", 0},
		{"crash injected: after GET /v2/a\n", 1},
		{"crash injected: before POST /v2/c\n", 1},
		{"crash injected: after POST /v2/c\n", 2},
		{"died with 0\n", 2},
	};
	char text[4000];

	(void)unused;
	for (int n = 1; n <= 5; n++) {
		int64_t count = CLIENT_CRASH - n;
		int before = server_requests;
		FILE *f = fopen(client_count, "r+");
		assert_int_equal(fwrite(&count, sizeof count, 1, f), 1);
		fclose(f);
		assert_int_equal(dies_code(read_and_write, NULL, text), n < 5 ? -1 : 0);
		assert_holds(text, expected[n - 1].where);
		assert_int_equal(server_requests - before, expected[n - 1].requests);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, client_begin, client_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bigcommerce_read),
		TEST(brightpearl_write),
		TEST(account_token),
		TEST(results_come_in_order_and_overlap),
		TEST(reads_are_repeated),
		TEST(reads_give_up),
		TEST(throttled_writes_are_repeated),
		TEST(throttled_beyond_patience),
		TEST(retry_after_as_a_date),
		TEST(lost_writes_are_not_repeated),
		TEST(breaking_it_on_purpose_shows),
		TEST(doubtful_answers_to_writes),
		TEST(refusals),
		TEST(redirects_are_not_followed),
		TEST(nobody_there),
		TEST(no_tls_there),
		TEST(no_answer_in_time),
		TEST(an_answer_that_drips),
		TEST(absurd_waits_are_cut),
		TEST(long_waits_are_left_to_the_next_run),
		TEST(sizes_are_capped),
		TEST(packed_bombs_are_capped),
		TEST(headers_are_capped),
		TEST(odd_headers),
		TEST(refused_credentials_die),
		TEST(absent_things_are_answers),
		TEST(dangerous_requests_are_bugs),
		TEST(calls_may_be_left),
		TEST(the_crash_seam_ticks),
		TEST(crashes_come_where_they_are_asked_for),
	};
	client_start();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	client_stop();
	return failed;
}
