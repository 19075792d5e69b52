/* A server for test_http.c and test_oauth.c: answers the n-th request with the n-th answer of a
 * script, byte for byte, so that it can break the protocol in any way.  One thread per connection. */
#ifndef TESTS_UNIT_SERVER_H
#define TESTS_UNIT_SERVER_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct server_turn {
	const char *raw; /* the answer; NULL: none */
	long size;       /* of raw; 0: strlen */
	int delay_ms;    /* before it */
	bool hang_up;    /* close the connection after it */
	int drip_ms;     /* between each two bytes; 0: all at once */
};

/* server_port listens, server_closed_port does not; server_most_at_once counts requests under way.
 * server_start() before the tests, server_stop() after; server_reset() forgets script and requests;
 * server_say() and server_answer() add to the script, beyond which each request gets 200 {};
 * server_request(n) is the n-th, head and body as received, "" when there was none. */
#define MOST    200
#define LARGEST 20000

static int server_port, server_closed_port, server_requests, server_connections,
	server_most_at_once;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_t acceptor, talker[MOST * 4];
static int listener, talkers, turns, at_once, stopping, live; /* live: connections that are open */
static struct server_turn script[MOST];
static char *received[MOST];
/* answers may still be on their way when a test is over: all are kept to the end */
static char *kept[MOST * 20];
static int keeps;

static int listen_somewhere(int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&address, &size))
		abort();
	*port = ntohs(address.sin_port);
	return fd;
}

/* One whole request, NUL-terminated; false when the connection ended before. */
static bool read_request(int fd, char text[LARGEST])
{
	size_t size = 0, whole = 0;

	while (!whole || size < whole) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (poll(&p, 1, 50) == 0 && !__atomic_load_n(&stopping, __ATOMIC_SEQ_CST))
			continue;
		ssize_t n = recv(fd, text + size, LARGEST - 1 - size, MSG_DONTWAIT);
		if (n <= 0)
			return false;
		text[size += (size_t)n] = 0;
		char *end = strstr(text, "\r\n\r\n"),
		     *length = strcasestr(text, "\r\nContent-Length:");
		if (end)
			whole = (size_t)(end + 4 - text) +
				(length ? strtoul(length + 17, NULL, 10) : 0);
	}
	return true;
}

static struct server_turn take_turn(const char *text)
{
	static const char otherwise[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
	struct server_turn turn = {.raw = otherwise};

	pthread_mutex_lock(&mutex);
	if (++at_once > server_most_at_once)
		server_most_at_once = at_once;
	if (server_requests < turns)
		turn = script[server_requests];
	if (server_requests < MOST)
		received[server_requests] = strdup(text);
	server_requests++;
	pthread_mutex_unlock(&mutex);
	return turn;
}

static void send_all(int fd, const char *bytes, size_t size)
{
	for (ssize_t n; size; bytes += n, size -= (size_t)n)
		if ((n = send(fd, bytes, size, MSG_NOSIGNAL)) <= 0)
			return;
}

static void send_drops(int fd, const struct server_turn *turn)
{
	for (const char *p = turn->raw; *p && !__atomic_load_n(&stopping, __ATOMIC_SEQ_CST); p++) {
		if (send(fd, p, 1, MSG_NOSIGNAL) <= 0)
			return;
		usleep((useconds_t)turn->drip_ms * 1000);
	}
}

static void *talk(void *argument)
{
	int fd = (int)(long)argument;
	char *text = malloc(LARGEST);

	while (read_request(fd, text)) {
		struct server_turn turn = take_turn(text);
		for (int ms = 0;
		     ms < turn.delay_ms && !__atomic_load_n(&stopping, __ATOMIC_SEQ_CST); ms++)
			usleep(1000);
		pthread_mutex_lock(&mutex);
		at_once--;
		pthread_mutex_unlock(&mutex);
		if (turn.raw && turn.drip_ms)
			send_drops(fd, &turn);
		else if (turn.raw)
			send_all(fd, turn.raw, turn.size ? (size_t)turn.size : strlen(turn.raw));
		if (!turn.raw || turn.hang_up)
			break;
	}
	close(fd);
	free(text);
	__atomic_sub_fetch(&live, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void *accept_all(void *unused)
{
	(void)unused;
	for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
		pthread_mutex_lock(&mutex);
		server_connections++;
		pthread_mutex_unlock(&mutex);
		__atomic_add_fetch(&live, 1, __ATOMIC_SEQ_CST);
		if (pthread_create(&talker[talkers++], NULL, talk, (void *)(long)fd))
			abort();
	}
	return NULL;
}

static void server_start(void)
{
	close(listen_somewhere(&server_closed_port));
	listener = listen_somewhere(&server_port);
	if (pthread_create(&acceptor, NULL, accept_all, NULL))
		abort();
}

static void server_reset(void)
{
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < MOST; i++) {
		free(received[i]);
		received[i] = NULL;
	}
	turns = server_requests = server_connections = server_most_at_once = 0;
	pthread_mutex_unlock(&mutex);
}

/* Every client has gone: wait until what they left behind was read, so that it takes no turn of
 * what comes next. */
static void __attribute__((unused)) server_drain(void)
{
	do
		usleep(100000);
	while (__atomic_load_n(&live, __ATOMIC_SEQ_CST));
}

static void server_stop(void)
{
	__atomic_store_n(&stopping, 1, __ATOMIC_SEQ_CST);
	shutdown(listener, SHUT_RDWR);
	pthread_join(acceptor, NULL);
	close(listener);
	for (int i = 0; i < talkers; i++)
		pthread_join(talker[i], NULL);
	server_reset();
	while (keeps)
		free(kept[--keeps]);
}

static void server_say(const struct server_turn *turn)
{
	size_t size = !turn->raw ? 0 : turn->size ? (size_t)turn->size : strlen(turn->raw);

	pthread_mutex_lock(&mutex);
	script[turns] = *turn;
	script[turns].size = (long)size;
	if (turn->raw)
		script[turns].raw = kept[keeps++] = memcpy(malloc(size + 1), turn->raw, size);
	turns++;
	pthread_mutex_unlock(&mutex);
}

static void server_answer(int status, const char *headers, const char *body)
{
	char *raw = NULL;

	if (asprintf(&raw, "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\n\r\n%s", status, headers,
		     strlen(body), body) < 0)
		abort();
	server_say(&(struct server_turn){.raw = raw});
	free(raw);
}

static const char *server_request(int n)
{
	pthread_mutex_lock(&mutex);
	const char *text = n < MOST && received[n] ? received[n] : "";
	pthread_mutex_unlock(&mutex);
	return text;
}

#endif
