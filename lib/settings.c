#include "lib/settings.h"

#include "lib/die.h"
#include "lib/fold.h"
#include "lib/nearest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SWITCH(job)                                                                                \
	{                                                                                          \
		job ".enabled", SETTING_CHOICE, "no", "no|plan|yes", 0                             \
	}

/* In the order of mappings/README.md. */
const struct setting settings[] = {
	SWITCH("customers"),
	SWITCH("orders"),
	SWITCH("payments"),
	SWITCH("fulfillment"),
	SWITCH("inventory"),
	SWITCH("notes.to_brightpearl"),
	SWITCH("notes.to_bigcommerce"),
	SWITCH("statuses.to_brightpearl"),
	SWITCH("statuses.to_bigcommerce"),
	{"orders.start_date", SETTING_DATE, "", "everything", 0},
	{"orders.start_id", SETTING_COUNT, "", "1..", 0},
	{"orders.reference", SETTING_REFERENCE, "", NULL, 1},
	{"orders.guests", SETTING_CHOICE, "yes", "yes|no", 0},
	{"orders.instance_id", SETTING_COUNT, "", "1..", 0},
	{"orders.missing_sku", SETTING_CHOICE, "hold", "hold|text_row", 0},
	{"orders.leave_out_skus", SETTING_KEYS, "|invoice-payment|", NULL, 0},
	{"orders.edits.address", SETTING_CHOICE, "update", "update|note|hold", 0},
	{"orders.edits.lines", SETTING_CHOICE, "note", "note|update|hold", 0},
	{"orders.edits", SETTING_CHOICE, "", "note|update|hold", 0},
	{"orders.digital", SETTING_CHOICE, "by_status", "by_status|always", 0},
	{"orders.rounding_limit", SETTING_AMOUNT, "500", NULL, 0},
	{"orders.rounding_per_line", SETTING_AMOUNT, "50", NULL, 0},
	{"orders.shipping_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.discount_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.handling_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.wrapping_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.fee_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.gift_certificate_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.rounding_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.text_row_nominal", SETTING_NOMINAL, "", NULL, 0},
	{"orders.lock_date", SETTING_DATE, "", NULL, 0},
	{"products.bigcommerce_key", SETTING_CHOICE, "sku", "sku|upc|mpn|gtin", 0},
	{"products.brightpearl_key", SETTING_CHOICE, "sku", "sku|barcode|ean|upc|mpn|isbn", 0},
	{"customers.create", SETTING_CHOICE, "yes", "yes|no", 0},
	{"customers.if_absent", SETTING_COUNT, "hold", "hold|1..", 0},
	{"customers.update", SETTING_CHOICE, "registered", "registered|all|fill_empty|no", 0},
	{"fulfillment.trigger", SETTING_CHOICE, "goods_out_note", "goods_out_note|order_status", 0},
	{"fulfillment.statuses", SETTING_LIST, "", "brightpearl order_status", 0},
	{"fulfillment.start_date", SETTING_DATE, "", NULL, 0},
	{"fulfillment.lookback_days", SETTING_COUNT, "14", "0..365", 0},
	{"fulfillment.tracking_wait_hours", SETTING_COUNT, "4", "0..8760", 0},
	{"fulfillment.require_tracking", SETTING_CHOICE, "no", "no|yes", 0},
	{"notes.customer_field", SETTING_THING, "", "brightpearl custom_field", 0},
	{"notes.staff_field", SETTING_THING, "", "brightpearl custom_field", 0},
	{"notes.conflict", SETTING_CHOICE, "brightpearl", "brightpearl|bigcommerce|append", 0},
	{"statuses.conflict", SETTING_CHOICE, "brightpearl", "brightpearl|bigcommerce", 0},
	{"payments.uncaptured", SETTING_CHOICE, "skip", "skip|auth|receipt", 0},
	{"payments.refunds", SETTING_CHOICE, "off", "off|payment|credit", 0},
	{"payments.wait_hours", SETTING_COUNT, "48", "0..8760", 0},
	{"inventory.full_push_hours", SETTING_COUNT, "24", "1..8760", 0},
	{"inventory.max_age_minutes", SETTING_COUNT, "20", "1..1440", 0},
	{"inventory.unpaid_hold_days", SETTING_COUNT, "7", "0..365", 0},
	{"inventory.preorders", SETTING_CHOICE, "leave", "leave|push", 0},
	{"reconcile.every_hours", SETTING_COUNT, "24", "0..8760", 0},
	{"reconcile.amount_tolerance", SETTING_AMOUNT, "0", NULL, 0},
	{"reconcile.stock_tolerance", SETTING_COUNT, "0", "0..", 0},
	{"limits.factor", SETTING_COUNT, "5", "1..", 0},
	{"limits.orders", SETTING_COUNT, "5000", "0..", 0},
	{"limits.contacts", SETTING_COUNT, "5000", "0..", 0},
	{"limits.shipments", SETTING_COUNT, "5000", "0..", 0},
	{"limits.statuses", SETTING_COUNT, "5000", "0..", 0},
	{"limits.stock_to_zero_percent", SETTING_COUNT, "5", "0..100", 0},
	{"limits.stock_changed_percent", SETTING_COUNT, "5", "0..100", 0},
	{"run.resume_minutes", SETTING_COUNT, "60", "0..10080", 0},
	{"run.max_minutes", SETTING_COUNT, "120", "1..10080", 0},
	{"api.overlap_minutes", SETTING_COUNT, "10", "0..1440", 0},
	{"api.in_doubt_minutes", SETTING_COUNT, "15", "0..1440", 0},
	{"api.reference_hours", SETTING_COUNT, "24", "0..720", 0},
	{"api.bigcommerce_parallel", SETTING_COUNT, "3", "1..16", 0},
	{"api.brightpearl_parallel", SETTING_COUNT, "4", "1..16", 0},
	{"api.bigcommerce_share", SETTING_COUNT, "80", "1..100", 0},
	{"api.brightpearl_share", SETTING_COUNT, "80", "1..100", 0},
	{"audit.keep_days", SETTING_COUNT, "90", "1..3650", 0},
	{"audit.pii", SETTING_CHOICE, "keep", "keep|hash", 0},
	{0},
};

const struct setting *setting_find(const char *name)
{
	for (const struct setting *s = settings; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

const char *setting_nearest(const char *name)
{
	char *folded = fold(name);
	struct nearest search = nearest_begin(folded);

	for (const struct setting *s = settings; s->name; s++)
		nearest_offer(&search, s->name, s->name);
	free(folded);
	const struct setting *best = setting_find(search.best);
	return best ? best->name : NULL;
}

static const struct setting *known(const char *name)
{
	const struct setting *s = setting_find(name);
	if (!s)
		bug("no setting is called %s", name);
	return s;
}

char *setting_text(struct db *db, const char *name)
{
	const struct setting *s = known(name);
	char *value = db_text(db, "SELECT value FROM map_settings WHERE setting = ?", "t", name);
	return value ? value : xstrdup(s->otherwise);
}

int64_t setting_int(struct db *db, const char *name, int64_t otherwise)
{
	char *value = setting_text(db, name), *end;
	int64_t number = strtoimax(value, &end, 10);

	if (end == value || *end)
		number = otherwise;
	free(value);
	return number;
}

bool setting_is(struct db *db, const char *name, const char *value)
{
	char *text = setting_text(db, name);
	bool equal = !strcmp(text, value);
	free(text);
	return equal;
}
