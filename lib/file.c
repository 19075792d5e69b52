#define _GNU_SOURCE
#include "lib/file.h"

#include "lib/die.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What lies there, when it is no plain file; NULL: it is one. */
static const char *other_kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return NULL;
	case S_IFDIR:
		return "a folder";
	case S_IFIFO:
		return "a named pipe";
	case S_IFSOCK:
		return "a socket";
	case S_IFLNK:
		return "a symbolic link";
	default:
		return "a device";
	}
}

static int refuse(const struct stat *st)
{
	errno = S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
	return -1;
}

int file_open(const char *path, int flags)
{
	struct stat st;

	/* looked at first, since opening a device may do something to it; and again, since it may have
	 * been exchanged meanwhile */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return refuse(&st);
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return refuse(&st);
	}
	return fd;
}

const char *file_why(const char *path)
{
	static char text[100];
	struct stat st;
	int error = errno;

	/* a link that must not be followed is told as one */
	int looked = error == ELOOP ? lstat(path, &st) : stat(path, &st);
	const char *kind = looked == 0 ? other_kind(st.st_mode) : NULL;
	if (kind)
		snprintf(text, sizeof text, "it is %s, not a plain file", kind);
	else
		snprintf(text, sizeof text, "%s", strerror(error));
	return text;
}

/* Reads to the end, or until there are more than size bytes. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t count = 0;

	while (count < size) {
		ssize_t n = read(fd, bytes + count, size - count);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		count += (size_t)n;
	}
	return (ssize_t)count;
}

char *file_read(const char *path, size_t most, size_t *size, struct stat *st)
{
	struct stat here;
	int fd = file_open(path, O_RDONLY);

	if (fd < 0)
		return NULL;
	char *bytes = NULL;
	ssize_t count = -1;
	if (fstat(fd, &here) == 0) {
		size_t room = here.st_size > (off_t)most ? 0 : (size_t)here.st_size;
		errno = EFBIG;
		if (here.st_size <= (off_t)most) {
			bytes = xcalloc(room + 1, 1);
			count = read_all(fd, bytes, room);
		}
	}
	int error = errno;
	close(fd);
	if (count < 0) {
		free(bytes);
		errno = error;
		return NULL;
	}
	if (st)
		*st = here;
	*size = (size_t)count;
	return bytes;
}

void file_must_be_plain(const char *path, int code)
{
	struct stat st;

	if (stat(path, &st) == 0 && other_kind(st.st_mode))
		die(code, "%s is %s, not a plain file: move it away", path, other_kind(st.st_mode));
}
