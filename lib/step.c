#define _GNU_SOURCE
#include "lib/step.h"

#include "lib/die.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
	bool ready, wanted;
	int64_t *count, own, crash_at;
	int trace;
} seam;

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		die(EX_CANTCREAT, "step counter: %s: %s", path, strerror(errno));
	return fd;
}

static void map_counter(const char *path)
{
	int fd = open_file(path, O_RDWR);

	if (ftruncate(fd, sizeof *seam.count))
		die(EX_IOERR, "step counter: %s: %s", path, strerror(errno));
	seam.count = mmap(NULL, sizeof *seam.count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (seam.count == MAP_FAILED)
		die(EX_IOERR, "step counter: %s: %s", path, strerror(errno));
	close(fd);
}

static void make_ready(void)
{
	const char *file = getenv("PEARLBRIDGE_STEP_FILE"), *at = getenv("PEARLBRIDGE_CRASH_AT");
	const char *trace = getenv("PEARLBRIDGE_STEP_TRACE");

	seam.ready = true;
	seam.wanted = file || at || trace;
	seam.crash_at = at ? strtoll(at, NULL, 10) : 0;
	seam.trace = trace ? open_file(trace, O_WRONLY | O_APPEND) : -1;
	seam.count = &seam.own;
	if (file)
		map_counter(file);
}

static void say(int fd, const char *prefix, const char *where)
{
	char line[600];
	int size = snprintf(line, sizeof line - 1, "%s%s", prefix, where);

	if (size > (int)sizeof line - 2)
		size = (int)sizeof line - 2;
	line[size++] = '\n';
	/* nothing sensible can be done about a failure: the process ends or goes on all the same */
	if (write(fd, line, (size_t)size) < 0)
		return;
}

/* The run that started this stage ends with the same code. */
static void tell_run(void)
{
	const char *fd = getenv("PEARLBRIDGE_REPORT_FD");

	if (fd && *fd)
		say(atoi(fd), "crash 100", "");
}

void step(const char *where)
{
	if (!seam.ready)
		make_ready();
	if (!seam.wanted)
		return;
	int64_t now = __atomic_add_fetch(seam.count, 1, __ATOMIC_SEQ_CST);
	if (seam.trace >= 0)
		say(seam.trace, "", where);
	if (now == seam.crash_at) {
		say(STDERR_FILENO, "crash injected: ", where);
		tell_run();
		_exit(EXIT_INJECTED);
	}
}
