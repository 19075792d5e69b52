/* Preloaded into the program: what would be on disk if the power went now.
 *
 * Under the folder POWER_WATCHED, only what was synced counts.  The folder POWER_DISK holds it: ino.N is
 * the content of the file with inode N as it was last synced, names.N the entries of the folder N as they
 * were when that was synced last.  All else of POWER_WATCHED is lost with the power: tests/e2e/lib_power.sh
 * brings back a folder from that.
 *
 * The power goes when a process ends by _exit(100), as lib/step.h's crashes do: from then on nothing gets
 * to the disk, whichever process syncs.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int (*real(const char *name))(int)
{
	return (int (*)(int))dlsym(RTLD_NEXT, name);
}

static const char *disk(void)
{
	return getenv("POWER_DISK");
}

static bool is_off(void)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/off", disk());
	return access(path, F_OK) == 0;
}

static bool is_watched(int fd)
{
	char link[64], path[4096];
	const char *watched = getenv("POWER_WATCHED");

	if (!watched || !disk() || is_off())
		return false;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t size = readlink(link, path, sizeof path - 1);
	path[size < 0 ? 0 : size] = '\0';
	return !strncmp(path, watched, strlen(watched));
}

static void fail(const char *what)
{
	perror(what);
	abort();
}

/* Replaced as a whole, so that two processes that sync at a time leave either. */
static void put(const char *kind, ino_t number, const char *from)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s.%lu", disk(), kind, (unsigned long)number);
	if (rename(from, path))
		fail(path);
}

static int begin(char path[4096])
{
	snprintf(path, 4096, "%s/part.%d", disk(), getpid());
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (to < 0)
		fail(path);
	return to;
}

/* By a descriptor of our own: closing another one of the file would drop SQLite's locks, so it is read by
 * pread() through the one at hand, or, where that is for writing alone, through /proc. */
static void keep_content(int fd, ino_t number)
{
	char part[4096], buffer[65536], link[64];
	int to = begin(part), from = fd;
	ssize_t n;

	if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		from = open(link, O_RDONLY | O_CLOEXEC);
	}
	for (off_t at = 0; (n = pread(from, buffer, sizeof buffer, at)) > 0; at += n)
		if (write(to, buffer, (size_t)n) != n)
			fail(part);
	if (from != fd)
		close(from);
	close(to);
	put("ino", number, part);
}

static void keep_names(int fd, ino_t number)
{
	char part[4096], link[64];
	FILE *to = fdopen(begin(part), "w");
	struct dirent *entry;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	DIR *folder = opendir(link);
	if (!folder || !to)
		fail(link);
	while ((entry = readdir(folder)))
		if (entry->d_type == DT_REG)
			fprintf(to, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
	closedir(folder);
	fclose(to);
	put("names", number, part);
}

static int sync_with(const char *name, int fd)
{
	struct stat st;

	if (is_watched(fd) && fstat(fd, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			keep_names(fd, st.st_ino);
		else if (S_ISREG(st.st_mode))
			keep_content(fd, st.st_ino);
	}
	return real(name)(fd);
}

int fsync(int fd);
int fsync(int fd)
{
	return sync_with("fsync", fd);
}

int fdatasync(int fd);
int fdatasync(int fd)
{
	return sync_with("fdatasync", fd);
}

void _exit(int code)
{
	char path[4096];
	void (*end)(int) __attribute__((noreturn)) = dlsym(RTLD_NEXT, "_exit");

	if (code == 100 && disk()) {
		snprintf(path, sizeof path, "%s/off", disk());
		close(open(path, O_WRONLY | O_CREAT, 0600));
	}
	end(code);
}
