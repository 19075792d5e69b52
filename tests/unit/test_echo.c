/* Texts that two systems dressed differently are the same; others are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/echo.h"

#include <stdlib.h>
#include <string.h>

static void same(void **state)
{
	static const char *const cases[][2] = {
		{"", " \r\n\t"},
		{"one\ntwo", "one\r\ntwo"},
		{"one\ntwo", "one \rtwo\n"},
		{"one\n\ntwo", "  one\r\n \r\ntwo  "},
		{"a & b", "a &amp; b"},
		{"a &lt; b", "a &amp;amp;lt; b"},
		{"\"5 < 6\" \xf0\x9f\x94\x94", "&quot;5 &lt; 6&quot; &#128276;"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *a = echo_bare(cases[i][0]), *b = echo_bare(cases[i][1]);
		assert_string_equal(a, b);
		assert_true(strlen(a) <= strlen(cases[i][0]));
		free(a);
		free(b);
	}
}

static void different(void **state)
{
	static const char *const cases[][2] = {
		{"one two", "one\ntwo"}, {"one  two", "one two"}, {"one\n\ntwo", "one\ntwo"},
		{"One", "one"},          {"a & b", "a b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *a = echo_bare(cases[i][0]), *b = echo_bare(cases[i][1]);
		assert_string_not_equal(a, b);
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same),
		cmocka_unit_test(different),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
