/* libmicrohttpd: receive a whole request, hand it to serve(), send what came of it.
 *
 * Returning MHD_NO from the handler closes the connection without a byte: that is how an answer is
 * lost.  The URI is taken as it came over the wire; libmicrohttpd's own decoding is not used. */
#include "server.h"
#include "exchange.h"
#include "gzip.h"
#include "lib/clock.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define BODY_LIMIT (64 << 20)

struct peer {
	int64_t serial, requests;
};

static struct MHD_Daemon *http;

static void *received_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
	(void)cls, (void)connection;
	struct exchange *x = calloc(1, sizeof *x);
	x->uri = strdup(uri);
	return x;
}

static void connected(void *cls, struct MHD_Connection *connection, void **socket_context,
		      enum MHD_ConnectionNotificationCode code)
{
	static int64_t serial; /* called by the one listening thread */

	(void)cls, (void)connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		struct peer *peer = calloc(1, sizeof *peer);
		peer->serial = ++serial;
		*socket_context = peer;
	} else {
		free(*socket_context);
		*socket_context = NULL;
	}
}

static void completed(void *cls, struct MHD_Connection *connection, void **context,
		      enum MHD_RequestTerminationCode code)
{
	(void)cls, (void)connection, (void)code;
	struct exchange *x = *context;

	if (!x)
		return;
	dispatch_release(x);
	free(x->answer.body);
	free(x->body);
	free(x->uri);
	free(x);
	*context = NULL;
}

static const char *request_header(const struct call *call, const char *name)
{
	return MHD_lookup_connection_value(call->transport, MHD_HEADER_KIND, name);
}

/* Half the body, then an error: libmicrohttpd closes the connection in the middle. */
static ssize_t half_of_body(void *cls, uint64_t position, char *buffer, size_t max)
{
	struct answer *answer = cls;
	size_t half = strlen(answer->body) / 2;

	if (position >= half)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t n = half - position < max ? half - position : max;
	memcpy(buffer, answer->body + position, n);
	return (ssize_t)n;
}

/* It never stops talking, and never comes to an end. */
static ssize_t drop_of_body(void *cls, uint64_t position, char *buffer, size_t max)
{
	struct exchange *x = cls;
	struct timespec t = {.tv_sec = x->drip_ms / 1000, .tv_nsec = x->drip_ms % 1000 * 1000000};

	(void)max;
	nanosleep(&t, NULL);
	*buffer = x->answer.body[position];
	return 1;
}

static struct MHD_Response *make_response(struct exchange *x)
{
	const char *body = x->answer.body ? x->answer.body : "";
	const char *accepted = request_header(&x->call, "Accept-Encoding");
	size_t size = strlen(body);
	char *packed = NULL;

	if (x->sending == SEND_HALF && size)
		return MHD_create_response_from_callback(size, 4096, half_of_body, &x->answer,
							 NULL);
	if (x->sending == SEND_DRIP && size)
		return MHD_create_response_from_callback(size, 16, drop_of_body, x, NULL);
	if (x->sending == SEND_BOMB)
		packed = gzip_bomb(x->bomb_mib, &size);
	else if (size && x->gzip && gzip_accepted(accepted))
		packed = gzip_pack(body, &size);
	if (!packed)
		return MHD_create_response_from_buffer(size, (void *)(uintptr_t)body,
						       MHD_RESPMEM_MUST_COPY);
	struct MHD_Response *r = MHD_create_response_from_buffer(size, packed,
								 MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Encoding", "gzip");
	return r;
}

static void add_date(struct MHD_Response *r, int64_t epoch_ms)
{
	time_t seconds = (time_t)(epoch_ms / 1000);
	struct tm tm;
	char text[40];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	MHD_add_response_header(r, "Date", text);
}

static void add_date_of(struct MHD_Response *r, const struct exchange *x)
{
	if (x->date_is == 'b')
		MHD_add_response_header(r, "Date", "the other day");
	else if (!x->date_is)
		add_date(r, x->answer.date_ms + 1000 * x->date_off_s);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct exchange *x)
{
	if (x->sending == SEND_CLOSE)
		return MHD_NO;
	struct MHD_Response *r = make_response(x);
	add_date_of(r, x);
	if (x->answer.content_type)
		MHD_add_response_header(r, "Content-Type", x->answer.content_type);
	for (int i = 0; i < x->header_count; i++)
		MHD_add_response_header(r, x->headers[i].name, x->headers[i].value);
	enum MHD_Result result = MHD_queue_response(connection, (unsigned)x->answer.status, r);
	MHD_destroy_response(r);
	return result;
}

static bool take_body(struct exchange *x, const char *data, size_t size)
{
	if (x->body_size + size > BODY_LIMIT)
		return false;
	x->body = realloc(x->body, x->body_size + size + 1);
	memcpy(x->body + x->body_size, data, size);
	x->body_size += size;
	x->body[x->body_size] = '\0';
	return true;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *size, void **context)
{
	(void)cls, (void)url, (void)version;
	struct exchange *x = *context;

	if (!x->call.method) { /* the headers have come, the body has not */
		struct peer *peer = MHD_get_connection_info(connection,
							    MHD_CONNECTION_INFO_SOCKET_CONTEXT)
					    ->socket_context;
		x->call.method = method;
		x->call.transport = connection;
		x->call.header = request_header;
		x->connection = peer->serial;
		x->nth_on_connection = ++peer->requests;
		return MHD_YES;
	}
	if (*size) {
		bool taken = take_body(x, data, *size);
		*size = 0;
		return taken ? MHD_YES : MHD_NO;
	}
	serve(x);
	return send_answer(connection, x);
}

static void complain(void *cls, const char *fmt, va_list args)
{
	/* what it says of closed connections is what we asked for */
	(void)cls, (void)fmt, (void)args;
}

int server_start(int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
			 MHD_USE_AUTO | MHD_USE_SUPPRESS_DATE_NO_CLOCK | MHD_USE_ERROR_LOG;

	http = MHD_start_daemon(flags, (uint16_t)port, NULL, NULL, handle, NULL,
				MHD_OPTION_EXTERNAL_LOGGER, complain, NULL, MHD_OPTION_SOCK_ADDR,
				(struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK,
				received_uri, NULL, MHD_OPTION_NOTIFY_CONNECTION, connected, NULL,
				MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)262144,
				MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
	if (!http) {
		perror("sandbox: cannot listen on 127.0.0.1");
		exit(70);
	}
	return MHD_get_daemon_info(http, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void server_stop(void)
{
	serve_stop();
	MHD_stop_daemon(http);
}
