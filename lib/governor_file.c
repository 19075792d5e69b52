#define _GNU_SOURCE
#include "lib/governor.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/file.h"
#include "lib/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file's; another one's content is forgotten, it is worth a minute at most. */
#define LAYOUT 1

#define ASK_AGAIN_MS 100

struct shared {
	int64_t layout;
	struct governor_window window[2];
};

struct governor {
	int fd; /* -1: memory of our own */
	char *path;
	struct shared *shared;
};

/* Held for microseconds only; the kernel gives it back when a process dies.  False: it is held, and the end
 * was asked for. */
static bool lock(struct governor *g)
{
	return g->fd < 0 || lock_wait(g->fd, g->path);
}

static void unlock(struct governor *g)
{
	if (g->fd >= 0)
		flock(g->fd, LOCK_UN);
}

static void *map_file(struct governor *g, const char *path)
{
	const size_t size = sizeof(struct shared);

	g->path = xstrdup(path);
	g->fd = file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW);
	if (g->fd < 0)
		die(EX_CANTCREAT, "quota file %s: %s", path, file_why(path));
	/* written in full, not left as a hole: a full disk must show here and not as a signal later */
	int rc = posix_fallocate(g->fd, 0, (off_t)size);
	void *memory = rc ? MAP_FAILED
			  : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, g->fd, 0);
	if (memory == MAP_FAILED)
		die(EX_CANTCREAT, "quota file %s: %s", path, strerror(rc ? rc : errno));
	return memory;
}

struct governor *governor_open(const char *path)
{
	struct governor *g = xcalloc(1, sizeof *g);

	g->fd = -1;
	g->shared = path ? map_file(g, path) : xcalloc(1, sizeof *g->shared);
	if (!lock(g))
		die(EX_TEMPFAIL, "%s is held by another program; no longer waited for", path);
	if (g->shared->layout != LAYOUT) {
		governor_window_reset(&g->shared->window[BIGCOMMERCE], BIGCOMMERCE);
		governor_window_reset(&g->shared->window[BRIGHTPEARL], BRIGHTPEARL);
		g->shared->layout = LAYOUT;
	}
	unlock(g);
	return g;
}

void governor_close(struct governor *g)
{
	if (!g)
		return;
	if (g->fd >= 0) {
		munmap(g->shared, sizeof *g->shared);
		close(g->fd);
	} else {
		free(g->shared);
	}
	free(g->path);
	free(g);
}

int64_t governor_take(struct governor *g, enum api api, int share, struct governor_ticket *ticket)
{
	if (!lock(g))
		return ASK_AGAIN_MS; /* which nobody does: what was not sent is not sent any more */
	int64_t wait = governor_window_take(&g->shared->window[api], share, clock_now(), ticket);
	unlock(g);
	return wait;
}

void governor_answered(struct governor *g, enum api api, const struct governor_ticket *ticket,
		       const struct governor_told *told)
{
	if (!lock(g))
		return; /* the answer counts, not what it says about a quota that is used no more */
	governor_window_answered(&g->shared->window[api], ticket, told, clock_now());
	unlock(g);
}

void governor_lost(struct governor *g, enum api api, const struct governor_ticket *ticket)
{
	if (!lock(g))
		return;
	governor_window_lost(&g->shared->window[api], ticket);
	unlock(g);
}

void governor_block(struct governor *g, enum api api, int64_t ms)
{
	struct governor_window *w = &g->shared->window[api];

	if (!lock(g))
		return;
	int64_t until = clock_now() + ms;
	if (until > w->blocked_until)
		w->blocked_until = until;
	unlock(g);
}
