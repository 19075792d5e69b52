/* What hangs on a placed order besides its lines: coupon, taxes are elsewhere; here money that
 * moved, and messages.  Ids of an order that is placed again are kept, by position. */
#include "lib/clock.h"
#include "place_p.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void merge(cJSON *into, const cJSON *fields)
{
	for (const cJSON *f = fields ? fields->child : NULL; f; f = f->next) {
		cJSON_DeleteItemFromObjectCaseSensitive(into, f->string);
		cJSON_AddItemToObject(into, f->string, cJSON_Duplicate(f, true));
	}
}

/* The n-th id that the order had in the table, else the next one. */
static int64_t kept_id(const char *table, const char *sequence, int64_t order, int n)
{
	char sql[128];

	snprintf(sql, sizeof sql,
		 "SELECT id FROM %s WHERE order_id = ? ORDER BY id LIMIT 1 OFFSET ?", table);
	int64_t id = state_int(0, sql, "ii", order, (int64_t)n);
	return id ? id : place_next_id(sequence);
}

static void add_amount(cJSON *into, int64_t amount)
{
	char text[MONEY_TEXT];

	cJSON_AddRawToObject(into, "amount", money_number(text, amount));
}

static cJSON *transaction(const struct place_order *o, int64_t id, int64_t amount)
{
	static const char *const nulls[] = {"offline",
					    "custom",
					    "gift_certificate",
					    "store_credit",
					    "reference_transaction_id",
					    "payment_instrument_token"};
	cJSON *t = cJSON_CreateObject();
	char text[64];

	cJSON_AddNumberToObject(t, "id", (double)id);
	snprintf(text, sizeof text, "%" PRId64, o->id);
	cJSON_AddStringToObject(t, "order_id", text);
	cJSON_AddStringToObject(t, "event", "purchase");
	cJSON_AddStringToObject(t, "method", "credit_card");
	add_amount(t, amount);
	cJSON_AddStringToObject(t, "currency", place_text(o->from, "currency", "GBP"));
	cJSON_AddStringToObject(t, "gateway", "authorizenet");
	snprintf(text, sizeof text, "gw-%" PRId64, id);
	cJSON_AddStringToObject(t, "gateway_transaction_id", text);
	clock_iso(text, o->created);
	strcpy(text + strlen(text) - 1, "+00:00");
	cJSON_AddStringToObject(t, "date_created", text);
	cJSON_AddBoolToObject(t, "test", false);
	cJSON_AddStringToObject(t, "status", "ok");
	cJSON_AddBoolToObject(t, "fraud_review", false);
	cJSON_AddStringToObject(t, "payment_method_id", "authorizenet.credit_card");
	cJSON_AddRawToObject(t, "avs_result", "{}");
	cJSON_AddRawToObject(t, "cvv_result", "{}");
	cJSON_AddRawToObject(
		t, "credit_card",
		"{\"card_type\":\"visa\",\"card_iin\":\"411111\","
		"\"card_last4\":\"1111\",\"card_expiry_month\":12,\"card_expiry_year\":2030}");
	for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
		cJSON_AddNullToObject(t, nulls[i]);
	return t;
}

static void store(const char *table, int64_t id, int64_t order, cJSON *body)
{
	char sql[128];
	char *text = cJSON_PrintUnformatted(body);

	snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO %s (id, order_id, body) VALUES (?, ?, ?)",
		 table);
	state_run(sql, "iit", id, order, text);
	free(text);
	cJSON_Delete(body);
}

/* A purchase by another method than the card: "store_credit", "gift_certificate". */
static int pay_part(const struct place_order *o, const char *method, int n)
{
	int64_t amount = place_money(o->from, method, 0);

	if (!amount)
		return n;
	int64_t id = kept_id("bc_transaction", "transaction", o->id, n);
	cJSON *t = transaction(o, id, amount), *over = cJSON_CreateObject();
	cJSON_AddStringToObject(over, "method", method);
	cJSON_AddStringToObject(over, "gateway",
				!strcmp(method, "store_credit") ? "storecredit"
								: "giftcertificate");
	cJSON_AddNullToObject(over, "credit_card");
	merge(t, over);
	cJSON_Delete(over);
	store("bc_transaction", id, o->id, t);
	return n + 1;
}

