/* An HTTP client of the library whose both APIs are the server of server.h; for test_http.c and
 * test_oauth.c.  The clock runs 100 times faster, so that all waits are short. */
#ifndef TESTS_UNIT_CLIENT_H
#define TESTS_UNIT_CLIENT_H

#include "lib/http.h"
#include "lib/log.h"
#include "tests/unit/dies.h"
#include "tests/unit/server.h"

static struct config client_config;
static char client_url[64], client_dead_url[64];
static struct http *client;

static struct {
	int count;
	struct http_record last;
	char path[200], body[200], answer[200];
} client_journal;

static void client_note(void *context, const struct http_record *r)
{
	(void)context;
	client_journal.count++;
	client_journal.last = *r;
	snprintf(client_journal.path, sizeof client_journal.path, "%s", r->path);
	snprintf(client_journal.body, sizeof client_journal.body, "%s",
		 r->body ? r->body : "(null)");
	snprintf(client_journal.answer, sizeof client_journal.answer, "%s",
		 r->answer ? r->answer : "(null)");
}

static void client_open(void)
{
	client = http_open(&(struct http_options){
		.config = &client_config,
		.parallel = {3, 4},
		.share = {100, 100},
		.journal = client_note,
	});
}

/* cmocka setup and teardown */
static int client_begin(void **unused)
{
	static char hash[] = "hash", bc[] = "bc-token", account[] = "acme", app[] = "acme_app";
	static char staff[] = "staff-token", store[] = ".";

	(void)unused;
	server_reset();
	snprintf(client_url, sizeof client_url, "http://127.0.0.1:%d", server_port);
	snprintf(client_dead_url, sizeof client_dead_url, "http://127.0.0.1:%d",
		 server_closed_port);
	client_config = (struct config){
		.store = store,
		.bigcommerce_url = client_url,
		.store_hash = hash,
		.bigcommerce_token = bc,
		.brightpearl_url = client_url,
		.account = account,
		.app_ref = app,
		.staff_token = staff,
	};
	memset(&client_journal, 0, sizeof client_journal);
	client_open();
	return 0;
}

static int client_end(void **unused)
{
	(void)unused;
	http_close(client);
	client = NULL;
	return 0;
}

static inline struct reply ask(enum api api, const char *method, const char *path, const char *body)
{
	return http_send(client, &(struct http_request){api, method, path, .body = body});
}

/* The crash seam reads its variables once: every tick is traced, and a test that wants a crash sets
 * the counter to shortly before CLIENT_CRASH. */
#define CLIENT_CRASH 1000000
static char client_trace[] = "/tmp/client-trace-XXXXXX",
	    client_count[] = "/tmp/client-count-XXXXXX";

static void client_start(void)
{
	close(mkstemp(client_trace));
	close(mkstemp(client_count));
	setenv("PEARLBRIDGE_STEP_TRACE", client_trace, 1);
	setenv("PEARLBRIDGE_STEP_FILE", client_count, 1);
	setenv("PEARLBRIDGE_CRASH_AT", "1000000", 1);
	setenv("PEARLBRIDGE_CLOCK_SPEED", "100", 1);
	log_open(&(struct log_options){.quiet = true}, "test", NULL);
	server_start();
}

static void client_stop(void)
{
	server_stop();
	unlink(client_trace);
	unlink(client_count);
}

#endif
