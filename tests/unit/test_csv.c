/* CSV files as spreadsheet programs leave them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/csv.h"
#include "lib/die.h"

#include <stdlib.h>
#include <string.h>

/* "1:a|b 3:c|d" and, when the file is damaged, "!4:what is wrong". */
static char *read_bytes(const char *bytes, size_t size)
{
	struct buf text = buf_new(1 << 20);
	char *copy = xcalloc(1, size + 1);
	memcpy(copy, bytes, size);
	struct csv *csv = csv_open(copy, size);
	struct csv_row row;

	while (csv_next(csv, &row)) {
		buf_printf(&text, "%s%d:", text.size ? " " : "", row.line);
		for (int i = 0; i < row.count; i++)
			buf_printf(&text, "%s%s", i ? "|" : "", row.cell[i]);
	}
	if (csv_problem(csv))
		buf_printf(&text, "%s!%d:%s", text.size ? " " : "", csv_problem_line(csv),
			   csv_problem(csv));
	assert_false(csv_next(csv, &row));
	csv_close(csv);
	return buf_take(&text);
}

static void expect(const char *file, const char *rows)
{
	char *text = read_bytes(file, strlen(file));
	assert_string_equal(text, rows);
	free(text);
}

static void expect_problem(const char *bytes, size_t size, int line, const char *part)
{
	char *text = read_bytes(bytes, size), *problem = strchr(text, '!'), *end;

	assert_non_null(problem);
	assert_int_equal(strtol(problem + 1, &end, 10), line);
	if (!strstr(end, part))
		fail_msg("\"%s\" is not in: %s", part, end);
	free(text);
}
#define PROBLEM(text, line, part) expect_problem(text, sizeof text - 1, line, part)

static void line_ends(void **unused)
{
	(void)unused;
	expect("a,b\nc,d\n", "1:a|b 2:c|d");
	expect("a,b\r\nc,d\r\n", "1:a|b 2:c|d");
	expect("a,b\rc,d\r", "1:a|b 2:c|d");
	expect("a,b\nc,d", "1:a|b 2:c|d");
	expect("", "");
	expect("\n\n", "");
}

static void delimiters(void **unused)
{
	(void)unused;
	expect("a;b\n1,5;2", "1:a|b 2:1,5|2");
	expect("a\tb\n1,5\t2;3", "1:a|b 2:1,5|2;3");
	expect("\"a;x;y;z\",b\n1,2", "1:a;x;y;z|b 2:1|2");
	expect("sep=;\na;b\n1;2", "2:a|b 3:1|2");
	expect("SEP=\t\r\na\tb\r\n", "2:a|b");
	expect("\"sep=;\";;\na;b\n", "2:a|b");
	expect("sep=;\na,b,c\n1,2,3\n", "2:a|b|c 3:1|2|3"); /* saved anew by another program */
	expect("sep=,\na,b;c\n", "2:a|b;c");
	PROBLEM("sep=x\na,b", 1, "comma, a semicolon or a tab");
}

static void byte_order_mark(void **unused)
{
	(void)unused;
	expect("\xEF\xBB\xBF"
	       "a,b\n1,2",
	       "1:a|b 2:1|2");
	expect("\xEF\xBB\xBF"
	       "sep=;\na;b\n",
	       "2:a|b");
	expect("\xEF\xBB\xBF"
	       "\"a\",b\n",
	       "1:a|b");
}

static void quotes(void **unused)
{
	(void)unused;
	expect("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", "1:a|b 2:x,y|say \"hi\"");
	expect("a,b\n\"two\nlines\",2\n3,4\n", "1:a|b 2:two\nlines|2 4:3|4");
	expect("a,b\r\n\"two\r\n\r\nlines\",2\r\n3,4\r\n", "1:a|b 2:two\r\n\r\nlines|2 5:3|4");
	PROBLEM("a,b\n1,2\n3,\"x\n5,6\n", 3, "never closed");
	PROBLEM("a,b\n1,2\n3,x\"y\n", 3, "middle of a cell");
	PROBLEM("a,b\n\"x\n2,\"y\"\n", 3, "opened in line 2");
}

static void blanks(void **unused)
{
	(void)unused;
	expect("a , b\n\n  \n;;\n,,\n x ,\" y \"\n", "1:a|b 4:;; 6:x|y");
	expect("a;b\n;;;\n \n;\n1;2\n", "1:a|b 5:1|2");
	expect("\n\na,b\n", "3:a|b");
	expect("a,b\n\xC2\xA0x\xC2\xA0,\xE2\x80\x8By\n",
	       "1:a|b 2:x|y"); /* no-break and zero width */
}

static void short_and_long_records(void **unused)
{
	(void)unused;
	expect("a,b,c\n1\n1,2,3,4\n", "1:a|b|c 2:1 3:1|2|3|4");
}

static void encodings(void **unused)
{
	(void)unused;
	expect("a,b\nK\xC3\xB6ln,\xE2\x82\xAC\n", "1:a|b 2:K\xC3\xB6ln|\xE2\x82\xAC");
	PROBLEM("\xFF\xFE"
		"a\0,\0",
		0, "UTF-16");
	PROBLEM("\xFE\xFF"
		"\0a\0,",
		0, "UTF-16");
	PROBLEM("a,b\n1,2\nK\xF6ln,2\n", 3, "not UTF-8");
	PROBLEM("a,b\n\xED\xA0\x80,2\n", 2, "not UTF-8"); /* half of a UTF-16 pair */
	PROBLEM("a,b\n\xC0\xAF,2\n", 2, "not UTF-8");     /* longer than needed */
	PROBLEM("a,b\n\xE2\x82", 2, "not UTF-8");         /* cut short */
	PROBLEM("a,b\n1,\0002\n", 2, "NUL");
	PROBLEM("a,b\n1,\x1B[2J\n", 2, "control character");
	PROBLEM("a,b\n1,\xC2\x9B\n", 2, "control character");
}

static void sizes(void **unused)
{
	size_t size = CSV_MAX_BYTES + 1;
	char *bytes = xcalloc(1, size);

	(void)unused;
	memset(bytes, 'a', size);
	expect_problem(bytes, size, 0, "larger than 16 MB");
	memset(bytes, ',', 2000);
	expect_problem(bytes, 2000, 1, "more than 1000 cells");
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends),       cmocka_unit_test(delimiters),
		cmocka_unit_test(byte_order_mark), cmocka_unit_test(quotes),
		cmocka_unit_test(blanks),          cmocka_unit_test(short_and_long_records),
		cmocka_unit_test(encodings),       cmocka_unit_test(sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
