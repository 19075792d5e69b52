#include "lib/lock.h"

#include "lib/die.h"
#include "lib/log.h"
#include "lib/stop.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#define LONGEST_NAP_MS 50
#define TOLD_AFTER_MS  60000
#define PATIENCE_MS    300000
#define GRACE_MS       1000 /* once the end was asked for */

static bool taken(int fd, const char *path)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (errno != EWOULDBLOCK && errno != EINTR)
		die(EX_OSERR, "cannot lock %s: %s", path, strerror(errno));
	return false;
}

bool lock_wait(int fd, const char *path)
{
	int64_t waited = 0, asked = 0; /* to end: waited since then */
	int nap = 1;

	while (!taken(fd, path)) {
		if (stop_reason() && (asked += nap) > GRACE_MS)
			return false;
		if (waited >= PATIENCE_MS)
			die(EX_TEMPFAIL,
			    "%s has been held by another program for %d s: see which (fuser %s)"
			    " and end it, then run again",
			    path, PATIENCE_MS / 1000, path);
		if (waited < TOLD_AFTER_MS && waited + nap >= TOLD_AFTER_MS)
			log_warn(
				"",
				"waiting for %s, which another program has held for a minute; %d s more"
				" at most",
				path, (PATIENCE_MS - TOLD_AFTER_MS) / 1000);
		nanosleep(&(struct timespec){.tv_nsec = nap * 1000000L}, NULL);
		waited += nap;
		nap = nap * 2 < LONGEST_NAP_MS ? nap * 2 : LONGEST_NAP_MS;
	}
	return true;
}
