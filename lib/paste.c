#define _GNU_SOURCE
#include "lib/paste.h"

#include "lib/buf.h"
#include "lib/die.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHORT "./run.sh"

static struct {
	char *program, *whole;       /* as the shell takes them; whole: with --store */
	bool json, left;             /* left: stdout is written as it comes */
	char kept[sizeof SHORT + 8]; /* the end of what was printed so far: it may go on */
	size_t size;
	int failed; /* errno of a write to stdout that did not come about */
} state;

char *paste_word(const char *text)
{
	struct buf out = buf_new(SIZE_MAX / 2);

	if (*text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_/.,:+@%-=")])
		return xstrdup(text);
	buf_text(&out, "'");
	for (; *text; text++)
		if (*text == '\'')
			buf_text(&out, "'\\''");
		else
			buf_add(&out, text, 1);
	buf_text(&out, "'");
	return buf_take(&out);
}

static void add(struct buf *out, const char *command, bool json)
{
	for (; *command; command++) {
		if (json && strchr("\"\\", *command))
			buf_text(out, "\\");
		buf_add(out, command, 1);
	}
}

/* What names its --store already needs no other. */
static const char *meant(const char *after, const char *end)
{
	static const char init[] = " init --store";
	size_t follows = sizeof init - 1;

	if ((size_t)(end - after) >= follows && !memcmp(after, init, follows))
		return state.program;
	return state.whole;
}

static char *replaced(const char *text, size_t size, bool json, size_t *length)
{
	struct buf out = buf_new(SIZE_MAX / 2);
	const char *end = text + size;

	for (const char *at = text, *found; at < end; at = found + sizeof SHORT - 1) {
		found = memmem(at, (size_t)(end - at), SHORT, sizeof SHORT - 1);
		buf_add(&out, at, (size_t)((found ? found : end) - at));
		if (!found)
			break;
		add(&out, meant(found + sizeof SHORT - 1, end), json);
	}
	*length = out.size;
	return buf_take(&out);
}

char *paste_commands(const char *text)
{
	size_t length;

	return state.whole ? replaced(text, strlen(text), false, &length) : xstrdup(text);
}

static ssize_t write_all(const char *text, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = write(STDOUT_FILENO, text + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			state.failed = n < 0 ? errno : EIO;
			return -1;
		}
		done += (size_t)n;
	}
	return 0;
}

/* A command may be cut by the end of a buffer: what may be the beginning of one is kept. */
static size_t unfinished(const char *text, size_t size)
{
	for (size_t length = sizeof SHORT - 1 < size ? sizeof SHORT - 1 : size; length; length--)
		if (!memcmp(text + size - length, SHORT, length))
			return length;
	return 0;
}

static ssize_t filter(void *unused, const char *text, size_t size)
{
	size_t length, rest;
	BUF all = buf_new(SIZE_MAX / 2);

	(void)unused;
	if (state.left)
		return write_all(text, size) < 0 ? 0 : (ssize_t)size;
	buf_add(&all, state.kept, state.size);
	buf_add(&all, text, size);
	rest = text[size - 1] == '\n' ? 0 : unfinished(all.data, all.size);
	memcpy(state.kept, all.data + all.size - rest, rest);
	state.size = rest;
	char *out = replaced(all.data, all.size - rest, state.json, &length);
	ssize_t written = write_all(out, length);
	free(out);
	return written < 0 ? 0 : (ssize_t)size;
}

bool paste_flush(void)
{
	size_t length;

	errno = 0;
	bool fine = fflush(stdout) == 0 && !ferror(stdout);
	if (state.size) {
		char *rest = replaced(state.kept, state.size, state.json, &length);
		fine = write_all(rest, length) == 0 && fine;
		free(rest);
		state.size = 0;
	}
	if (!fine && state.failed)
		errno = state.failed;
	return fine && !state.failed;
}

void paste_leave_stdout(void)
{
	paste_flush();
	state.left = true;
}

static void finish(void)
{
	paste_flush();
}

static void filter_stdout(void)
{
	FILE *filtered = fopencookie(NULL, "w", (cookie_io_functions_t){.write = filter});

	if (!filtered)
		bug("no memory for stdout");
	setvbuf(filtered, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, BUFSIZ);
	fflush(stdout);
	stdout = filtered;
	atexit(finish);
}

void paste_open(const char *called, const char *store, bool json)
{
	const char *told = getenv("PEARLBRIDGE_CALLED"), *parent = getenv("PEARLBRIDGE_COMMAND");
	char *dir = store ? paste_word(store) : NULL;

	state.json = json;
	state.program = paste_word(told && *told ? told : called);
	state.whole = parent ? xstrdup(parent)
			     : xasprintf("%s%s%s", state.program, dir ? " --store " : "",
					 dir ? dir : "");
	free(dir);
	setenv("PEARLBRIDGE_CALLED", told && *told ? told : called, 1);
	setenv("PEARLBRIDGE_COMMAND", state.whole, 1);
	if (strcmp(state.whole, SHORT) != 0 || strcmp(state.program, SHORT) != 0)
		filter_stdout();
}
