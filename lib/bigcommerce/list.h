/* BigCommerce's lists, read whole, page by page, and believed only when they are what was asked for.
 *
 * V2 answers a bare array, or 204 when it is empty; V3 {"data": [...], "meta": {"pagination": ...}}.  A page has
 * that envelope, at most as many records as were asked for, records of the right kind, and goes on where the
 * one before ended; what the list counts is what was read.  Anything else is an outage (75, noted, quoted),
 * never an empty list; and a page that brings nothing new ends the reading, it never goes round for ever.
 *
 *   static const struct bc_list shipments = {.what = "shipments", .path = "/v2/orders/{}/shipments",
 *           .limit = 250, .shape = "json_type(value, '$.items') = 'array'"};
 *   struct bc_list list = shipments;
 *   struct bc_read read;
 *   list.order = 1042;
 *   if (bc_list_read(job, &list, NULL, &read)) ... temp.page(payload, id, order_id) holds them all ...
 *
 * A list that is too long to be held is taken page by page by keep(), and by ids where it can be.  When records
 * move while the pages are read, or the list counts others than it gave, it is begun anew, some times.
 *
 * A record among others whose id cannot be read is a reject, told until a later reading shows none.
 */
#ifndef LIB_BIGCOMMERCE_LIST_H
#define LIB_BIGCOMMERCE_LIST_H

#include "lib/stage.h"

struct bc_read {
	int64_t count;     /* records so far, whether their ids can be read or not */
	int64_t nameless;  /* of them, those whose ids cannot */
	int64_t last;      /* highest id */
	int64_t total;     /* as the list counts them; -1 = it does not tell */
	int64_t pages;     /* so far */
	int64_t date;      /* the server's clock when the first page was answered, 0 = not told */
	bool absent;       /* 404, where that may be an answer: there is no such list */
	bool refused;      /* 403 or another 4xx, where they may be an answer */
	bool odd;          /* it failed, but was answered: not as what was asked for */
	char message[600]; /* why, of both */
};

struct bc_list {
	const char *what; /* "orders"; "transactions": told as "the transactions of order 1042" */
	const char
		*path; /* without page, limit and ids: "/v2/orders?sort=id%3Aasc"; {} = the order */
	const char *setting; /* what to check when the request is refused; NULL: .env */
	int limit;     /* records of a page; 0: the list takes no such thing and has one page */
	int64_t order; /* whose list it is: no record tells another order_id; 0 = of none */
	/* By ids instead of pages: V2 by min_id, to an empty page, V3 by id:greater; from `above` on. */
	bool by_id;
	int64_t above;
	bool may_be_absent;    /* 404 is an answer */
	bool may_be_forbidden; /* so is 403; otherwise it ends the run (77) */
	bool may_be_refused;   /* so is any other 4xx */
	bool uncounted;        /* it may count more than it gives */
	bool null_is_none;     /* {"data": null} says that it is empty */
	/* SQL over `value`, an object: whether it looks like such a record; NULL: it has a name. */
	const char *shape;
	bool each; /* every one of them must; otherwise one does, and the caller judges the others by fields */
	const char *id; /* SQL over `value`; NULL: whole(value -> '$.id') */
	/* A record whose id cannot be read: "order" = rejected as order:unknown-..., of that job; "" = the
	 * caller judges it (id is NULL in temp.page); NULL = the page is not what was asked for. */
	const char *nameless, *job;
	size_t max_bytes,
		page_bytes; /* 0 = as http has it; a page past the second halves the limit */
	/* Take temp.page, which holds this page alone, inside the transaction; NULL: it holds them all at
	 * the end. */
	void (*keep)(struct job *, void *context, const struct bc_read *);
	/* More of the query, after the first page was read as well: "&max_date=..."; NULL = none. */
	char *(*query)(void *context, const struct bc_read *);
	/* Asked after a page shorter than its limit, where no total is told: whether all is there; NULL: it
	 * is, but by ids V2 has an empty page for its end. */
	bool (*enough)(struct job *, void *context);
	void *context;
};

/* "&min_date_created=...", as V2 takes it. */
struct buf;
void bc_date(struct buf *, const char *name, int64_t epoch);

/* The request for the first page, ahead of time. */
struct call *bc_list_ask(struct job *, const struct bc_list *);

/* Read it all; first = that request, or NULL.  False: an outage or a refusal, noted. */
bool bc_list_read(struct job *, const struct bc_list *, struct call *first, struct bc_read *);

#endif
