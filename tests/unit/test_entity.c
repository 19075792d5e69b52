/* HTML entities are decoded once; what is none stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/entity.h"

#include <stdlib.h>

static void decodes(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"plain", "plain"},
		{"58&quot;", "58\""},
		{"a &amp; b", "a & b"},
		{"&amp;amp;", "&amp;"},
		{"&#39;&#x27;", "''"},
		{"&#128512;", "\xf0\x9f\x98\x80"},
		{"&nosuch;", "&nosuch;"},
		{"AT&T", "AT&T"},
		{"&", "&"},
		{"&;", "&;"},
		{"&#;", "&#;"},
		{"&#0;", "&#0;"},
		{"&#xD800;", "&#xD800;"},
		{"&#x110000;", "&#x110000;"},
		{"tab\there", "tab here"},
		{"line\r\nbreak", "line\nbreak"},
		{"&pound;5", "\xc2\xa3"
			     "5"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = entity_decode(cases[i][0]);
		assert_string_equal(text, cases[i][1]);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(decodes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
