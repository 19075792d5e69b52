#define _GNU_SOURCE
#include "lib/log.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/file.h"
#include "lib/paste.h"
#include "lib/plain.h"
#include "lib/redact.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_LINE 8000

static struct {
	struct log_options options;
	char *stage;
	int file;
	char progress[100]; /* what is drawn on the terminal, "" = nothing */
	int64_t drawn_at;
} state = {.file = -1};

static const char *const level_name[] = {"debug", "info", "warn", "error"};

void log_open(const struct log_options *options, const char *stage, const char *file)
{
	state.options = *options;
	free(state.stage);
	state.stage = xstrdup(stage ? stage : "");
	if (state.file >= 0)
		close(state.file);
	state.file = -1;
	if (!file)
		return;
	state.file = file_open(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW);
	if (state.file < 0)
		die(EX_CANTCREAT, "log %s: %s", file, file_why(file));
}

bool log_is_quiet(void)
{
	return state.options.quiet;
}

static void add_plain(struct buf *line, const char *text)
{
	plain_add(line, text, strlen(text), PLAIN_LINE);
}

static void add_json(struct buf *line, const char *name, const char *value)
{
	buf_printf(line, ",\"%s\":\"", name);
	plain_add(line, value, strlen(value), PLAIN_TEXT);
	buf_text(line, "\"");
}

static void make_json(struct buf *line, enum log_level level, const char *key, const char *text)
{
	char time[CLOCK_TEXT];

	buf_printf(line, "{\"time\":\"%s\"", clock_iso(time, clock_now() / 1000));
	add_json(line, "level", level_name[level]);
	add_json(line, "stage", state.stage ? state.stage : "");
	add_json(line, "key", key);
	add_json(line, "message", text);
	buf_text(line, "}\n");
}

static void make_human(struct buf *line, bool date, enum log_level level, const char *key,
		       const char *text)
{
	char time[CLOCK_TEXT];

	clock_iso(time, clock_now() / 1000);
	if (date)
		buf_printf(line, "%s ", time);
	else
		buf_printf(line, "%.8s ", time + 11);
	buf_printf(line, "%-5s ", level_name[level]);
	if (state.stage && *state.stage)
		buf_printf(line, "%s ", state.stage);
	if (*key) {
		add_plain(line, key);
		buf_text(line, " ");
	}
	add_plain(line, text);
	buf_text(line, "\n");
}

/* One write, so that the lines of parallel stages do not mix. */
static void emit(int fd, struct buf *line)
{
	for (size_t done = 0; done < line->size;) {
		ssize_t n = write(fd, line->data + done, line->size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* there is nowhere left to complain to */
		done += (size_t)n;
	}
}

static void draw(const char *text)
{
	BUF line = buf_new(200);

	buf_printf(&line, "\r\033[K%s", text);
	emit(STDERR_FILENO, &line);
}

static void to_screen(struct buf *line)
{
	if (*state.progress)
		draw("");
	emit(STDERR_FILENO, line);
	if (*state.progress)
		draw(state.progress);
}

static void to_file(enum log_level level, const char *key, const char *text)
{
	BUF line = buf_new(SIZE_MAX / 2);

	if (state.file < 0)
		return;
	make_human(&line, true, level, key, text);
	emit(state.file, &line);
}

static void free_text(char **text)
{
	free(*text);
}

void log_line(enum log_level level, const char *key, const char *fmt, ...)
{
	char said[LONGEST_LINE];
	va_list args;
	char *text __attribute__((cleanup(free_text))) = NULL;
	BUF line = buf_new(SIZE_MAX / 2);

	if (level == LOG_DEBUG && !state.options.verbose)
		return;
	va_start(args, fmt);
	vsnprintf(said, sizeof said, fmt, args);
	va_end(args);
	redact(said, strlen(said));
	text = paste_commands(said);
	key = key ? key : "";
	to_file(level, key, text);
	if (level == LOG_INFO &&
	    (state.options.quiet || !(state.options.verbose || state.options.json)))
		return;
	if (state.options.json)
		make_json(&line, level, key, text);
	else
		make_human(&line, false, level, key, text);
	to_screen(&line);
}

void log_fatal(const char *said)
{
	char *message __attribute__((cleanup(free_text))) = paste_commands(said);
	BUF line = buf_new(SIZE_MAX / 2);

	log_progress_end();
	to_file(LOG_ERROR, "", message);
	if (state.options.json) {
		make_json(&line, LOG_ERROR, "", message);
	} else {
		buf_text(&line, "pearlbridge: ");
		if (state.stage && *state.stage)
			buf_printf(&line, "%s: ", state.stage);
		add_plain(&line, message);
		buf_text(&line, "\n");
	}
	emit(STDERR_FILENO, &line);
}

void log_progress(const char *what, long done, long total)
{
	if (state.options.json || state.options.quiet || !isatty(STDERR_FILENO))
		return;
	if (*state.progress && llabs(clock_now() - state.drawn_at) < 100)
		return;
	state.drawn_at = clock_now();
	if (total > 0)
		snprintf(state.progress, sizeof state.progress, "%s %.30s %ld of %ld",
			 state.stage ? state.stage : "", what, done, total);
	else
		snprintf(state.progress, sizeof state.progress, "%s %.30s %ld",
			 state.stage ? state.stage : "", what, done);
	draw(state.progress);
}

void log_progress_end(void)
{
	if (*state.progress)
		draw("");
	state.progress[0] = 0;
}
