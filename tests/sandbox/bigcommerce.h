/* What the files of the BigCommerce side share: errors, lists with their filters, and how records
 * look.  The rules come from contracts/bigcommerce.md and the OpenAPI files beside it. */
#ifndef BIGCOMMERCE_H
#define BIGCOMMERCE_H

#include "sandbox.h"

#include <stdio.h>

/* V2: [{"status","message"}], V3: {"status","title","type",...}; chosen by the call's path. */
void bigcommerce_error(const struct call *, struct answer *, int status, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

char *bigcommerce_date(char text[40], int64_t epoch); /* RFC 2822, "+0000" */
bool bigcommerce_id(const char *text, int64_t *id);   /* digits only */

/* Query parameters of a list as a table; the last row has name NULL.
 *
 * sql is a condition with one "?"; kinds that need none have sql NULL.  A row with kind KNOWN is
 * read elsewhere (page, limit, include ...).  V3 refuses what is not in the table, V2 drops it. */
enum filter_kind {
	FILTER_KNOWN,
	FILTER_INTEGER,
	FILTER_TEXT,
	FILTER_MONEY,   /* compared in ten-thousandths */
	FILTER_BOOLEAN, /* true | false | 1 | 0 */
	FILTER_DATE,
	FILTER_DATE_MIN, /* sql is the column: >= or >, by switch bc_date_bounds */
	FILTER_DATE_MAX,
	FILTER_INTEGERS, /* comma list, handed over as a JSON array */
	FILTER_TEXTS,
	FILTER_WORD, /* one of the words in sql, which is no condition: "a|b|c" */
};
struct filter {
	const char *name;
	enum filter_kind kind;
	const char *sql;
};

/* A SELECT under construction: text with "?" and what they stand for. */
struct list {
	const struct call *call;
	struct answer *answer;
	char *sql;
	struct bound {
		bool is_text;
		int64_t number;
		char *text;
	} bound[24];
	int bound_count;
	int64_t page, limit;
};

/* Start with "SELECT ... WHERE ..."; filters are appended with AND.  False: already answered, and
 * nothing to release. */
bool list_begin(struct list *, const struct call *, struct answer *, const char *sql,
		const struct filter *);
void list_add(struct list *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void list_bind(struct list *, int64_t number);
sqlite3_stmt *list_prepare(const struct list *, const char *sql); /* sql, or the list's own */
int64_t list_count(const struct list *);                          /* rows before page and limit */
void list_release(struct list *);

/* page and limit; false: answered.  max 0: none stated. */
bool list_paging(struct list *, int64_t max);
/* Run it: each row's first column is the JSON text of one record.  These also release. */
void list_answer_v2(struct list *);
void list_answer_v3(struct list *);
/* The V3 envelope around data (taken), for lists that make their records themselves. */
void list_envelope(struct list *, cJSON *data, int64_t total);
cJSON *list_pagination(const struct list *, int64_t count, int64_t total);

/* include=a,b: every word must be in allowed ("a|b|c"), else 400 / 422 and false. */
bool include_allowed(const struct call *, struct answer *, const char *allowed);
bool include_has(const struct call *, const char *word);
/* include_fields= and exclude_fields= of the catalogue; id always stays. */
bool fields_allowed(const struct call *, struct answer *, const cJSON *record);
void fields_pick(const struct call *, cJSON *record);

/* Records */
void record_merge(cJSON *into, const char *body_json); /* body's fields replace those of into */
cJSON *record_link(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool order_exists(const struct call *, struct answer *, const char *id, int64_t *order_id);
/* columns of bc_order in the order of ORDER_COLUMNS */
#define ORDER_COLUMNS                                                                              \
	"id, status_id, customer_id, channel_id, payment_method, external_order_id, external_id,"  \
	" cart_id, total_inc_tax, is_deleted, staff_notes, customer_message, date_created,"        \
	" date_modified, date_shipped, body"
cJSON *order_record(sqlite3_stmt *row, const struct call *);
cJSON *consignments_record(int64_t order_id, bool line_items, const char **warning);
cJSON *fees_record(int64_t order_id);

/* The routes' functions, by file */
#define ROUTE(name) void name(const struct call *, struct answer *, char *const arg[4])
ROUTE(orders_list);
ROUTE(orders_count);
ROUTE(orders_get);
ROUTE(orders_put);
ROUTE(order_products);
ROUTE(order_product);
ROUTE(order_addresses);
ROUTE(order_address);
ROUTE(order_coupons);
ROUTE(order_taxes);
ROUTE(order_fees);
ROUTE(order_consignments);
ROUTE(order_messages);
ROUTE(order_shipments);
ROUTE(shipment_post);
ROUTE(shipment_get);
ROUTE(shipment_put);
ROUTE(shipments_count);
ROUTE(order_statuses);
ROUTE(order_status);
ROUTE(store_get);
ROUTE(store_time);
ROUTE(customer_groups);
ROUTE(tax_classes);
ROUTE(currencies);
ROUTE(payment_methods);
ROUTE(channels);
ROUTE(locations);
ROUTE(inventory_items);
ROUTE(inventory_adjust);
ROUTE(customers_list);
ROUTE(products_list);
ROUTE(variants_list);
ROUTE(transactions_list);
ROUTE(refunds_list);
ROUTE(order_refunds);
#undef ROUTE

#endif
