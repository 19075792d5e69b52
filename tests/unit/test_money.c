/* Decimal text to ten-thousandths and back, without a double on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/money.h"

static void reads(void **state)
{
	static const struct {
		const char *text;
		int64_t units;
	} cases[] = {
		{"0", 0},
		{"1", 10000},
		{"336.3200", 3363200},
		{"1000.74", 10007400},
		{"-5.5", -55000},
		{".5", 5000},
		{"5.", 50000},
		{"+2", 20000},
		{"0.0001", 1},
		{"0.00005", 1},
		{"0.00004", 0},
		{"-0.00005", -1},
		{"1.2E3", 12000000},
		{"12e-1", 12000},
		{"1.23456789", 12346},
		{"10.10", 101000},
		{"99999999999.9999", 999999999999999},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t units = -1;
		assert_true(money_parse(cases[i].text, &units));
		assert_int_equal(units, cases[i].units);
	}
}

static void refuses(void **state)
{
	static const char *const cases[] = {"",    "-",     ".",
					    "abc", "1,5",   "1.2.3",
					    "1e",  "1e99",  "0x10",
					    "1 ",  " 1",    "999999999999",
					    "NaN", "1e-40", "12345678901234567890123"};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t units = 77;
		assert_false(money_parse(cases[i], &units));
		assert_int_equal(units, 77);
	}
}

static void writes(void **state)
{
	char text[MONEY_TEXT];

	(void)state;
	assert_string_equal(money_write(text, 0), "0.00");
	assert_string_equal(money_write(text, 3363200), "336.32");
	assert_string_equal(money_write(text, -50), "-0.005");
	assert_string_equal(money_write(text, 1), "0.0001");
	assert_string_equal(money_write(text, -10000), "-1.00");
}

static void inverts(void **state)
{
	char text[MONEY_TEXT];

	(void)state;
	assert_true(money_invert("1.25", text));
	assert_string_equal(text, "0.800000");
	assert_true(money_invert("0.8", text));
	assert_string_equal(text, "1.250000");
	assert_true(money_invert("3", text));
	assert_string_equal(text, "0.333333");
	assert_false(money_invert("0", text));
	assert_false(money_invert("-1", text));
	assert_false(money_invert("", text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(refuses),
					   cmocka_unit_test(writes), cmocka_unit_test(inverts)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