/* "paid": true, or an object of fields that differ from a card purchase of what is due */
static int pay(const struct place_order *o)
{
	const cJSON *paid = cJSON_GetObjectItemCaseSensitive(o->from, "paid");
	int64_t due = o->total.inc; /* the total may be told before what was paid otherwise */
	int n = 0;

	if (!switch_is("bc_total_after_credit", "yes"))
		due -= place_money(o->from, "store_credit", 0) +
		       place_money(o->from, "gift_certificate", 0);

	if (!paid || cJSON_IsFalse(paid))
		return 0;
	n = pay_part(o, "store_credit", n);
	n = pay_part(o, "gift_certificate", n);
	if (due > 0 || cJSON_IsObject(paid)) {
		int64_t id = kept_id("bc_transaction", "transaction", o->id, n++);
		cJSON *t = transaction(o, id, due);
		merge(t, paid);
		store("bc_transaction", id, o->id, t);
	}
	return n;
}

static void place_transactions(const struct place_order *o)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(o->from, "transactions"), *item;
	int n = pay(o);

	cJSON_ArrayForEach (item, list) {
		int64_t id = place_int(item, "id", 0);
		if (!id)
			id = kept_id("bc_transaction", "transaction", o->id, n++);
		cJSON *t = transaction(o, id,
				       money_of(cJSON_GetObjectItem(item, "amount"), o->total.inc));
		merge(t, item);
		store("bc_transaction", id, o->id, t);
	}
}

static void place_refunds(const struct place_order *o)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(o->from, "refunds"), *item;
	char created[CLOCK_TEXT];
	int n = 0;

	cJSON_ArrayForEach (item, list) {
		int64_t id = place_int(item, "id", 0),
			at = place_date(item, "created", o->modified);
		if (!id)
			id = kept_id("bc_refund", "refund", o->id, n++);
		cJSON *r = cJSON_CreateObject();
		cJSON_AddNumberToObject(r, "id", (double)id);
		cJSON_AddNumberToObject(r, "order_id", (double)o->id);
		cJSON_AddNumberToObject(r, "user_id", 1);
		cJSON_AddStringToObject(r, "reason", "");
		cJSON_AddNumberToObject(r, "total_amount", 0);
		cJSON_AddNumberToObject(r, "total_tax", 0);
		cJSON_AddBoolToObject(r, "uses_merchant_override_values", false);
		cJSON_AddArrayToObject(r, "items");
		cJSON_AddArrayToObject(r, "payments");
		merge(r, item);
		cJSON_DeleteItemFromObjectCaseSensitive(r, "created");
		cJSON_AddStringToObject(r, "created", clock_iso(created, at));
		store("bc_refund", id, o->id, r);
		state_run("UPDATE bc_refund SET created = ? WHERE id = ?", "ii", at, id);
	}
}

static void place_coupon(const struct place_order *o)
{
	const cJSON *coupon = cJSON_GetObjectItemCaseSensitive(o->from, "coupon");
	char amount[MONEY_TEXT];

	if (!coupon) {
		state_run("DELETE FROM bc_order_coupon WHERE order_id = ?", "i", o->id);
		return;
	}
	int64_t id = kept_id("bc_order_coupon", "coupon", o->id, 0);
	cJSON *body = cJSON_CreateObject();
	cJSON_AddNumberToObject(body, "id", (double)id);
	cJSON_AddNumberToObject(body, "coupon_id", (double)place_int(coupon, "coupon_id", 1));
	cJSON_AddNumberToObject(body, "order_id", (double)o->id);
	cJSON_AddStringToObject(body, "code", place_text(coupon, "code", "COUPON"));
	cJSON_AddStringToObject(body, "amount",
				money_text(amount, place_money(coupon, "amount", o->coupon)));
	cJSON_AddNumberToObject(body, "type", (double)place_int(coupon, "type", 2));
	cJSON_AddRawToObject(body, "discount", money_number(amount, o->coupon));
	store("bc_order_coupon", id, o->id, body);
}

static void place_messages(const struct place_order *o)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(o->from, "messages"), *item;

	if (list)
		state_run("DELETE FROM bc_order_message WHERE order_id = ?", "i", o->id);
	cJSON_ArrayForEach (item, list)
		state_run("INSERT INTO bc_order_message (order_id, customer_id, type, subject, "
			  "message,"
			  " status, is_flagged, date_created) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			  "iittttii", o->id, o->customer_id, place_text(item, "type", "customer"),
			  place_text(item, "subject", ""), place_text(item, "message", ""),
			  place_text(item, "status", "unread"),
			  (int64_t)place_bool(item, "is_flagged", false),
			  place_date(item, "created", o->modified));
}

void place_payments(const struct place_order *o)
{
	place_transactions(o);
	place_refunds(o);
	place_coupon(o);
	place_messages(o);
}
