/* Values of settings.csv. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/map_store.h"

#include "lib/settings.h"

static struct store store;

static int begin(void **unused)
{
	(void)unused;
	store = store_new();
	return 0;
}

static int end(void **unused)
{
	(void)unused;
	store_free(&store);
	return 0;
}

static void gives(const char *name, const char *typed, const char *wanted)
{
	char *value, *complaint = setting_read(store.db, setting_find(name), typed, &value);

	if (complaint)
		fail_msg("%s = %s: %s", name, typed, complaint);
	assert_string_equal(value, wanted);
	free(value);
}

static void refuses(const char *name, const char *typed, const char *part)
{
	char *value, *complaint = setting_read(store.db, setting_find(name), typed, &value);

	if (!complaint)
		fail_msg("%s = %s is taken as %s", name, typed, value);
	if (!strstr(complaint, part))
		fail_msg("%s = %s: \"%s\" is not in: %s", name, typed, part, complaint);
	assert_null(value);
	free(complaint);
}

static void choices(void **unused)
{
	(void)unused;
	gives("orders.enabled", "PLAN", "plan");
	gives("orders.enabled", " yes ", "yes");
	gives("orders.enabled", "TRUE", "yes");
	gives("orders.guests", "0", "no");
	gives("orders.guests", "", "yes");
	refuses("orders.enabled", "plam",
		"must be no, plan or yes, not \"plam\" (did you mean \"plan\"?)");
	refuses("customers.update", "1", "must be registered, all, fill_empty or no");
	gives("customers.update", "false", "no");
}

static void counts(void **unused)
{
	(void)unused;
	gives("limits.orders", "0700", "700");
	gives("limits.orders", "", "5000");
	gives("customers.if_absent", "Hold", "hold");
	gives("customers.if_absent", "204", "204");
	gives("orders.start_id", "", "");
	refuses("customers.if_absent", "0", "must be hold or a whole number from 1 on");
	refuses("api.brightpearl_share", "101", "must be a whole number from 1 to 100");
	refuses("api.brightpearl_share", "80 %", "whole number");
	refuses("api.bigcommerce_parallel", "17", "from 1 to 16");
	refuses("limits.orders", "-1", "whole number");
	refuses("limits.orders", "99999999999999999999", "whole number");
}

static void amounts(void **unused)
{
	(void)unused;
	gives("orders.rounding_limit", "0.05", "500");
	gives("orders.rounding_limit", "0,05", "500");
	gives("orders.rounding_per_line", "0.005", "50");
	gives("orders.rounding_per_line", "", "50");
	gives("reconcile.amount_tolerance", "2", "20000");
	refuses("orders.rounding_limit", "-1", "amount like 0.05");
	refuses("orders.rounding_limit", "1e3", "amount like 0.05");
	refuses("orders.rounding_limit", "1,000.5", "amount like 0.05");
}

static void dates(void **unused)
{
	(void)unused;
	gives("orders.start_date", "2026-01-01T00:00:00Z", "1767225600");
	gives("orders.start_date", "2026-01-01T01:00:00+01:00", "1767225600");
	gives("orders.start_date", "2026-01-01 00:00:00Z", "1767225600");
	gives("orders.start_date", "Everything", "everything");
	gives("orders.lock_date", "", "");
	refuses("orders.start_date", "2026-01-01",
		"2026-01-01T00:00:00Z or 2026-01-01T00:00:00+01:00, or the word");
	refuses("orders.start_date", "2026-01-01T00:00:00", "could mean several moments");
	refuses("orders.start_date", "01/02/2026", "must be a date and time");
	refuses("orders.start_date", "2026-13-01T00:00:00Z", "must be a date and time");
	refuses("orders.start_date", "2006-01-01T00:00:00Z", "is before 2009");
	refuses("fulfillment.start_date", "2206-01-01T00:00:00Z", "is in the future");
	refuses("orders.lock_date", "everything", "must be a date and time");
}

static void references(void **unused)
{
	(void)unused;
	gives("orders.reference", "BC-", "BC-");
	gives("orders.reference", "Shop_1./#", "Shop_1./#");
	refuses("orders.reference", "B C", "only letters, digits");
	refuses("orders.reference", "B\xC3\x96", "only letters, digits");
	refuses("orders.reference", "123456789012345678901", "longer than 20");
	refuses("orders.reference", " ", "must not be empty");
	gives("orders.shipping_nominal", "4040", "4040");
	refuses("orders.shipping_nominal", "40 40", "no nominal code");
}

static void things(void **unused)
{
	(void)unused;
	gives("fulfillment.statuses", "Shipped|ready TO ship|", "|4|3|");
	gives("fulfillment.statuses", "id:2", "|2|");
	gives("fulfillment.statuses", "", "");
	refuses("fulfillment.statuses", "Shipped|Shiped", "did you mean \"Shipped\"");
	gives("notes.customer_field", "Customer NOTE", "PCF_NOTE");
	gives("notes.staff_field", "pcf_note", "PCF_NOTE");
	refuses("notes.staff_field", "PCF_NOTES", "did you mean \"PCF_NOTE\"");
}

static void without_a_database(void **unused)
{
	char *value;

	(void)unused;
	assert_null(
		setting_read(NULL, setting_find("fulfillment.statuses"), "Shipped|id:4", &value));
	assert_string_equal(value, "|4|");
	free(value);
	assert_null(setting_read(NULL, setting_find("notes.staff_field"), "id:PCF_X", &value));
	assert_string_equal(value, "PCF_X");
	free(value);
	assert_null(setting_read(NULL, setting_find("orders.guests"), "no", &value));
	assert_string_equal(value, "no");
	free(value);
}

/* The default of each is what its own reader makes of nothing, and what is read without a file. */
static void defaults(void **unused)
{
	(void)unused;
	db_script(store.db, "DELETE FROM map_settings");
	for (const struct setting *s = settings; s->name; s++) {
		char *text = setting_text(store.db, s->name), *value;
		assert_string_equal(text, s->otherwise);
		if (!s->required) {
			assert_null(setting_read(store.db, s, "", &value));
			assert_string_equal(value, s->otherwise);
			free(value);
		}
		free(text);
	}
	assert_int_equal(setting_int(store.db, "limits.orders", 1), 5000);
	assert_int_equal(setting_int(store.db, "customers.if_absent", -1), -1);
	assert_int_equal(setting_int(store.db, "orders.start_id", 7), 7);
	assert_true(setting_is(store.db, "orders.enabled", "no"));
}

static void stored_values(void **unused)
{
	(void)unused;
	free(store_load(&store));
	assert_int_equal(store.complaints, 0);
	assert_true(setting_is(store.db, "orders.enabled", "plan"));
	assert_true(setting_is(store.db, "orders.start_date", "everything"));
	char *text = setting_text(store.db, "orders.reference");
	assert_string_equal(text, "BC-");
	free(text);
}

static void nearest(void **unused)
{
	(void)unused;
	assert_null(setting_find("orders.guest"));
	assert_string_equal(setting_nearest("orders.guest"), "orders.guests");
	assert_string_equal(setting_nearest("lock_date"), "orders.lock_date");
	assert_null(setting_nearest("xyz"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choices),
		cmocka_unit_test(counts),
		cmocka_unit_test(amounts),
		cmocka_unit_test(dates),
		cmocka_unit_test(references),
		cmocka_unit_test(things),
		cmocka_unit_test(without_a_database),
		cmocka_unit_test(defaults),
		cmocka_unit_test(stored_values),
		cmocka_unit_test(nearest),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
