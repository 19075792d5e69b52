/* The table of retry.h, row by row, and what refusals say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/retry.h"
#include "lib/wellformed.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define THROTTLE                                                                                   \
	"{\"response\":\"You have sent too many requests. Please wait before sending another "     \
	"request\"}"
#define BP_ERROR(code) "{\"errors\":[{\"code\":\"" code "\",\"message\":\"no good\"}]}"

static struct retry_verdict judge(enum api api, bool write, int status, const char *body)
{
	return retry_judge(&(struct retry_answer){
		.api = api,
		.is_write = write,
		.status = status,
		.body = body,
		.size = strlen(body),
		.reset_ms = -1,
		.retry_after_ms = -1,
	});
}

static void the_table(void **unused)
{
	static const struct {
		enum api api;
		int status;
		const char *body;
		enum retry_action read, write;
	} row[] = {
		{BIGCOMMERCE, 200, "[]", RETRY_OK, RETRY_OK},
		{BIGCOMMERCE, 201, "{\"id\":1}", RETRY_OK, RETRY_OK},
		{BIGCOMMERCE, 204, "", RETRY_OK, RETRY_OK},
		{BIGCOMMERCE, 200, "", RETRY_WAIT, RETRY_OK},
		{BIGCOMMERCE, 200, "<html></html>", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 200, "[{\"id\":1},", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 200, "{\"a\":1}garbage", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 207, "{}", RETRY_OK, RETRY_OK},
		{BIGCOMMERCE, 301, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 304, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 400, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 401, "", RETRY_DENIED, RETRY_DENIED},
		{BIGCOMMERCE, 403, "", RETRY_FORBIDDEN, RETRY_FORBIDDEN},
		{BIGCOMMERCE, 404, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 408, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 409, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 413, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 422, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 429, "", RETRY_THROTTLED, RETRY_THROTTLED},
		{BIGCOMMERCE, 500, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 501, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 502, "<html>", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 503, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 504, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 505, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 507, "", RETRY_REFUSED, RETRY_REFUSED},
		{BIGCOMMERCE, 100, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BIGCOMMERCE, 700, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 200, "{\"response\":[]}", RETRY_OK, RETRY_OK},
		{BRIGHTPEARL, 207, "{\"response\":{}}", RETRY_OK, RETRY_OK},
		{BRIGHTPEARL, 400, BP_ERROR("ORDC-005"), RETRY_REFUSED, RETRY_REFUSED},
		{BRIGHTPEARL, 401, "{\"response\":\"Authorization token expired\"}", RETRY_DENIED,
		 RETRY_DENIED},
		{BRIGHTPEARL, 404, BP_ERROR("CMNC-404"), RETRY_REFUSED, RETRY_REFUSED},
		{BRIGHTPEARL, 412, "", RETRY_REFUSED, RETRY_REFUSED},
		{BRIGHTPEARL, 429, THROTTLE, RETRY_THROTTLED, RETRY_THROTTLED},
		{BRIGHTPEARL, 429, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 500, BP_ERROR("CMNC-018"), RETRY_REFUSED, RETRY_REFUSED},
		{BRIGHTPEARL, 500, BP_ERROR("ORDC-044"), RETRY_REFUSED, RETRY_REFUSED},
		{BRIGHTPEARL, 500, BP_ERROR("WHSC-001"), RETRY_REFUSED, RETRY_REFUSED},
		{BRIGHTPEARL, 500, BP_ERROR("CMNU-003"), RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 500, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 500, "<html>You have sent</html>", RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 502, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 503, THROTTLE, RETRY_THROTTLED, RETRY_THROTTLED},
		{BRIGHTPEARL, 503, "", RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 503, "<html>maintenance</html>", RETRY_WAIT, RETRY_UNKNOWN},
		{BRIGHTPEARL, 503, "{\"response\":\"Service unavailable\"}", RETRY_WAIT,
		 RETRY_UNKNOWN},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct retry_verdict read = judge(row[i].api, false, row[i].status, row[i].body);
		struct retry_verdict write = judge(row[i].api, true, row[i].status, row[i].body);
		if (read.action != row[i].read || write.action != row[i].write)
			fail_msg("%s %d %s: %u, %u", api_name[row[i].api], row[i].status,
				 row[i].body, read.action, write.action);
		assert_int_equal(!*write.message, write.action == RETRY_OK);
	}
}

static void transports(void **unused)
{
	static const struct {
		int curl, sent;
		enum retry_transport is;
	} row[] = {
		{CURLE_OK, 100, RETRY_ANSWERED},
		{CURLE_COULDNT_RESOLVE_HOST, 0, RETRY_UNSENT},
		{CURLE_COULDNT_CONNECT, 0, RETRY_UNSENT},
		{CURLE_COULDNT_CONNECT, 100, RETRY_LOST},
		{CURLE_SSL_CONNECT_ERROR, 0, RETRY_UNSENT},
		{CURLE_OPERATION_TIMEDOUT, 0, RETRY_UNSENT},
		{CURLE_OPERATION_TIMEDOUT, 100, RETRY_LOST},
		{CURLE_SEND_FAIL_REWIND, 100, RETRY_LOST},
		{CURLE_GOT_NOTHING, 100, RETRY_LOST},
		{CURLE_RECV_ERROR, 0, RETRY_LOST},
		{CURLE_SEND_ERROR, 0, RETRY_LOST},
		{CURLE_PARTIAL_FILE, 100, RETRY_LOST},
		{CURLE_BAD_CONTENT_ENCODING, 100, RETRY_LOST},
		{CURLE_PEER_FAILED_VERIFICATION, 0, RETRY_UNTRUSTED},
		{9999, 0, RETRY_LOST},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (retry_transport(row[i].curl, row[i].sent) != row[i].is)
			fail_msg("curl %d, %d bytes sent", row[i].curl, row[i].sent);
}

static enum retry_action after(enum retry_transport transport, bool write, int status)
{
	return retry_judge(&(struct retry_answer){.api = BRIGHTPEARL,
						  .is_write = write,
						  .transport = transport,
						  .status = status,
						  .body = "",
						  .reset_ms = -1,
						  .retry_after_ms = -1})
		.action;
}

static void broken_transports(void **unused)
{
	(void)unused;
	assert_int_equal(after(RETRY_UNSENT, false, 0), RETRY_WAIT);
	assert_int_equal(after(RETRY_UNSENT, true, 0), RETRY_WAIT);
	assert_int_equal(after(RETRY_LOST, false, 0), RETRY_WAIT);
	assert_int_equal(after(RETRY_LOST, true, 0), RETRY_UNKNOWN);
	assert_int_equal(after(RETRY_LOST, true, 200), RETRY_UNKNOWN);
	assert_int_equal(after(RETRY_LOST, true, 503), RETRY_UNKNOWN);
	assert_int_equal(after(RETRY_LOST, true, 400), RETRY_REFUSED);
	assert_int_equal(after(RETRY_LOST, true, 401), RETRY_DENIED);
	assert_int_equal(after(RETRY_TOO_LARGE, false, 200), RETRY_REFUSED);
	assert_int_equal(after(RETRY_TOO_LARGE, true, 200), RETRY_UNKNOWN);
	assert_int_equal(after(RETRY_TOO_LARGE, true, 422), RETRY_REFUSED);
	assert_int_equal(after(RETRY_UNTRUSTED, true, 0), RETRY_DISTRUST);
}

static void back_off_doubles_and_ends(void **unused)
{
	struct retry_answer a = {.api = BIGCOMMERCE,
				 .status = 503,
				 .body = "",
				 .reset_ms = -1,
				 .retry_after_ms = -1};

	(void)unused;
	for (a.failures = 0; a.failures < 5; a.failures++) {
		a.jitter = 0;
		assert_int_equal(retry_judge(&a).wait_ms, 1000 << a.failures);
		a.jitter = 1;
		assert_int_equal(retry_judge(&a).wait_ms, 1500 << a.failures);
	}
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
	a.failures = 0;
	a.retry_after_ms = 60000;
	assert_int_equal(retry_judge(&a).wait_ms, 60000);
	a.retry_after_ms = 300000;
	assert_int_equal(retry_judge(&a).wait_ms, 300000);
	a.retry_after_ms = 3600000; /* meant, and longer than we stay */
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
	assert_int_equal(retry_judge(&a).asked_ms, 3600000);
	a.retry_after_ms = 86400000;
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
	a.retry_after_ms = 86401000; /* absurd: cut, and told */
	assert_int_equal(retry_judge(&a).action, RETRY_WAIT);
	assert_int_equal(retry_judge(&a).wait_ms, 60000);
	assert_int_equal(retry_judge(&a).asked_ms, 86401000);
	a.spent_ms = 590000; /* no request is repeated for ever, however slowly it fails */
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
	a.spent_ms = 0;
	a.transport = RETRY_UNSENT;
	a.is_write = true;
	a.retry_after_ms = -1;
	a.failures = 5;
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
}

