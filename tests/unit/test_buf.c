#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/buf.h"

#include <stdlib.h>
#include <string.h>

static void grows_and_ends_with_nul(void **unused)
{
	BUF b = buf_new(100000);

	(void)unused;
	assert_null(b.data);
	for (int i = 0; i < 10000; i++)
		assert_true(buf_printf(&b, "%d", i % 10));
	assert_int_equal(b.size, 10000);
	assert_int_equal(strlen(b.data), 10000);
	assert_memory_equal(b.data + 9990, "0123456789", 10);
}

static void adding_nothing_makes_it_text(void **unused)
{
	BUF b = buf_new(10);

	(void)unused;
	assert_true(buf_add(&b, NULL, 0));
	assert_string_equal(b.data, "");
}

static void the_limit_is_hard_and_leaves_what_was_there(void **unused)
{
	BUF b = buf_new(5);

	(void)unused;
	assert_true(buf_text(&b, "abc"));
	assert_false(buf_text(&b, "def"));
	assert_false(buf_printf(&b, "%s", "def"));
	assert_false(buf_query(&b, " "));
	assert_false(buf_add(&b, "x", SIZE_MAX));
	assert_string_equal(b.data, "abc");
	assert_true(buf_text(&b, "de"));
	assert_false(buf_text(&b, "f"));
	assert_true(buf_text(&b, ""));
	assert_string_equal(b.data, "abcde");
}

static void query_values_are_encoded(void **unused)
{
	BUF b = buf_new(200);

	(void)unused;
	assert_true(buf_query(&b, "AZaz09-._~"));
	assert_true(buf_query(&b, " +&=?/#%\xc3\xbc\n"));
	assert_string_equal(b.data, "AZaz09-._~%20%2B%26%3D%3F%2F%23%25%C3%BC%0A");
}

static void taken_text_is_the_callers(void **unused)
{
	BUF b = buf_new(200);

	(void)unused;
	buf_text(&b, "mine");
	char *text = buf_take(&b);
	assert_string_equal(text, "mine");
	assert_int_equal(b.size, 0);
	free(text);
	text = buf_take(&b);
	assert_string_equal(text, "");
	free(text);
	buf_text(&b, "again");
	buf_clear(&b);
	assert_string_equal(b.data, "");
	buf_free(&b);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_ends_with_nul),
		cmocka_unit_test(adding_nothing_makes_it_text),
		cmocka_unit_test(the_limit_is_hard_and_leaves_what_was_there),
		cmocka_unit_test(query_values_are_encoded),
		cmocka_unit_test(taken_text_is_the_callers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
