/* V3 transactions of one order, and refunds of many. */
#include "bigcommerce.h"

#include <inttypes.h>
#include <stdlib.h>

#define NOT_CREDIT       " AND body ->> 'method' NOT IN ('store_credit', 'gift_certificate')"
#define TRANSACTIONS_MAX 250 /* what lies behind them cannot be reached: no parameters */

void transactions_list(const struct call *call, struct answer *answer, char *const arg[4])
{
	const struct call bare = {.path = call->path, .method = call->method};
	struct list list;
	int64_t id;
	char sql[240];

	if (!order_exists(call, answer, arg[0], &id))
		return;
	if (switch_is("bc_payment_service", "down") || switch_int("bc_payment_service") == id) {
		bigcommerce_error(call, answer, 503, "The payment service is unavailable.");
		return;
	}
	bool none = !state_int(
		0,
		switch_is("bc_credit_listed", "no")
			? "SELECT 1 FROM bc_transaction WHERE order_id = ?" NOT_CREDIT
			: "SELECT 1 FROM bc_transaction WHERE order_id = ?",
		"i", id);
	if (none && switch_is("bc_no_transactions", "404")) {
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	} else if (none && switch_is("bc_no_transactions", "204")) {
		answer_text(answer, 204, NULL, NULL);
	} else {
		snprintf(sql, sizeof sql,
			 "SELECT body FROM bc_transaction WHERE order_id = %" PRId64
			 "%s ORDER BY id",
			 id, switch_is("bc_credit_listed", "no") ? NOT_CREDIT : "");
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
	list_add(&list, " ORDER BY id");
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
