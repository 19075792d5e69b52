#define _GNU_SOURCE
#include "lib/oauth_file.h"

#include "lib/die.h"
#include "lib/file.h"
#include "lib/lock.h"
#include "lib/step.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_HEAD 200
#define ANSWER_ROOM  (LONGEST_HEAD + OAUTH_LARGEST_ANSWER)
#define KEPT_ROOM    (2 * OAUTH_LARGEST_ANSWER + 1000) /* JSON may write a letter as two */

struct oauth_file {
	char *folder, *path, *fresh, *answer;
	int fresh_fd, answer_fd; /* -1: not reserved */
	size_t received;
};

struct oauth_file *oauth_file_open(const char *folder)
{
	struct oauth_file *f = xcalloc(1, sizeof *f);

	f->folder = xstrdup(folder);
	f->path = xasprintf("%s/oauth.json", folder);
	f->fresh = xasprintf("%s/oauth.json.new", folder);
	f->answer = xasprintf("%s/oauth.json.answer", folder);
	f->fresh_fd = f->answer_fd = -1;
	return f;
}

static void close_both(struct oauth_file *f)
{
	if (f->fresh_fd >= 0)
		close(f->fresh_fd);
	if (f->answer_fd >= 0)
		close(f->answer_fd);
	f->fresh_fd = f->answer_fd = -1;
}

void oauth_file_close(struct oauth_file *f)
{
	close_both(f);
	free(f->folder);
	free(f->path);
	free(f->fresh);
	free(f->answer);
	free(f);
}

static void __attribute__((noreturn)) fail(const char *what, const char *path)
{
	die(EX_IOERR, "OAuth token: %s %s: %s", what, path, strerror(errno));
}

int oauth_file_lock(struct oauth_file *f)
{
	char *path = xasprintf("%s/oauth.lock", f->folder);

	if (mkdir(f->folder, 0700) && errno != EEXIST)
		fail("cannot make", f->folder);
	int fd = file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW);
	if (fd < 0)
		die(EX_IOERR, "OAuth token: cannot lock %s: %s", path, file_why(path));
	if (!lock_wait(fd, path)) {
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

static void sync_folder(struct oauth_file *f)
{
	int folder = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0 || fsync(folder))
		fail("cannot sync", f->folder);
	close(folder);
}

static char *read_text(const char *path, size_t most)
{
	size_t size = 0;
	int fd = file_open(path, O_RDONLY | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd < 0)
		die(EX_IOERR, "OAuth token: cannot read %s: %s", path, file_why(path));
	char *text = xcalloc(most + 1, 1);
	for (ssize_t n = 1; n > 0 && size<most; size += n> 0 ? (size_t)n : 0)
		if ((n = read(fd, text + size, most - size)) < 0)
			fail("cannot read", path);
	close(fd);
	return text;
}

char *oauth_file_read(struct oauth_file *f)
{
	return read_text(f->path, KEPT_ROOM);
}

static void write_at(int fd, const char *bytes, size_t size, size_t at, const char *path)
{
	while (size) {
		ssize_t n = pwrite(fd, bytes, size, (off_t)at);
		if (n < 0 && errno != EINTR)
			fail("cannot write", path);
		n = n > 0 ? n : 0;
		bytes += n;
		at += (size_t)n;
		size -= (size_t)n;
	}
}

/* A file of that many zeros, which are on the disk. */
static int make_room(struct oauth_file *f, const char *path, off_t size)
{
	unlink(path);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error = fd < 0 ? errno : posix_fallocate(fd, 0, size);
	if (!error && fsync(fd))
		error = errno;
	if (error) {
		unlink(f->fresh);
		unlink(f->answer);
		errno = error;
		fail("a new one is not asked for, as there is no room to keep it in", path);
	}
	return fd;
}

static void reserve_fresh(struct oauth_file *f)
{
	if (f->fresh_fd < 0)
		f->fresh_fd = make_room(f, f->fresh, KEPT_ROOM);
}

void oauth_file_reserve(struct oauth_file *f, const char *origin, int64_t now)
{
	char head[LONGEST_HEAD];

	close_both(f);
	reserve_fresh(f);
	f->answer_fd = make_room(f, f->answer, ANSWER_ROOM);
	f->received = (size_t)snprintf(head, sizeof head, "%s %lld\n", origin, (long long)now);
	write_at(f->answer_fd, head, f->received, 0, f->answer);
	if (fsync(f->answer_fd))
		fail("cannot sync", f->answer);
	sync_folder(f);
}

void oauth_file_receive(struct oauth_file *f, const void *bytes, size_t size)
{
	write_at(f->answer_fd, bytes, size, f->received, f->answer);
	f->received += size;
}

void oauth_file_received(struct oauth_file *f)
{
	if (fsync(f->answer_fd))
		fail("cannot sync", f->answer);
}

void oauth_file_discard(struct oauth_file *f)
{
	close_both(f);
	unlink(f->answer);
	unlink(f->fresh);
}

char *oauth_file_left(struct oauth_file *f, const char *origin, int64_t *asked_at)
{
	char *text = read_text(f->answer, ANSWER_ROOM), *end = text ? strchr(text, '\n') : NULL;
	size_t size = strlen(origin);
	char *answer = NULL;

	if (end && !strncmp(text, origin, size) && text[size] == ' ') {
		*asked_at = strtoll(text + size, NULL, 10);
		answer = xstrdup(end + 1);
	}
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	return answer;
}

void oauth_file_keep(struct oauth_file *f, const char *text)
{
	reserve_fresh(f);
	write_at(f->fresh_fd, text, strlen(text), 0, f->fresh);
	if (ftruncate(f->fresh_fd, (off_t)strlen(text)) || fsync(f->fresh_fd) ||
	    rename(f->fresh, f->path))
		fail("cannot keep", f->path);
	sync_folder(f);
	step("OAuth token kept");
	close_both(f);
	unlink(f->answer);
}
