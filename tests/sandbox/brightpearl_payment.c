/* POST and DELETE of /accounting-service/customer-payment (section 11); the search is a line in
 * brightpearl_columns.c.
 *
 * Amounts and rates are JSON numbers, as in the recordings.  The order's payment status follows
 * what is paid on it.  Nothing is made up where the contract is silent: switch bp_duplicate_payment
 * is the code of a refused repeat. */
#include "brightpearl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE "ACTC-010"

static const struct bp_field payment_fields[] = {
	{"transactionRef", BP_TEXT, .max = 64},
	{"transactionCode", BP_TEXT, .max = 64},
	{"paymentMethodCode", BP_TEXT, .required = true, .max = 36},
	{"paymentType", BP_TEXT, .required = true,
	 .accepts = "SELECT ? IN ('AUTH', 'CAPTURE', 'PAYMENT', 'RECEIPT', 'VOID')"},
	{"orderId", BP_INT, .required = true, .accepts = "SELECT 1 FROM bp_order WHERE id = ?"},
	{"currencyIsoCode", BP_TEXT, .required = true, .max = 3,
	 .accepts = "SELECT 1 FROM bp_currency WHERE code = ?"},
	{"exchangeRate", .kind = BP_RATE},
	{"amountAuthorized", BP_DECIMAL, .accepts = "SELECT ? >= 0"},
	{"amountPaid", .kind = BP_DECIMAL},
	{"authorizationExpiry", .kind = BP_TIME},
	{"journalId", .kind = BP_INT},
	{"journalRef", BP_TEXT, .max = 255},
	{"paymentDate", BP_TIME, .required = true},
	{NULL},
};

/* The numbers as the texts that they were, which is how decimals are checked. */
static bool numbers_to_texts(cJSON *record, struct answer *answer)
{
	static const char *const names[] = {"exchangeRate", "amountAuthorized", "amountPaid"};
	char text[64];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const cJSON *number = cJSON_GetObjectItemCaseSensitive(record, names[i]);
		if (!number || cJSON_IsNull(number))
			continue;
		if (!cJSON_IsNumber(number)) {
			bp_fail(answer, 400, CODE, "You have supplied an invalid %s: not a number",
				names[i]);
			return false;
		}
		snprintf(text, sizeof text, "%.8f", number->valuedouble);
		while (text[strlen(text) - 1] == '0')
			text[strlen(text) - 1] = 0;
		if (text[strlen(text) - 1] == '.')
			text[strlen(text) - 1] = 0;
		cJSON_ReplaceItemInObjectCaseSensitive(record, names[i], cJSON_CreateString(text));
	}
	return true;
}

static bool is_type(const cJSON *record, const char *type)
{
	return !strcmp(bp_at_text(record, "paymentType"), type);
}

/* What a type needs, and what it must fit to. */
static bool check_type(const cJSON *record, struct answer *answer)
{
	bool auth = is_type(record, "AUTH"),
	     hangs = is_type(record, "CAPTURE") || is_type(record, "VOID");

	if ((auth || is_type(record, "VOID")) && !bp_at(record, "amountAuthorized"))
		bp_fail(answer, 400, CODE, "You have not supplied amountAuthorized");
	else if (auth && !bp_at(record, "authorizationExpiry"))
		bp_fail(answer, 400, CODE, "You have not supplied authorizationExpiry");
	else if (hangs && !state_int(0,
				     "SELECT 1 FROM bp_payment WHERE type = 'AUTH' AND order_id = ?"
				     " AND transaction_code = ?",
				     "it", bp_at_int(record, "orderId", 0),
				     bp_at_text(record, "transactionCode")))
		bp_fail(answer, 400, CODE, "There is no authorisation with this transactionCode");
	else if (!state_int(0, "SELECT currency = ? FROM bp_order WHERE id = ?", "ti",
			    bp_at_text(record, "currencyIsoCode"), bp_at_int(record, "orderId", 0)))
		bp_fail(answer, 400, CODE, "The payment is not in the order's currency");
	return !bp_failed(answer);
}

