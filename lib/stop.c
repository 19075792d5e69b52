#define _GNU_SOURCE
#include "lib/stop.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS   200  /* between two looks at the mark */
#define SECOND_MS 1000 /* a signal that comes sooner than that is the first one, come by two ways */
#define LONGEST   200  /* of what the mark says */

static struct {
	char *mark;
	bool watching, child;
	pid_t parent;
	int64_t began, minutes; /* clock_ticks() */
	int64_t looked_at;
	char reason[LONGEST + 1];
} state;

/* What the handler reads and writes. */
static volatile sig_atomic_t got;       /* the first signal */
static volatile int64_t got_at;         /* real ms */
static volatile sig_atomic_t asked;     /* by whatever it was */
static volatile sig_atomic_t along = 0; /* a child that ends with us */

static int64_t real_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void end_at_once(void)
{
	static const char said[] = "pearlbridge: ended at once\n";

	if (along)
		kill(along, SIGKILL);
	if (!state.child && write(STDERR_FILENO, said, sizeof said - 1) < 0)
		_exit(EX_TEMPFAIL);
	_exit(EX_TEMPFAIL);
}

/* Make passes a SIGTERM on that its whole group got: that is no second one.  SIGUSR1: Make died. */
static void on_signal(int number, siginfo_t *info, void *unused)
{
	int error = errno;
	bool passed_on = state.child && number != SIGUSR1 && info->si_pid == state.parent;

	(void)unused;
	if (number == SIGUSR1 ? asked : got && !passed_on && real_ms() - got_at >= SECOND_MS)
		end_at_once();
	if (!got) {
		got = number;
		got_at = real_ms();
	}
	asked = 1;
	errno = error;
}

static void catch (int number)
{
	struct sigaction before,
		ours = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};

	sigemptyset(&ours.sa_mask);
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &ours, NULL);
}

/* As early as can be: a parent that ends between this and stop_watch() is missed. */
static void __attribute__((constructor)) note_parent(void)
{
	state.parent = getppid();
}

/* No signal comes of one that ended before it was asked for. */
static void notice_dead_parent(void)
{
	pid_t now = getppid();

	if (got || (now == state.parent && now != 1))
		return;
	got_at = real_ms();
	got = SIGUSR1;
	asked = 1;
}

void stop_watch(const struct stop_options *options)
{
	free(state.mark);
	state.mark = options->mark ? xstrdup(options->mark) : NULL;
	if (state.watching)
		return;
	state.watching = true;
	state.child = options->child;
	state.began = clock_ticks();
	signal(SIGPIPE, SIG_IGN);
	catch (SIGTERM);
	catch (SIGINT);
	catch (SIGHUP);
	if (state.child) {
		catch (SIGUSR1);
		prctl(PR_SET_PDEATHSIG, SIGUSR1);
		notice_dead_parent();
	}
}

void stop_after_minutes(int64_t minutes)
{
	state.minutes = minutes;
}

void stop_takes_along(pid_t child)
{
	along = child;
}

static const char *name_of(int number)
{
	return number == SIGTERM   ? "it got SIGTERM"
	       : number == SIGINT  ? "it got SIGINT"
	       : number == SIGHUP  ? "it got SIGHUP"
	       : number == SIGUSR1 ? "what had started it ended"
				   : "it got a signal";
}

static void look_at_mark(void)
{
	size_t size = 0;
	int64_t now = real_ms();

	if (!state.mark || (state.looked_at && now - state.looked_at < LOOK_MS))
		return;
	state.looked_at = now;
	if (access(state.mark, F_OK) != 0)
		return;
	char *text = file_read(state.mark, LONGEST, &size, NULL);
	if (text)
		text[strcspn(text, "\n")] = 0;
	snprintf(state.reason, sizeof state.reason, "%s", text && *text ? text : "it was asked to");
	free(text);
}

const char *stop_reason(void)
{
	if (!state.watching || *state.reason)
		return state.watching ? state.reason : NULL;
	if (got)
		snprintf(state.reason, sizeof state.reason, "%s", name_of(got));
	else if (state.minutes && clock_ticks() - state.began >= state.minutes * 60000)
		snprintf(state.reason, sizeof state.reason,
			 "it took longer than run.max_minutes (%lld)", (long long)state.minutes);
	else
		look_at_mark();
	if (*state.reason)
		asked = 1;
	return *state.reason ? state.reason : NULL;
}
