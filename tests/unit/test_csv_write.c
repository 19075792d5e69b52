#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/csv.h"
#include "lib/csv_write.h"

#include <stdlib.h>
#include <string.h>

static char *written(const char *text, size_t *size)
{
	char *bytes;
	FILE *out = open_memstream(&bytes, size);

	csv_write_text(out, text);
	csv_write_next(out);
	csv_write_number(out, "-1.50");
	csv_write_end(out);
	fclose(out);
	return bytes;
}

static void cells(void **unused)
{
	static const char *const expected[][2] = {
		{"plain", "plain,-1.50\r\n"},
		{"", ",-1.50\r\n"},
		{NULL, ",-1.50\r\n"},
		{"a,b", "\"a,b\",-1.50\r\n"},
		{"say \"no\"", "\"say \"\"no\"\"\",-1.50\r\n"},
		{"two\nlines", "\"two\nlines\",-1.50\r\n"},
		{"=1+1", "'=1+1,-1.50\r\n"},
		{"+44 20", "'+44 20,-1.50\r\n"},
		{"-5", "'-5,-1.50\r\n"},
		{"@SUM(A1)", "'@SUM(A1),-1.50\r\n"},
		{"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\",-1.50\r\n"},
		{"\t=1", "'\\x09=1,-1.50\r\n"},
		{"\r=1", "\"'\n=1\",-1.50\r\n"},
		{"'=1", "''=1,-1.50\r\n"},
		{"'tis", "'tis,-1.50\r\n"},
		{" a", "\" a\",-1.50\r\n"},
		{"a;b", "\"a;b\",-1.50\r\n"},
		{"\033[2J\xc2\x9b", "\\x1b[2J\\xc2\\x9b,-1.50\r\n"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		size_t size;
		char *bytes = written(expected[i][0], &size);
		assert_string_equal(bytes, expected[i][1]);
		free(bytes);
	}
}

/* What we write, our own reader takes as it was. */
static void is_read_again(void **unused)
{
	static const char *const text[] = {"a \"b\", c\nd", "=1+1", "'=1", "''-a", "'tis", "+4;4"};

	(void)unused;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		size_t size;
		char *bytes = written(text[i], &size);
		struct csv *csv = csv_open(bytes, size);
		struct csv_row row;
		assert_true(csv_next(csv, &row));
		assert_int_equal(row.count, 2);
		assert_string_equal(row.cell[0], text[i]);
		assert_false(csv_next(csv, &row));
		assert_null(csv_problem(csv));
		csv_close(csv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),
		cmocka_unit_test(is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
