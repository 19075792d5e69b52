#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"

#include <stdlib.h>
#include <time.h>

static void dates_of_both_apis(void **unused)
{
	static const struct {
		const char *text;
		int64_t epoch;
	} good[] = {
		{"Thu, 20 Apr 2017 11:32:00 +0000", 1492687920},
		{"Thu, 20 Apr 2017 11:32:00 -0400", 1492702320},
		{"Thu, 20 Apr 2017 11:32:00 GMT", 1492687920},
		{"20 Apr 2017 11:32:00 GMT", 1492687920},
		{"2017-04-20T11:32:00Z", 1492687920},
		{"2017-04-20T11:32:00.123Z", 1492687920},
		{"2017-04-20T11:32:00", 1492687920},
		{"2017-04-20 11:32:00", 1492687920},
		{"2017-04-20T11:32:00+01:00", 1492684320},
		{"2017-04-20T11:32:00.000-0600", 1492709520},
		{"2022-01-26T10:39:46.000-06:00", 1643215186},
		{"2017-04-20", 1492646400},
		{"1969-12-31T23:59:59Z", -1},
		{"2024-02-29T00:00:00Z", 1709164800},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t epoch = 0;
		if (!clock_parse(good[i].text, &epoch))
			fail_msg("not read: %s", good[i].text);
		assert_int_equal(epoch, good[i].epoch);
	}
}

static void what_is_no_date(void **unused)
{
	static const char *const bad[] = {
		"",
		" ",
		"0",
		"null",
		"2017",
		"2017-04",
		"2017-13-01",
		"2017-04-32",
		"2017-00-10",
		"2017-04-20T25:00:00Z",
		"2017-04-20T11:60:00Z",
		"2017-04-20T11:32",
		"2017-04-20T11:32:00X",
		"2017-04-20T11:32:00+1",
		"2017-04-20T11:32:00+99:00",
		"Thu, 20 Foo 2017 11:32:00 +0000",
		"Thu, 20 anF 2017 11:32:00 +0000",
		"Thu, 20 Apr 2017",
		"11:32:00",
		"Thu, 20 Apr 2017 11:32:00 +0000 and much more text",
		"-2017-04-20",
		"2017-04-20T-1:00:00Z",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t epoch = 42;
		if (clock_parse(bad[i], &epoch))
			fail_msg("read as a date: %s", bad[i]);
		assert_int_equal(epoch, 42);
	}
	int64_t epoch;
	assert_false(clock_parse(NULL, &epoch));
}

static void iso_is_written_and_read_back(void **unused)
{
	static const int64_t moments[] = {0, 1492687920, 1709164799, 4102444800, -86400};
	char text[CLOCK_TEXT];
	int64_t back;

	(void)unused;
	assert_string_equal(clock_iso(text, 1492687920), "2017-04-20T11:32:00Z");
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		assert_true(clock_parse(clock_iso(text, moments[i]), &back));
		assert_int_equal(back, moments[i]);
	}
}

/* Speed 100, anchor and offset come from main(). */
static void tests_can_run_the_clock_faster(void **unused)
{
	struct timespec before, after;

	(void)unused;
	assert_true(clock_speed() > 99.9 && clock_speed() < 100.1);
	clock_gettime(CLOCK_MONOTONIC, &before);
	int64_t begin = clock_now();
	clock_sleep(5000);
	int64_t passed = clock_now() - begin;
	clock_gettime(CLOCK_MONOTONIC, &after);
	double real = (double)(after.tv_sec - before.tv_sec) +
		      (double)(after.tv_nsec - before.tv_nsec) / 1e9;
	assert_in_range(passed, 4800, 60000);
	assert_true(real < 1);
	clock_sleep(0);
	clock_sleep(-1000000);
}

static void the_offset_is_added(void **unused)
{
	struct timespec t;

	(void)unused;
	clock_gettime(CLOCK_REALTIME, &t);
	int64_t ahead = clock_now() / 1000 - t.tv_sec;
	assert_in_range(ahead, 3590, 3600 + 6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_both_apis),
		cmocka_unit_test(what_is_no_date),
		cmocka_unit_test(iso_is_written_and_read_back),
		cmocka_unit_test(tests_can_run_the_clock_faster),
		cmocka_unit_test(the_offset_is_added),
	};
	setenv("PEARLBRIDGE_CLOCK_SPEED", "100", 1);
	setenv("PEARLBRIDGE_CLOCK_OFFSET", "3600", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
