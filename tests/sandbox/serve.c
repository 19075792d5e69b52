/* One request from fault to log, in one transaction under one lock.  Only sleeping happens outside
 * of the lock: a stalled or late answer delays nobody else. */
#include "exchange.h"
#include "fault.h"
#include "lib/clock.h"
#include "mutate.h"
#include "quota.h"
#include "state.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;

static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopped;
} sleepers = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

void serve_stop(void)
{
	pthread_mutex_lock(&sleepers.lock);
	sleepers.stopped = true;
	pthread_cond_broadcast(&sleepers.wake);
	pthread_mutex_unlock(&sleepers.lock);
}

/* simulated milliseconds, cut short by serve_stop() */
static void pause_for(int64_t ms)
{
	struct timespec until;

	if (ms <= 0)
		return;
	clock_gettime(CLOCK_REALTIME, &until);
	int64_t ns = until.tv_nsec + (int64_t)((double)ms / clock_speed() * 1e6);
	until.tv_sec += ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	pthread_mutex_lock(&sleepers.lock);
	while (!sleepers.stopped &&
	       pthread_cond_timedwait(&sleepers.wake, &sleepers.lock, &until) == 0)
		;
	pthread_mutex_unlock(&sleepers.lock);
}

void exchange_header(struct exchange *x, const char *name, const char *fmt, ...)
{
	struct header *h = &x->headers[x->header_count++];
	va_list args;

	snprintf(h->name, sizeof h->name, "%s", name);
	va_start(args, fmt);
	vsnprintf(h->value, sizeof h->value, fmt, args);
	va_end(args);
}

static void replace_header(struct exchange *x, const char *name, const char *value)
{
	int i = 0;

	while (i < x->header_count && strcasecmp(x->headers[i].name, name) != 0)
		i++;
	if (i == x->header_count)
		exchange_header(x, name, "%s", value);
	else
		snprintf(x->headers[i].value, sizeof x->headers[i].value, "%s", value);
}

void exchange_replace_headers(struct exchange *x, const char *headers)
{
	char *all = strdup(headers), *next = all;

	for (char *one; (one = strsep(&next, "|"));) {
		char *colon = strchr(one, ':');
		if (!colon)
			continue;
		*colon++ = 0;
		replace_header(x, one, colon + strspn(colon, " "));
	}
	free(all);
}

/* "get-order", "bulk-data-search": Brightpearl's name of the message */
static void add_message_type(struct exchange *x, bool authenticated)
{
	char verb[16];
	const char *slash = strchr(x->path + 1, '/');
	const char *resource = slash ? slash + 1 : x->path + 1;
	int length = (int)strcspn(resource, "/");
	int i;

	for (i = 0; x->call.method[i] && i < 15; i++)
		verb[i] = (char)(x->call.method[i] | 32);
	verb[i] = '\0';
	if (!authenticated)
		exchange_header(x, "message-type", "api-proxy");
	else if (length > 7 && !strncmp(resource + length - 7, "-search", 7))
		exchange_header(x, "message-type", "bulk-data-search");
	else
		exchange_header(x, "message-type", "%s-%.*s", verb, length > 40 ? 40 : length,
				resource);
}

static void add_brightpearl_headers(struct exchange *x, bool authenticated)
{
	int64_t instance = switch_int("bp_instance_id");
	int64_t serial = state_int(0, "SELECT max(id) + 1 FROM request", "");

	if (authenticated && instance)
		exchange_header(x, "brightpearl-installed-integration-instance-id", "%" PRId64,
				instance);
	exchange_header(x, "ruid", "00000000-0000-4000-8000-%012" PRIx64, serial);
	add_message_type(x, authenticated);
	if (x->answer.content_type && !strcmp(x->answer.content_type, "application/json"))
		x->answer.content_type = "application/json;charset=UTF-8";
}

static void process(struct exchange *x)
{
	if (x->api == API_NONE) {
		answer_text(&x->answer, 404, "<html><body><h1>404 Not Found</h1></body></html>",
			    "text/html");
		return;
	}
	bool token = !strcmp(x->path,
			     "/token"); /* Brightpearl's OAuth host: no budget, no headers */
	if (!token && !quota_take(x))
		return;
	bool bc = x->api == API_BIGCOMMERCE;
	bool admitted = bc ? bigcommerce_admits(&x->call, &x->answer)
			   : token || brightpearl_admits(&x->call, &x->answer);
	if (admitted)
		sandbox_dispatch(bc ? bigcommerce_routes : brightpearl_routes, &x->call,
				 &x->answer);
	if (!bc && !token)
		add_brightpearl_headers(x, admitted);
}

static void log_request(const struct exchange *x, const char *fault)
{
	static const char *const names[] = {"none", "bigcommerce", "brightpearl", "control"};

	state_run("INSERT INTO request (at_ms, api, method, path, query, body, status, fault, "
		  "connection,"
		  " nth_on_connection) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		  "itttttitii", sandbox_now(), names[x->api], x->call.method, x->path, x->query,
		  x->body, (int64_t)x->answer.status, fault, x->connection, x->nth_on_connection);
}

static int64_t process_and_log(struct exchange *x, const struct fault *fault)
{
	pthread_mutex_lock(&state_lock);
	state_begin();
	fault_before(fault, x);
	if (!fault_skips(fault))
		process(x);
	if (switch_is("list_mutations", "yes"))
		mutate_list(x, state_int(1, "SELECT max(id) + 1 FROM request", ""));
	mutate_remember(x);
	fault_apply(fault, x);
	if (!x->answer.date_ms)
		x->answer.date_ms = sandbox_now();
	x->gzip = switch_is("gzip", "yes");
	log_request(x, fault_name(fault));
	int64_t latency = switch_int("latency_ms");
	state_commit();
	pthread_mutex_unlock(&state_lock);
	return latency;
}

static void serve_control(struct exchange *x)
{
	pthread_mutex_lock(&state_lock);
	control_run(x);
	x->answer.date_ms = sandbox_now();
	pthread_mutex_unlock(&state_lock);
}

void serve(struct exchange *x)
{
	dispatch_parse(x);
	if (x->api == API_CONTROL) {
		serve_control(x);
		return;
	}
	pthread_mutex_lock(&state_lock);
	state_begin();
	struct fault fault = fault_take(x);
	state_commit();
	pthread_mutex_unlock(&state_lock);
	pause_for(fault_stall_ms(&fault));
	pause_for(process_and_log(x, &fault));
	fault_release(&fault);
}
