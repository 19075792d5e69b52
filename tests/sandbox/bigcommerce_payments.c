/* V3 transactions of one order, and refunds of many. */
#include "bigcommerce.h"

#include <inttypes.h>
#include <stdlib.h>

#define NOT_CREDIT       " AND body ->> 'method' NOT IN ('store_credit', 'gift_certificate')"
#define NOT_LAST         " AND id < (SELECT max(id) FROM bc_transaction m WHERE m.order_id = t.order_id)"
#define TRANSACTIONS_MAX 250 /* what lies behind them cannot be reached: no parameters */

/* What is listed of an order's transactions: they may show later than the order. */
static void listed(char *sql, size_t size, int64_t order)
{
	snprintf(sql, size,
		 "SELECT body FROM bc_transaction t WHERE order_id = %" PRId64 "%s%s%s ORDER BY id",
		 order, switch_is("bc_credit_listed", "no") ? NOT_CREDIT : "",
		 switch_is("bc_transactions_listed", "but_last") ? NOT_LAST : "",
		 switch_is("bc_transactions_listed", "none") ? " AND false" : "");
}

void transactions_list(const struct call *call, struct answer *answer, char *const arg[4])
{
	const struct call bare = {.path = call->path, .method = call->method};
	struct list list;
	int64_t id;
	char sql[400], any[440];

	if (!order_exists(call, answer, arg[0], &id))
		return;
	if (switch_is("bc_payment_service", "down") || switch_int("bc_payment_service") == id) {
		bigcommerce_error(call, answer, 503, "The payment service is unavailable.");
		return;
	}
	listed(sql, sizeof sql, id);
	snprintf(any, sizeof any, "SELECT EXISTS (%s)", sql);
	bool none = !state_int(0, any, "");
	if (none && switch_is("bc_no_transactions", "404")) {
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	} else if (none && switch_is("bc_no_transactions", "204")) {
		answer_text(answer, 204, NULL, NULL);
	} else if (none && switch_is("bc_no_transactions", "null")) {
		answer_text(answer, 200, "{\"data\":null,\"meta\":{}}", "application/json");
	} else {
		list_begin(&list, &bare, answer, sql, NULL);
		list.limit = TRANSACTIONS_MAX;
		list_answer_v3(&list);
	}
}

#define REFUNDS "SELECT body FROM bc_refund WHERE 1"
#define REFUND_TRANSACTION                                                                         \
	{                                                                                          \
		"transaction_id", FILTER_TEXT,                                                     \
			"EXISTS (SELECT 1 FROM json_each(body, '$.payments')"                      \
			" p WHERE p.value ->> 'transaction_id' = ?)"                               \
	}

void refunds_list(const struct call *call, struct answer *answer, char *const arg[4])
{
	static const struct filter filters[] = {
		{"order_id:in", FILTER_INTEGERS, "order_id IN (SELECT value FROM json_each(?))"},
		{"id:in", FILTER_INTEGERS, "id IN (SELECT value FROM json_each(?))"},
		{"created:min", FILTER_DATE, "created >= ?"},
		{"created:max", FILTER_DATE, "created <= ?"},
		REFUND_TRANSACTION,
		{"page", FILTER_KNOWN, NULL},
		{"limit", FILTER_KNOWN, NULL},
		{NULL, FILTER_KNOWN, NULL},
	};
	struct list list;

	(void)arg;
	if (!list_begin(&list, call, answer, REFUNDS, filters))
		return;
	list_add(&list,
		 switch_is("bc_refunds_listed", "no") ? " AND false ORDER BY id" : " ORDER BY id");
	if (list_paging(&list, 250))
		list_answer_v3(&list);
}

void order_refunds(const struct call *call, struct answer *answer, char *const arg[4])
{
	static const struct filter filters[] = {REFUND_TRANSACTION, {NULL, FILTER_KNOWN, NULL}};
	struct list list;
	int64_t id;

	if (!order_exists(call, answer, arg[0], &id) ||
	    !list_begin(&list, call, answer, REFUNDS, filters))
		return;
	list_add(&list, " AND order_id = %" PRId64 " ORDER BY id", id);
	list.limit = 250;
	list_answer_v3(&list);
}
