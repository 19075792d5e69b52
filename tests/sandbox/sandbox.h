/* The sandbox: one program that plays both APIs on loopback, from the published contracts.
 *
 * Data's way through it: server.c receives a request and hands it to fault.c (shall something go
 * wrong?), quota.c (is there budget left?) and auth; then to the routes of bigcommerce_*.c or
 * brightpearl_*.c, which answer from SQLite tables (schema.sql) in one transaction per request.
 * Nothing here knows the client: behaviour follows the contracts, and where they leave something
 * open, a row of table `switch` chooses the variant.
 *
 * State lives in DIR/sandbox.db.  A test reads and changes it with any SQLite tool while the
 * sandbox runs: `switch` (behaviour), `fault` (what goes wrong when), `request` (what was asked),
 * bc_* and bp_* (the two systems' records).
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <cjson/cJSON.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One request as received.  path is what follows the API's base: "/v2/orders" for BigCommerce,
 * "/order-service/order-search" for Brightpearl.  All pointers live until the answer is sent. */
struct call {
	const char *method, *path, *body;
	size_t body_size;
	cJSON *json; /* the parsed body, NULL when there is none or it is not JSON */
	const char *(*header)(const struct call *, const char *name); /* NULL when absent */
	void *transport;
	/* query parameters, decoded once, in the order received; names may repeat */
	struct param {
		char *name, *value;
	} * params;
	int param_count;
	bool inner; /* a message inside a Brightpearl multi-message: no throttle, no headers */
	const char *tenant; /* store hash or account, as it stands in the URL */
};

/* The answer.  A route fills it with answer_json() or answer_text(); headers are added by
 * server.c for the API at hand.  status 0 = not answered yet. */
struct answer {
	int status;
	char *body; /* malloc'ed, NULL for an empty body */
	const char *content_type;
	int64_t date_ms; /* 0: now */
};

/* A route's path is matched segment by segment: "*" takes any one segment, which is handed over in
 * arg[0..3], decoded. A trailing slash in the request is ignored for Brightpearl. */
struct route {
	const char *method, *path;
	void (*run)(const struct call *, struct answer *, char *const arg[4]);
};
extern const struct route bigcommerce_routes[], brightpearl_routes[]; /* end: method NULL */

/* Called for each request before its route; false = already answered (401, 403, 406, 415 ...). */
bool bigcommerce_admits(const struct call *, struct answer *);
bool brightpearl_admits(const struct call *, struct answer *);

/* server.c: find and run the route of `routes` for this call, inside a savepoint: a status of 400
 * or more undoes what the route wrote.  Multi-message uses it for each inner message. */
void sandbox_dispatch(const struct route *routes, const struct call *, struct answer *);

/* state.c: the database.  All die with a message on an SQL error, which is a bug of the sandbox. */
extern sqlite3 *state_db;
sqlite3_stmt *state_prepare(const char *sql); /* finalize it yourself */
/* Run one statement: fmt has one letter per "?": i int64_t, t const char * (NULL binds NULL).
 * state_int / state_text give the first column of the first row, or otherwise / NULL (malloc'ed). */
void state_run(const char *sql, const char *fmt, ...);
int64_t state_int(int64_t otherwise, const char *sql, const char *fmt, ...);
char *state_text(const char *sql, const char *fmt, ...);
/* A row of table switch; names and defaults are listed in schema.sql. */
int64_t switch_int(const char *name);
bool switch_is(const char *name, const char *value);

/* Time of the simulated servers, epoch ms: clock_now() plus switch clock_offset_s. */
int64_t sandbox_now(void);

/* Helpers for routes. */
const char *call_param(const struct call *, const char *name); /* NULL when absent */
void answer_json(struct answer *, int status, cJSON *body);    /* takes body */
void answer_text(struct answer *, int status, const char *text, const char *content_type);

#endif
