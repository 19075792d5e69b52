/* One HTTP request and its answer on their way through server.c, serve.c, fault.c and quota.c.
 *
 * server.c (libmicrohttpd) makes it and sends what became of it; serve.c runs everything between
 * under one lock; fault.c and quota.c may decide the answer before a route is asked. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "sandbox.h"

enum api { API_NONE, API_BIGCOMMERCE, API_BRIGHTPEARL, API_CONTROL };

enum sending {
	SEND_WHOLE,
	SEND_CLOSE, /* close the connection, not one byte */
	SEND_HALF,  /* the full Content-Length, half of the body, close */
	SEND_BOMB,  /* a small gzip that unpacks to arg MiB */
	SEND_DRIP,  /* a byte every arg ms */
};

struct exchange {
	/* as received */
	char *uri; /* from malloc; cut up by serve.c */
	char *body;
	size_t body_size;
	int64_t connection, nth_on_connection;
	/* what was made of it */
	enum api api;
	char *path, *query; /* inside uri; path follows the API's base */
	char *tenant;       /* malloc'ed */
	struct call call;
	struct answer answer;
	enum sending sending;
	int64_t bomb_mib, drip_ms;
	int64_t date_off_s; /* seconds added to the Date header */
	char date_is;       /* 'n': there is none, 'b': it cannot be read */
	bool gzip;          /* may be compressed */
	struct header {
		char name[48], value[72];
	} headers[12];
	int header_count;
};

/* serve.c: fill answer, sending and headers.  Thread safe; sleeps for latency and stalls. */
void serve(struct exchange *);
void serve_stop(void); /* wakes the sleepers: the sandbox ends */
void exchange_header(struct exchange *, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Several as "Name: value|Name: value", in place of those of the same name. */
void exchange_replace_headers(struct exchange *, const char *headers);

/* dispatch.c: cut the URI into api, tenant, path and parameters. */
void dispatch_parse(struct exchange *);
void dispatch_release(struct exchange *);

/* control.c: /sandbox/..., for tests; not logged, throttled or faulted. */
void control_run(struct exchange *);

#endif
