/* stop: leave the mark that whoever holds the store's lock looks for (stop.h), and wait until it has ended. */
#include "jobs/commands/commands.h"
#include "jobs/job.h"
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 300000 /* a little more than a request may take, and what follows it */
#define LOOK_MS     100

static void leave_mark(const char *mark)
{
	static const char why[] = "./run.sh stop asked for it\n";

	if (access(mark, F_OK) == 0)
		return;
	int fd = file_open(mark, O_WRONLY | O_CREAT | O_TRUNC);
	if (fd < 0 || write(fd, why, sizeof why - 1) < 0 || close(fd) < 0)
		die(EX_CANTCREAT, "cannot write %s: %s", mark, file_why(mark));
}

static void nap(void)
{
	struct timespec t = {.tv_nsec = LOOK_MS * 1000000L};

	nanosleep(&t, NULL);
}

int command_stop(const struct options *o)
{
	char *mark = store_path(o, "stop");
	bool locked = store_is_locked(o), asked = locked;
	int left = PATIENCE_MS / LOOK_MS;

	if (locked && !o->quiet && !o->json)
		fprintf(stderr, "the run was asked to end; waiting for the answers under way\n");
	for (; locked && left; left--) {
		leave_mark(mark); /* again, if one that began meanwhile took it for an old one */
		nap();
		locked = store_is_locked(o);
	}
	free(mark);
	if (locked) {
		log_error(
			"",
			"the run has not ended within %d s: it goes on waiting, and ends as soon as it can",
			PATIENCE_MS / 1000);
		return EX_TEMPFAIL;
	}
	command_say(o, "", "stop",
		    asked ? "the run has ended; the next one goes on from there: ./run.sh"
			  : "no run is going on");
	return 0;
}