static void throttles_wait_as_told(void **unused)
{
	struct retry_answer a = {.api = BIGCOMMERCE,
				 .is_write = true,
				 .status = 429,
				 .body = "",
				 .reset_ms = 12000,
				 .retry_after_ms = 5000,
				 .jitter = 1};

	(void)unused;
	assert_int_equal(retry_judge(&a).wait_ms, 12250);
	a.retry_after_ms = 20000;
	assert_int_equal(retry_judge(&a).wait_ms, 20250);
	a.waited_ms = 290000;
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
	a.waited_ms = 0;
	a.reset_ms = 0;
	a.retry_after_ms = -1;
	assert_int_equal(retry_judge(&a).wait_ms, 1000);
	assert_int_equal(retry_judge(&a).asked_ms, 0);
	a.reset_ms = 600000; /* longer than we stay */
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
	assert_int_equal(retry_judge(&a).asked_ms, 600000);
	a.reset_ms = INT64_MAX; /* absurd: a window, as documented, and told */
	assert_int_equal(retry_judge(&a).action, RETRY_THROTTLED);
	assert_int_equal(retry_judge(&a).asked_ms, INT64_MAX);
	assert_int_equal(retry_judge(&a).wait_ms, 60250);
	a.waited_ms = 299000;
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
}

