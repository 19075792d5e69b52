/* Countries, and text as it is compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/country.h"
#include "lib/fold.h"
#include "lib/utf8.h"
#include "lib/nearest.h"
#include "lib/words.h"

#include <stdlib.h>
#include <string.h>

static void codes(void **unused)
{
	(void)unused;
	assert_string_equal(country_iso3("GB"), "GBR");
	assert_string_equal(country_iso3("gb"), "GBR");
	assert_string_equal(country_iso2("DEU"), "DE");
	assert_string_equal(country_iso2(" us "), "US");
	assert_string_equal(country_iso3("XX") ? "found" : "none", "none");
	assert_null(country_iso2(""));
	assert_null(country_iso2(NULL));
}

static void names(void **unused)
{
	(void)unused;
	assert_string_equal(country_iso2("United Kingdom"), "GB");
	assert_string_equal(country_iso2("UK"), "GB");
	assert_string_equal(country_iso2("united  states"), "US");
	assert_string_equal(country_iso2("USA"), "US");
	assert_string_equal(country_iso2("CÔTE D'IVOIRE"), "CI");
	assert_string_equal(country_iso2("Korea, Republic of"), "KR");
	assert_string_equal(country_iso3("Czech Republic"), "CZE");
	assert_null(country_iso2("Germny"));
	char *near = country_nearest("Germny");
	assert_string_equal(near, "Germany");
	free(near);
}

/* Every pair of letters that is a code has one of three letters, which leads back; 249 in all. */
static void all_of_them(void **unused)
{
	int count = 0;

	(void)unused;
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			char code[3] = {a, b, 0};
			const char *found = country_iso2(code);
			if (!found || strcmp(found, code)) /* UK is another name of GB */
				continue;
			count++;
			assert_int_equal(strlen(country_iso3(code)), 3);
			assert_string_equal(country_iso2(country_iso3(code)), code);
		}
	assert_int_equal(count, 249);
}

static void expect_fold(const char *text, const char *folded)
{
	char *result = fold(text);
	assert_string_equal(result, folded);
	free(result);
}

static void expect_tidy(const char *text, const char *tidy)
{
	char *result = fold_tidy(text);
	assert_string_equal(result, tidy);
	free(result);
}

static void one_line(void **unused)
{
	(void)unused;
	expect_tidy("\n 1 High  St\r\n\u00a0 Flat\t2 ", "1 High St Flat 2");
	expect_tidy(" \n", "");
	expect_tidy("\u200bzero@x.example\ufeff", "zero@x.example");
	expect_tidy("soft\u00adhyphen \u200ea\u202cb\u2060", "softhyphen ab");
	expect_tidy("\u3000wide\u2003space\u3000", "wide space");
	expect_tidy("a\u200db\u200c", "ab");
	expect_tidy("Jose\u0301 Nu\u0308\u00df", "Jos\u00e9 N\u00fc\u00df");
	expect_tidy(
		"\U0001F469\u200d\U0001F692 \u2764\ufe0f\u200d\U0001F525 \u0645\u06cc\u200c\u062e",
		"\U0001F469\u200d\U0001F692 \u2764\ufe0f\u200d\U0001F525 \u0645\u06cc\u200c\u062e");
	expect_tidy("half \xED\xA0\xBC", "half \ufffd");
	expect_tidy("Jos\xE9 Lee", "Jos\ufffd Lee");
}

static void torn_text(void **unused)
{
	(void)unused;
	assert_false(utf8_torn("{\"a\":\"\\ud83c\\udf75 \\u00e9 \\\\ud83c \u00e9\"}"));
	assert_true(utf8_torn("{\"a\":\"\\ud83c\"}"));
	assert_true(utf8_torn("{\"a\":\"\\udf75\\ud83c\"}"));
	assert_true(utf8_torn("{\"a\":\"\\ud83c\\u0041\"}"));
	assert_true(utf8_torn("{\"a\":\"Jos\xE9\"}"));
	assert_true(utf8_torn("\xED\xA0\xBC"));
	assert_false(utf8_torn("a\\"));
}

static void folding(void **unused)
{
	(void)unused;
	expect_fold("  Awaiting \t FULFILMENT\n", "awaiting fulfilment");
	expect_fold("\xC2\xA0"
		    "A\xC2\xA0\xC2\xA0"
		    "B\xE2\x80\x8B",
		    "a b");
	expect_fold("ÄÖÜß ÉÀÇ Ñ", "äöüß éàç ñ");
	expect_fold("ŁÓDŹ Šķ İŸ", "łódź šķ iÿ");
	expect_fold("ΆΣ ЖЁ", "άσ жё");
	expect_fold("×÷ 日本", "×÷ 日本");
	expect_fold("", "");
	expect_fold("JOSE\u0301 \u200bX", "jos\u00e9 x");
	expect_fold("\xFF\xC3", "\uFFFD\uFFFD");
	char text[] = " \t a b \n";
	assert_string_equal(fold_trim(text), "a b");
}

static const char *nearest(const char *typed)
{
	static struct nearest search;

	search = nearest_begin(typed);
	nearest_offer(&search, "orders.start_date", "orders.start_date");
	nearest_offer(&search, "shipped", "Shipped");
	nearest_offer(&search, "shipping", "Shipping");
	nearest_offer(&search, "t20", "T20");
	return search.best;
}

static void suggestions(void **unused)
{
	(void)unused;
	assert_int_equal(nearest_distance("shiped", "shipped"), 1);
	assert_int_equal(nearest_distance("hsipped", "shipped"), 1);
	assert_int_equal(nearest_distance("", "abc"), 3);
	assert_string_equal(nearest("shiped"), "Shipped");
	assert_string_equal(nearest("t21"), "T20");
	assert_string_equal(nearest("start_date"), "orders.start_date");
	assert_string_equal(nearest("refunded"), "");
	assert_string_equal(nearest(""), "");
}

static void word_lists(void **unused)
{
	(void)unused;
	char *text = words_spoken("no|plan|yes");
	assert_string_equal(text, "no, plan or yes");
	free(text);
	text = words_find("no|Plan", "pLAN");
	assert_string_equal(text, "Plan");
	free(text);
	assert_null(words_find("no|plan", "pla"));
	assert_null(words_find("no|plan", ""));
	text = words_suggest("no|plan", "pln");
	assert_string_equal(text, " (did you mean \"plan\"?)");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes),       cmocka_unit_test(names),
		cmocka_unit_test(all_of_them), cmocka_unit_test(folding),
		cmocka_unit_test(torn_text),   cmocka_unit_test(one_line),
		cmocka_unit_test(suggestions), cmocka_unit_test(word_lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
