#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/log.h"
#include "tests/unit/dies.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

#define HOSTILE "\033[2Jred\nline\ttab\x7f\xc2\x9b\xff\xe2\x80\xaetext\xc3\xbc \"quoted\" \\"

static char path[] = "/tmp/log-XXXXXX";

/* What a piece of logging wrote to stderr, and to its file. */
static void capture(void (*run)(void), char screen[4000], char file[4000])
{
	char name[] = "/tmp/screen-XXXXXX";
	int kept = dup(STDERR_FILENO), fd = mkstemp(name);

	unlink(path);
	dup2(fd, STDERR_FILENO);
	run();
	dup2(kept, STDERR_FILENO);
	close(kept);
	ssize_t size = pread(fd, screen, 3999, 0);
	screen[size] = 0;
	close(fd);
	unlink(name);
	FILE *f = fopen(path, "r");
	file[f ? fread(file, 1, 3999, f) : 0] = 0;
	if (f)
		fclose(f);
}

static void speak(struct log_options options)
{
	log_open(&options, "orders.load", path);
	log_debug("", "details");
	log_info("BC-1042", "created as %d", 88123);
	log_warn("order:1", "%s", HOSTILE);
	log_progress("orders", 1, 2);
	log_progress_end();
}

static void speak_plainly(void)
{
	speak((struct log_options){0});
}

static void speak_quietly(void)
{
	speak((struct log_options){.quiet = true});
}

static void speak_at_length(void)
{
	speak((struct log_options){.verbose = true});
}

static void speak_json(void)
{
	speak((struct log_options){.json = true});
}

static void lines_for_people(void **unused)
{
	char screen[4000], file[4000];
	struct stat st;

	(void)unused;
	capture(speak_plainly, screen, file);
	assert_null(strstr(screen, "created")); /* a line per record is for the log */
	assert_true(screen[2] == ':' && screen[5] == ':');
	assert_non_null(
		strstr(screen,
		       " warn  orders.load order:1 \\x1b[2Jred\\x0aline\\x09tab\\x7f\\xc2\\x9b\\xff"
		       "\\xe2\\x80\\xaetext\xc3\xbc \"quoted\" \\\n"));
	assert_null(strstr(screen, "details"));
	assert_null(strchr(screen, '\r'));
	assert_non_null(strstr(file, "Z info  orders.load BC-1042 created as 88123\n"));
	assert_int_equal(file[10], 'T');
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void levels(void **unused)
{
	char screen[4000], file[4000];

	(void)unused;
	capture(speak_quietly, screen, file);
	assert_null(strstr(screen, "created"));
	assert_non_null(strstr(screen, "warn"));
	assert_non_null(strstr(file, "created"));
	capture(speak_at_length, screen, file);
	assert_string_equal(screen + 8, strstr(screen, " debug orders.load details\n"));
	assert_non_null(strstr(screen, " info  orders.load BC-1042 created as 88123\n"));
	assert_non_null(strstr(file, "debug orders.load details\n"));
}

static void lines_for_programs(void **unused)
{
	char screen[4000], file[4000];
	int count = 0;

	(void)unused;
	capture(speak_json, screen, file);
	for (char *line, *next = screen; (line = strsep(&next, "\n")) && *line; count++) {
		cJSON *json = cJSON_Parse(line);
		assert_non_null(json);
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(json, "stage")),
				    "orders.load");
		if (count == 0)
			assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(json, "key")),
					    "BC-1042");
		else
			assert_non_null(strstr(line, "\\u001b[2Jred\\u000aline"));
		cJSON_Delete(json);
	}
	assert_int_equal(count, 2);
	assert_non_null(strstr(file, "Z warn  orders.load"));
}

static void die_of(void *text)
{
	log_open(&(struct log_options){.quiet = true}, "orders.load", path);
	die(EX_CONFIG, "%s", (const char *)text);
}

static void bug_of(void *text)
{
	log_open(&(struct log_options){0}, "", NULL);
	bug("%s", (const char *)text);
}

static void die_again(int code, const char *message)
{
	(void)code;
	die(EX_IOERR, "in the hook: %s", message);
}

static void die_in_the_hook(void *unused)
{
	(void)unused;
	die_hook = die_again;
	die(EX_CONFIG, "first");
}

static void last_words(void **unused)
{
	char text[] = "no\nway", file[4000] = "", said[4000];

	(void)unused;
	unlink(path);
	assert_dies(EX_CONFIG, "pearlbridge: orders.load: no\\x0away\n", die_of, text);
	FILE *f = fopen(path, "r");
	file[fread(file, 1, 3999, f)] = 0;
	fclose(f);
	assert_non_null(strstr(file, "Z error orders.load no\\x0away\n"));
	assert_dies(EX_SOFTWARE, "pearlbridge: bug: no", bug_of, text);
	assert_int_equal(dies_code(die_in_the_hook, NULL, said), -1);
	assert_non_null(strstr(said, "in the hook: first"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_for_people),
		cmocka_unit_test(levels),
		cmocka_unit_test(lines_for_programs),
		cmocka_unit_test(last_words),
	};
	close(mkstemp(path));
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