static void throttles_that_tell_nothing_wait_longer_each_time(void **unused)
{
	struct retry_answer a = {.api = BIGCOMMERCE,
				 .status = 429,
				 .body = "",
				 .reset_ms = -1,
				 .retry_after_ms = -1};
	int64_t last = 0;
	int count = 0;

	(void)unused;
	for (; retry_judge(&a).action == RETRY_THROTTLED; count++) {
		assert_true(retry_judge(&a).wait_ms > last);
		last = retry_judge(&a).wait_ms;
		a.waited_ms += last;
	}
	assert_in_range(count, 4, 10);
	assert_true(a.waited_ms <= RETRY_PATIENCE_MS);
	assert_int_equal(retry_judge(&a).action, RETRY_LATER);
}

static void what_refusals_say(void **unused)
{
	static const struct {
		const char *body, *code, *text;
	} row[] = {
		{"[{\"status\":404,\"message\":\"The requested resource was not found.\"}]", "",
		 "The requested resource was not found."},
		{"[{\"status\":400,\"message\":\"One\"},{\"status\":400,\"message\":\"Two\"}]", "",
		 "One; Two"},
		{"{\"status\":422,\"title\":\"Create customers failed.\",\"type\":\"http\","
		 "\"errors\":{\".customer_create\":\"Error creating "
		 "customers\"},\"instance\":\"\"}",
		 "", "Create customers failed.; .customer_create: Error creating customers"},
		{"{\"title\":\"T\",\"errors\":{\"a\":[\"x\",\"y\"],\"b\":{\"c\":\"z\"}}}", "",
		 "T; a: x; a: y; c: z"},
		{"{\"title\":\"T\",\"errors\":[\"x\"]}", "", "T; x"},
		{"{\"batch_errors\":[{\"status\":409,\"title\":\"Dup\",\"errors\":{\"sku\":"
		 "\"taken\"}}]}",
		 "", "Dup; sku: taken"},
		{"{\"data\":[{\"status\":422,\"title\":\"Refund\",\"errors\":{}}],\"meta\":{}}", "",
		 "Refund"},
		{BP_ERROR("ORDC-024"), "ORDC-024", "no good"},
		{"{\"errors\":[{\"code\":\"A-1\",\"message\":\"one\"},{\"code\":\"B-2\","
		 "\"message\":\"two\"}]}",
		 "A-1", "one; two"},
		{"{\"response\":\"Authorization token expired\"}", "",
		 "Authorization token expired"},
		{"{\"error_description\":\"gone\",\"error\":\"invalid_grant\"}", "",
		 "invalid_grant; gone"},
		{"{\"title\":\"a\\nb\\tc\"}", "", "a b c"},
		{"<html>", "", ""},
		{"", "", ""},
		{"null", "", ""},
		{"17", "", ""},
		{"{\"errors\":7}", "", ""},
		{"{\"errors\":[{\"code\":7,\"message\":null}]}", "", ""},
		{"[[[[[[1]]]]]]", "", ""},
		{"{\"title\":7}", "", ""},
	};
	char code[40], text[500];

	(void)unused;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		retry_explain(row[i].body, strlen(row[i].body), code, text);
		assert_string_equal(code, row[i].code);
		assert_string_equal(text, row[i].text);
	}
	struct retry_verdict v = judge(BRIGHTPEARL, true, 400, BP_ERROR("ORDC-024"));
	assert_string_equal(v.code, "ORDC-024");
	assert_string_equal(v.message, "Brightpearl refused it (400 ORDC-024): no good");
	v = judge(BIGCOMMERCE, true, 404, "");
	assert_string_equal(v.message, "BigCommerce refused it (404)");
}