/* The check that a transactionRef triggers; an AUTH and its CAPTURE may not share one either. */
static bool check_unique(const cJSON *record, struct answer *answer)
{
	const char *ref = bp_at_text(record, "transactionRef");
	char code[40];

	if (!ref || !state_int(0,
			       "SELECT 1 FROM bp_payment WHERE transaction_ref = ?1"
			       " AND (method = ?2 OR (?3 IN ('AUTH', 'CAPTURE') AND type IN "
			       "('AUTH', 'CAPTURE')))",
			       "ttt", ref, bp_at_text(record, "paymentMethodCode"),
			       bp_at_text(record, "paymentType")))
		return true;
	char *chosen = state_text("SELECT value FROM switch WHERE name = 'bp_duplicate_payment'",
				  "");
	snprintf(code, sizeof code, "%s", chosen);
	free(chosen);
	bp_fail(answer, 400, code,
		"The transaction reference is already in use for this payment method");
	return false;
}

/* Paid on a sale is what came in less what went out; on a credit the other way round. */
static void follow_status(int64_t order)
{
	state_run("UPDATE bp_order SET payment_status = CASE WHEN total = 0 THEN 'NOT_APPLICABLE'"
		  " WHEN p.paid >= total THEN 'PAID' WHEN p.paid > 0 THEN 'PARTIALLY_PAID' ELSE "
		  "'UNPAID' END"
		  " FROM (SELECT coalesce(sum(CASE WHEN type IN ('RECEIPT', 'CAPTURE') THEN "
		  "amount_paid"
		  " WHEN type = 'PAYMENT' THEN -amount_paid ELSE 0 END), 0)"
		  " * iif((SELECT order_type FROM bp_order WHERE id = ?1) = 'SC', -1, 1) AS paid"
		  " FROM bp_payment WHERE order_id = ?1) p WHERE id = ?1",
		  "i", order);
}

/* Whether money touches the order is not documented. */
static void touch(int64_t order)
{
	if (switch_is("bp_payment_touches", "yes"))
		bp_order_touch(order);
	follow_status(order);
}

static void store(const cJSON *record)
{
	bool auth = is_type(record, "AUTH") || is_type(record, "VOID");

	state_run(
		"INSERT INTO bp_payment (transaction_ref, transaction_code, method, type, order_id,"
		" currency, exchange_rate, amount_authorized, amount_paid, expires, payment_date, "
		"created_on,"
		" journal_id, visible_at_ms) VALUES (?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, "
		"nullif(?, 0), ?, ?, nullif(?, 0), ?)",
		"ttttitiiiiiiii", bp_at_text(record, "transactionRef"),
		bp_at_text(record, "transactionCode"), bp_at_text(record, "paymentMethodCode"),
		bp_at_text(record, "paymentType"), bp_at_int(record, "orderId", 0),
		bp_at_text(record, "currencyIsoCode"), bp_at_int(record, "exchangeRate", 0),
		auth ? bp_at_int(record, "amountAuthorized", 0) : (int64_t)0,
		auth ? (int64_t)0 : bp_at_int(record, "amountPaid", 0),
		bp_at_int(record, "authorizationExpiry", 0), bp_at_int(record, "paymentDate", 0),
		bp_now(), bp_at_int(record, "journalId", 0), bp_visible_at());
}

BP_ROUTE(bp_payment_post)
{
	(void)arg;
	const cJSON *body = bp_body(call, answer);
	cJSON *copy = body && cJSON_IsObject(body) ? cJSON_Duplicate(body, true) : NULL;
	cJSON *record = NULL;

	if (copy ? numbers_to_texts(copy, answer) : body != NULL)
		record = bp_check_record(copy ? copy : body, payment_fields, CODE, answer);
	if (record && check_type(record, answer) && check_unique(record, answer)) {
		store(record);
		int64_t id = sqlite3_last_insert_rowid(state_db);
		touch(bp_at_int(record, "orderId", 0));
		bp_respond_id(answer, id);
	}
	cJSON_Delete(record);
	cJSON_Delete(copy);
}

BP_ROUTE(bp_payment_delete)
{
	(void)call;
	int64_t id = bp_path_known(arg[0], "SELECT 1 FROM bp_payment WHERE id = ?",
				   "Customer payment", answer);

	if (!id)
		return;
	int64_t order = state_int(0, "SELECT order_id FROM bp_payment WHERE id = ?", "i", id);
	state_run("DELETE FROM bp_payment WHERE id = ?", "i", id);
	touch(order);
	bp_done(answer);
}
