#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECRET "aB3/x+Yz=90_-.kLmNop/Q"

static void assert_redacted(const char *given, const char *wanted)
{
	char *text = strdup(given);

	redact(text, strlen(text));
	assert_string_equal(text, wanted);
	free(text);
}

/* The secret's dress becomes asterisks, what stands around it stays. */
static void assert_covered(const char *dress)
{
	char given[500], wanted[500];
	int size = (int)strlen(dress);

	snprintf(given, sizeof given, "{\"a\":\"token %s is wrong\"}", dress);
	memset(wanted, '*', sizeof wanted);
	memcpy(wanted, given, 12);
	snprintf(wanted + 12 + size, sizeof wanted - 12 - (size_t)size, " is wrong\"}");
	assert_redacted(given, wanted);
}

static void plain(void **unused)
{
	(void)unused;
	assert_covered(SECRET);
	assert_redacted(SECRET SECRET, "********************************************");
	assert_redacted("aB3/x+Yz=90_-.kLmNop/", "aB3/x+Yz=90_-.kLmNop/");
}

static void escaped(void **unused)
{
	(void)unused;
	assert_covered("aB3\\/x+Yz=90_-.kLmNop\\/Q");
	assert_covered("aB3\\u002fx\\u002BYz=90_-.kLmNop\\u002FQ");
	assert_covered("\\u0061B3\\\\/x+Yz=90_-.kLmNop\\\\\\/Q");
	assert_covered("aB3\\\\u002fx+Yz=90_-.kLmNop/Q");
	assert_covered("aB3%2Fx%2bYz%3d90_-.kLmNop%2fQ");
	assert_covered("%61B3%2Fx+Yz=90%5F-.kLmNop/Q");
	assert_covered("aB3%252Fx%252bYz=90_-.kLmNop/Q");
	assert_covered("aB3&#47;x&plus;Yz&equals;90&lowbar;-&period;kLmNop&sol;Q");
	assert_covered("aB3&#x2f;x&#x2B;Yz=90_-.kLmNop&#X02F;&#81;");
	assert_covered("aB3&amp;#47;x+Yz=90_-.kLmNop\\u0026sol;Q");
}

static void in_base64(void **unused)
{
	(void)unused;
	/* echo -n 'user:SECRET' | base64, with users of three lengths; what the neighbours decide stays */
	assert_redacted("YUIzL3grWXo9OTBfLS5rTG1Ob3AvUQ==", "*****************************Q==");
	assert_redacted("YTphQjMveCtZej05MF8tLmtMbU5vcC9R", "YTp*****************************");
	assert_redacted("YWI6YUIzL3grWXo9OTBfLS5rTG1Ob3AvUQ==",
			"YWI6*****************************Q==");
	assert_redacted("YWJjOmFCMy94K1l6PTkwXy0ua0xtTm9wL1E=",
			"YWJjOm****************************E=");
	assert_redacted("\"YWI6YUIzL3grWXo9\\r\\nOTBfLS5rTG1Ob3AvUQ==\"",
			"\"YWI6*********************************Q==\"");
}

static void across_windows(void **unused)
{
	const size_t size = 400000;
	static const char dress[] = "aB3\\u002fx\\u002BYz=90_-.kLmNop\\/Q";

	(void)unused;
	for (size_t at = 65536 - 40; at < 65536 + 3; at++) {
		char *text = malloc(size + 1);
		memset(text, 'x', size);
		text[size] = 0;
		memcpy(text + at, dress, sizeof dress - 1);
		memcpy(text + at + 131072, dress, sizeof dress - 1);
		redact(text, size);
		assert_null(strstr(text, "Yz=90"));
		assert_int_equal(strspn(text, "x"), at);
		assert_int_equal(strspn(text + at, "*"), sizeof dress - 1);
		free(text);
	}
}

static void other_text_stays(void **unused)
{
	static const char text[] =
		"{\"a\":\"100% of &amp; \\u00e9\\\\ \\\" \\ud83d\\ude00 &#8364; %zz &;\\n\"}";

	(void)unused;
	redact_learn("short");
	redact_learn(NULL);
	redact_learn("100%41/known");
	assert_redacted(text, text);
	assert_redacted("short", "short");
	assert_redacted("", "");
	assert_redacted("\\", "\\");
	assert_redacted("a 100%41\\/known b", "a ************* b");
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What could be the beginning of a secret everywhere costs no more than in proportion. */
static void takes_time_in_proportion(void **unused)
{
	const size_t size = 4 << 20;
	char *text = malloc(size);

	(void)unused;
	for (size_t at = 0; at < size; at++)
		text[at] = "\\\\aB3\\/x%2bYz\\u003d9\n"[at % 20];
	double begin = seconds();
	redact(text, size);
	assert_true(seconds() - begin < 5);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(escaped),
		cmocka_unit_test(in_base64),
		cmocka_unit_test(across_windows),
		cmocka_unit_test(other_text_stays),
		cmocka_unit_test(takes_time_in_proportion),
	};
	redact_learn(SECRET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
