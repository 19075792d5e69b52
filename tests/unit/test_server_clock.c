/* Which Date is believed, and how far a feed's watermark moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/feed.h"
#include "lib/server_clock.h"

#include <stdlib.h>
#include <unistd.h>

#define T 1790000000

static int64_t tell(struct server_clock *c, int64_t date, int64_t after_s, int64_t *jump)
{
	int64_t off;
	int64_t at = server_clock_told(c, date, 1000000 + 1000 * after_s, &off);

	if (jump)
		*jump = off;
	else
		assert_int_equal(off, 0);
	return at;
}

static void a_clock_that_runs_is_believed(void **unused)
{
	struct server_clock c = {0};

	(void)unused;
	assert_int_equal(tell(&c, 0, 0, NULL), 0);
	assert_int_equal(tell(&c, T, 0, NULL), T);
	assert_int_equal(tell(&c, T + 7200, 7200, NULL), T + 7200);
	assert_int_equal(tell(&c, T + 7200 - 250, 7201, NULL), T + 7200 - 250); /* set right */
	assert_int_equal(tell(&c, T + 7200 + 30, 7202, NULL), T + 7200 + 30);
	assert_int_equal(server_clock_at(&c, 1000000 + 1000 * 7212), T + 7200 + 40);
	assert_int_equal(tell(&c, 0, 7222, NULL), T + 7200 + 50); /* it told none: time goes on */
}

static void a_jump_is_not(void **unused)
{
	struct server_clock c = {0};
	int64_t jump;

	(void)unused;
	tell(&c, T, 0, NULL);
	assert_int_equal(tell(&c, T + 2410, 10, &jump), T + 10);
	assert_int_equal(jump, 2400);
	assert_int_equal(tell(&c, T + 11, 11, NULL), T + 11);
	assert_int_equal(tell(&c, T - 90000, 12, &jump), T + 12);
	assert_true(jump < 0);
	assert_int_equal(tell(&c, T + 13, 13, NULL), T + 13);
	assert_int_equal(tell(&c, T + 14 + 3600, 14, &jump), T + 14);
	assert_int_equal(tell(&c, T + 15 + 7200, 15, &jump), T + 15); /* does not agree with that */
	assert_int_equal(tell(&c, T + 16 + 3600, 16, &jump), T + 16);
}

static void what_goes_on_is_believed_in_the_end(void **unused)
{
	struct server_clock c = {0};
	int64_t jump;

	(void)unused;
	tell(&c, T, 0, NULL);
	assert_int_equal(tell(&c, T + 3600, 1, &jump), T + 1);
	assert_int_equal(tell(&c, T + 3601, 2, &jump), T + 2);
	assert_int_equal(tell(&c, T + 3602, 3, NULL), T + 3602);
	assert_int_equal(tell(&c, T + 3603, 4, NULL), T + 3603);
}

/* --- the watermark ---------------------------------------------------------------------------- */

static struct job *open_store(void **state)
{
	static struct job job;
	char path[] = "/tmp/test_clock.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	job = (struct job){.db = db_open(path)};
	unlink(path);
	*state = &job;
	return &job;
}

static void server_says(struct job *job, int64_t at)
{
	struct server_clock clock = {.date = at, .ticks = INT64_MAX / 2, .here = at};

	db_begin(job->db);
	db_script(job->db, "DELETE FROM server_clock");
	server_clock_save(job->db, BIGCOMMERCE, &clock);
	db_commit(job->db);
}

/* One window with one page of these dates, as text of a JSON array; the watermark after it. */
static int64_t window(struct job *job, const char *dates)
{
	struct feed feed = feed_open(job, "f", T - 86400);

	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; CREATE TEMP TABLE page(payload TEXT)");
	db_run(job->db, "INSERT INTO temp.page SELECT json_object('at', value) FROM json_each(?)",
	       "t", dates);
	feed_answered(job, &feed, BIGCOMMERCE);
	feed_see(job, &feed, "at");
	feed_page(job, &feed, 1);
	feed_close(job, &feed);
	db_commit(job->db);
	return db_int(job->db, 0, "SELECT done_until FROM cursor WHERE feed = 'f'", "");
}

static void the_watermark_is_the_newest_date_seen(void **state)
{
	struct job *job = open_store(state);

	server_says(job, T + 3600); /* 2026-09-21T15:13:20Z */
	assert_int_equal(window(job, "[]"), 0);
	assert_int_equal(feed_open(job, "f", T - 86400).from, T - 86400);
	assert_int_equal(window(job, "[\"2026-09-21T14:13:20Z\",\"2026-09-21T14:13:19Z\"]"), T);
	assert_int_equal(feed_open(job, "f", T - 86400).from, T - 600);
	assert_int_equal(window(job, "[]"), T);
	assert_int_equal(window(job, "[\"2026-09-21T10:00:00Z\"]"), T);
	db_close(job->db);
}

static void nothing_later_than_the_server_counts(void **state)
{
	struct job *job = open_store(state);

	server_says(job, T);
	assert_int_equal(window(job, "[\"2026-09-21T14:00:00Z\",\"2099-01-01T00:00:00Z\"]"),
			 T - 800);
	assert_int_equal(window(job, "[\"no date\",\"\",null,7]"), T - 800);
	assert_int_equal(window(job, "[\"2026-09-21T14:13:30Z\"]"), T); /* 10 s ahead */
	server_says(job, T - 7200);
	assert_int_equal(window(job, "[\"2026-09-21T14:13:40Z\"]"), T);
	db_begin(job->db);
	db_script(job->db, "DELETE FROM server_clock");
	db_commit(job->db);
	assert_int_equal(window(job, "[\"2026-09-21T15:00:00Z\"]"), T); /* nobody tells the time */
	db_close(job->db);
}

static void a_window_goes_on_where_it_was_left(void **state)
{
	struct job *job = open_store(state);
	struct feed feed = feed_open(job, "f", T - 86400);

	server_says(job, T);
	db_begin(job->db);
	db_script(job->db, "CREATE TEMP TABLE page(payload TEXT);"
			   "INSERT INTO temp.page VALUES('{\"at\":\"2026-09-21T14:00:00Z\"}')");
	feed_answered(job, &feed, BIGCOMMERCE);
	feed_see(job, &feed, "at");
	feed_page(job, &feed, 77);
	db_commit(job->db);
	assert_int_equal(db_int(job->db, -1,
				"SELECT coalesce(done_until, 0) FROM cursor WHERE feed = 'f'", ""),
			 0);
	server_says(job, T + 9000);
	feed = feed_open(job, "f", T - 86400);
	assert_true(feed.resumed);
	feed_answered(job, &feed, BIGCOMMERCE);
	assert_int_equal(feed.at, T);
	assert_int_equal(feed.position, 77);
	assert_int_equal(feed.newest, T - 800);
	db_close(job->db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_runs_is_believed),
		cmocka_unit_test(a_jump_is_not),
		cmocka_unit_test(what_goes_on_is_believed_in_the_end),
		cmocka_unit_test(the_watermark_is_the_newest_date_seen),
		cmocka_unit_test(nothing_later_than_the_server_counts),
		cmocka_unit_test(a_window_goes_on_where_it_was_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
