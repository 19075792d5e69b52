#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "tests/unit/client.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define TOKEN(access, refresh)                                                                     \
	"{\"access_token\":\"" access "\",\"refresh_token\":\"" refresh "\","                      \
	"\"installation_instance_id\":\"13\",\"token_type\":\"Bearer\",\"expires_in\":604800}"

static char store[] = "/tmp/oauth-XXXXXX", kept_path[100];
static char dev[] = "dev-ref", id[] = "client id", secret[] = "client+secret", url[100];

static void use_refresh_token(char *token)
{
	client_config.staff_token = NULL;
	client_config.store = store;
	client_config.dev_ref = dev;
	client_config.client_id = id;
	client_config.client_secret = secret;
	client_config.refresh_token = token;
	client_config.oauth_url = url;
	http_close(client);
	client_open();
}

static int begin(void **unused)
{
	static char refresh[] = "refresh-0";

	client_begin(unused);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/token/acme", server_port);
	snprintf(kept_path, sizeof kept_path, "%s/data/oauth.json", store);
	unlink(kept_path);
	use_refresh_token(refresh);
	return 0;
}

static void assert_holds(const char *text, const char *part)
{
	if (!strcasestr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

static void assert_kept(const char *part)
{
	char text[1000] = "";
	FILE *f = fopen(kept_path, "r");

	assert_non_null(f);
	text[fread(text, 1, sizeof text - 1, f)] = 0;
	fclose(f);
	assert_holds(text, part);
}

static struct reply get(void)
{
	return ask(BRIGHTPEARL, "GET", "/a-service/b", NULL);
}

static void first_token(void **unused)
{
	struct stat st;

	(void)unused;
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	REPLY r = get();
	assert_int_equal(r.outcome, HTTP_OK);
	assert_holds(server_request(0), "POST /token/acme HTTP/1.1\r\n");
	assert_holds(server_request(0), "Content-Type: application/x-www-form-urlencoded");
	assert_holds(server_request(0), "\r\n\r\ngrant_type=refresh_token&refresh_token=refresh-0&"
					"client_id=client%20id&client_secret=client%2Bsecret");
	assert_holds(server_request(1), "\r\nAuthorization: Bearer access-1\r\n");
	assert_holds(server_request(1), "\r\nbrightpearl-dev-ref: dev-ref\r\n");
	assert_holds(server_request(1), "\r\nbrightpearl-app-ref: acme_app\r\n");
	assert_kept("refresh-1");
	assert_int_equal(stat(kept_path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(http_instance_id(client), 13);
}

static void kept_token_serves_the_next_process(void **unused)
{
	(void)unused;
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	REPLY r = get();
	http_close(client);
	client_open();
	REPLY again = get();
	assert_int_equal(server_requests, 3);
	assert_holds(server_request(2), "Bearer access-1");
	assert_int_equal(http_instance_id(client), 13);
}

static void a_new_configured_token_replaces_the_kept_one(void **unused)
{
	static char pasted[] = "refresh-new";

	(void)unused;
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	REPLY r = get();
	use_refresh_token(pasted);
	server_reset();
	server_answer(200, "", TOKEN("access-2", "refresh-2"));
	REPLY again = get();
	assert_int_equal(r.outcome, HTTP_OK);
	assert_kept("refresh-2");
}

static void refused_token_is_renewed_once(void **unused)
{
	(void)unused;
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	server_answer(401, "", "{\"response\":\"Authorization token expired\"}");
	server_answer(200, "", "{\"access_token\":\"access-2\",\"expires_in\":537227}");
	server_answer(200, "", "{\"response\":8}");
	REPLY r = ask(BRIGHTPEARL, "POST", "/a-service/b", "{\"n\":1}");
	assert_int_equal(r.outcome, HTTP_OK);
	assert_string_equal(r.body, "{\"response\":8}");
	assert_holds(server_request(2), "refresh_token=refresh-1&");
	assert_holds(server_request(3), "Bearer access-2");
	assert_holds(server_request(3), "\r\n\r\n{\"n\":1}");
	assert_int_equal(server_requests, 4);
	assert_kept("refresh-1");
	assert_kept("access-2");
}

static void calls_under_way_share_a_renewal(void **unused)
{
	static const char denied[] = "HTTP/1.1 401 X\r\nContent-Length: 2\r\n\r\n{}";
	struct call *call[3];
	int renewals = 0;

	(void)unused;
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	server_answer(200,
		      "brightpearl-requests-remaining: 190\r\nbrightpearl-next-throttle-period: "
		      "50000\r\n",
		      "{}");
	REPLY first = get();
	for (int i = 0; i < 3; i++)
		server_say(&(struct server_turn){.raw = denied, .delay_ms = 30});
	server_answer(200, "", TOKEN("access-2", "refresh-2"));
	for (int i = 0; i < 3; i++)
		call[i] = http_submit(client, &(struct http_request){.api = BRIGHTPEARL,
								     .method = "GET",
								     .path = "/a-service/b"});
	for (int i = 0; i < 3; i++) {
		REPLY r = http_wait(client, call[i]);
		assert_int_equal(r.outcome, HTTP_OK);
	}
	for (int i = 0; i < server_requests; i++)
		renewals += !strncmp(server_request(i), "POST /token", 11);
	assert_int_equal(renewals, 2);
	assert_int_equal(server_requests, 9);
}

static void get_in_child(void *unused)
{
	(void)unused;
	REPLY r = get();
}

static void a_token_refused_twice_dies(void **unused)
{
	(void)unused;
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	server_answer(401, "", "{\"response\":\"no\"}");
	server_answer(200, "", TOKEN("access-2", "refresh-2"));
	server_answer(401, "", "{\"response\":\"still no\"}");
	assert_dies(
		EX_NOPERM,
		"Brightpearl refused the credentials (401: still no): check BRIGHTPEARL_ACCOUNT, BRIGHTPEARL_DEV_REF",
		get_in_child, NULL);
	assert_kept("refresh-2");
}

static void a_refused_refresh_token_dies(void **unused)
{
	(void)unused;
	server_answer(
		400, "",
		"{\"error_description\":\"The auth token has either expired or does not exist\","
		"\"error\":\"invalid_grant\"}");
	assert_dies(EX_NOPERM, "invalid_grant", get_in_child, NULL);
	assert_int_equal(server_requests, 1);
}

static void outages_are_waited_for(void **unused)
{
	(void)unused;
	server_answer(503, "", "");
	server_say(&(struct server_turn){.raw = NULL});
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	REPLY r = get();
	assert_int_equal(r.outcome, HTTP_OK);
	unlink(kept_path);
	http_close(client);
	client_open();
	server_reset();
	for (int i = 0; i < 6; i++)
		server_answer(502, "", "");
	REPLY none = get();
	assert_int_equal(none.outcome, HTTP_LATER);
	assert_holds(none.message, "no access token: Brightpearl: it answered 502, 6 times");
	REPLY next = get();
	assert_int_equal(next.outcome, HTTP_LATER);
	assert_int_equal(server_requests, 6); /* what was given up is not begun again */
}

static void unusable_answers_give_no_token(void **unused)
{
	(void)unused;
	server_answer(200, "", "{\"access_token\":\"a\\r\\nX-Evil: 1\",\"refresh_token\":\"r\"}");
	REPLY evil = get();
	assert_int_equal(evil.outcome, HTTP_LATER);
	assert_holds(evil.message, "without a usable access token");
	http_close(client);
	client_open();
	server_answer(200, "", "[]");
	REPLY empty = get();
	assert_int_equal(empty.outcome, HTTP_LATER);
	assert_holds(empty.message, "without a usable access token");
	assert_int_equal(access(kept_path, F_OK), -1);
}

static void a_damaged_file_is_as_none(void **unused)
{
	(void)unused;
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	REPLY r = get();
	FILE *f = fopen(kept_path, "w");
	fputs("{\"origin\":", f);
	fclose(f);
	http_close(client);
	client_open();
	server_reset();
	server_answer(200, "", TOKEN("access-2", "refresh-2"));
	REPLY again = get();
	assert_int_equal(again.outcome, HTTP_OK);
	assert_holds(server_request(0), "refresh_token=refresh-0&");
}

static void get_without_room(void *unused)
{
	struct rlimit small = {1000, 1000};

	(void)unused;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	REPLY r = get();
}

static void without_room_nothing_is_asked(void **unused)
{
	(void)unused;
	assert_dies(EX_IOERR, "there is no room to keep it in", get_without_room, NULL);
	assert_int_equal(server_requests, 0);
	server_answer(200, "", TOKEN("access-1", "refresh-1"));
	REPLY r = get();
	assert_int_equal(r.outcome, HTTP_OK);
}

static void crash_at_next(int steps)
{
	int64_t count = CLIENT_CRASH - steps;
	FILE *f = fopen(client_count, "r+");

	assert_int_equal(fwrite(&count, sizeof count, 1, f), 1);
	fclose(f);
}

/* Before the request, after its answer, when it is kept: the next process has a token. */
static void a_crash_loses_no_token(void **unused)
{
	char text[4000];

	(void)unused;
	for (int step = 1; step <= 3; step++) {
		unlink(kept_path);
		server_reset();
		server_answer(200, "", TOKEN("access-1", "refresh-1"));
		crash_at_next(step);
		assert_int_equal(dies_code(get_in_child, NULL, text), -1);
		assert_int_equal(server_requests, step > 1);
		REPLY r = get();
		assert_int_equal(r.outcome, HTTP_OK);
		assert_int_equal(server_requests, 2);
		assert_holds(server_request(1), "Bearer access-1");
		assert_kept("refresh-1");
		http_close(client);
		client_open();
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, client_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_token),
		TEST(kept_token_serves_the_next_process),
		TEST(a_new_configured_token_replaces_the_kept_one),
		TEST(refused_token_is_renewed_once),
		TEST(calls_under_way_share_a_renewal),
		TEST(a_token_refused_twice_dies),
		TEST(a_refused_refresh_token_dies),
		TEST(outages_are_waited_for),
		TEST(unusable_answers_give_no_token),
		TEST(a_damaged_file_is_as_none),
		TEST(without_room_nothing_is_asked),
		TEST(a_crash_loses_no_token),
	};
	if (!mkdtemp(store))
		return 1;
	client_start();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	client_stop();
	char command[100];
	snprintf(command, sizeof command, "rm -r %s", store);
	return failed + !!system(command);
}