static void long_refusals_are_cut_between_characters(void **unused)
{
	char body[3000] = "[{\"message\":\"", code[40], text[500];

	(void)unused;
	for (int i = 0; i < 600; i++)
		strcat(body, "\xc3\xbc");
	strcat(body, "\"}]");
	retry_explain(body, strlen(body), code, text);
	size_t size = strlen(text);
	assert_in_range(size, 300, 499);
	assert_int_equal(size % 2, 0);
}

static void json_or_not(void **unused)
{
	static const char *const good[] = {
		"{}",
		"[]",
		" [ ] ",
		"{\"a\":1}",
		"[1,2,[3,{\"b\":[]}]]",
		"null",
		"true",
		"false",
		"0",
		"-0.5e+10",
		"1E5",
		"\"\\u00e9\\n\"",
		"\"\"",
		"{\"a\":{},\"b\":[{}]}",
		"[10.10]",
		"\r\n\t[1]\n",
	};
	static const char *const bad[] = {
		"",        " ",           "{",         "}",
		"[",       "]",           "[1",        "[1,",
		"[1,]",    "{\"a\"}",     "{\"a\":}",  "{\"a\":1,}",
		"{a:1}",   "[1 2]",       "nul",       "tru",
		"truee",   "01",          "-",         "1.",
		".5",      "1e",          "+1",        "\"",
		"\"\\x\"", "\"\\u12g4\"", "\"\t\"",    "\xef\xbb\xbf{}",
		"{}{}",    "{\"a\":1}x",  "[1}",       "{]",
		"<html>",  "'a'",         "{\"a\" 1}", "{\"a\":1 \"b\":2}",
		"\"\\",    "\"\\u1",      "{,}",       "[,]",
		"NaN",
	};
	char deep[4002];

	(void)unused;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!wellformed(good[i], strlen(good[i])))
			fail_msg("not taken: %s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (wellformed(bad[i], strlen(bad[i])))
			fail_msg("taken: %s", bad[i]);
	memset(deep, '[', 2001);
	memset(deep + 2001, ']', 2001);
	assert_true(wellformed(deep + 2001 - 1001, 2002));
	assert_false(wellformed(deep + 2001 - 1002, 2004));
	assert_false(wellformed(deep, 2001));
}

/* A page cut anywhere is no page. */
static void every_cut_is_seen(void **unused)
{
	static const char page[] =
		"[{\"id\":1,\"a\":\"x\\u0041\",\"b\":[true,null,-1.5e3],\"c\":{\"d\":{}}}]";

	(void)unused;
	for (size_t size = 0; size < sizeof page - 1; size++) {
		char *exact = malloc(size + 1); /* so that a sanitizer sees any byte read too far */
		memcpy(exact, page, size);
		exact = realloc(exact, size ? size : 1);
		assert_false(wellformed(exact, size));
		free(exact);
	}
	assert_true(wellformed(page, sizeof page - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table),
		cmocka_unit_test(transports),
		cmocka_unit_test(broken_transports),
		cmocka_unit_test(back_off_doubles_and_ends),
		cmocka_unit_test(throttles_wait_as_told),
		cmocka_unit_test(throttles_that_tell_nothing_wait_longer_each_time),
		cmocka_unit_test(what_refusals_say),
		cmocka_unit_test(long_refusals_are_cut_between_characters),
		cmocka_unit_test(json_or_not),
		cmocka_unit_test(every_cut_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
