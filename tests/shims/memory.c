/* Preloaded into the program: the MEMORY_FAILS-th allocation of a run fails, and with MEMORY_STAYS every one
 * after it.  MEMORY_COUNT is a file with the count, shared by all processes of the run; without
 * MEMORY_FAILS they are only counted.  Other programs (make, sh) are left alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static int64_t *count, fails;
static bool stays;

static bool is_program(void)
{
	char path[4096];
	ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);

	path[size < 0 ? 0 : size] = '\0';
	return size > 11 && !strcmp(path + size - 11, "pearlbridge");
}

/* Before main(), when getenv() can be trusted and no other thread runs. */
__attribute__((constructor)) static void make_ready(void)
{
	const char *file = getenv("MEMORY_COUNT"), *at = getenv("MEMORY_FAILS");

	if (!file || !is_program())
		return;
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof *count))
		abort();
	void *shared = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (shared == MAP_FAILED)
		abort();
	fails = at ? strtoll(at, NULL, 10) : 0;
	stays = getenv("MEMORY_STAYS") != NULL;
	count = shared;
}

static bool is_refused(void)
{
	if (!count)
		return false;
	int64_t n = __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
	bool refused = fails && (n == fails || (stays && n > fails));
	if (refused)
		errno = ENOMEM;
	return refused;
}

void *malloc(size_t size)
{
	return is_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t members, size_t size)
{
	return is_refused() ? NULL : __libc_calloc(members, size);
}

void *realloc(void *memory, size_t size)
{
	return is_refused() ? NULL : __libc_realloc(memory, size);
}
