#define _GNU_SOURCE
#include "jobs/commands/chain.h"

#include "jobs/job.h"
#include "lib/file.h"
#include "lib/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS  200   /* how often it is seen whether the end was asked for */
#define GRACE_MS 60000 /* for what a stage does after the last answer */

extern char **environ;

static void set_env_number(const char *name, int64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)number);
	setenv(name, text, 1);
}

void chain_name_run(int64_t run)
{
	set_env_number("PEARLBRIDGE_RUN", run);
}

/* Through these an outer Make, or a person's habits, would decide what ours does. */
static bool is_for_make(const char *variable)
{
	static const char *const names[] = {"MFLAGS",   "GNUMAKEFLAGS", "VPATH", "GPATH",
					    "SUFFIXES", ".SHELLFLAGS",  "SHELL", "SAN",
					    "RETAIL",   "FUZZ_SECONDS"};
	size_t length = strcspn(variable, "=");

	if (!strncmp(variable, "MAKE", 4))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length && !strncmp(variable, names[i], length))
			return true;
	return false;
}

static void clean_environment(void)
{
	char **kept = environ;

	for (char **one = environ; *one; one++)
		if (!is_for_make(*one))
			*kept++ = *one;
	*kept = NULL;
}

static int parallel_stages(void)
{
	const char *jobs = getenv("PEARLBRIDGE_JOBS");
	int number = jobs ? atoi(jobs) : 0;

	return number > 0 && number <= 64 ? number : 4;
}

static void exec_make(const struct options *o, char **goals, int count)
{
	char *argv[64] = {0};
	int n = 0, null = open("/dev/null", O_WRONLY);

	argv[n++] = xstrdup("make");
	argv[n++] = xstrdup("-rsk");
	argv[n++] = xasprintf("-j%d", parallel_stages());
	argv[n++] = xasprintf("--directory=%s", o->store);
	argv[n++] = xasprintf("--file=%s/Makefile", o->home);
	if (!count)
		argv[n++] = xstrdup("sync");
	for (int i = 0; i < count; i++)
		argv[n++] = goals[i];
	/* Stages speak on our stderr; Make's own remarks about them do not help anybody. */
	set_env_number("PEARLBRIDGE_STDERR_FD", dup(2));
	setenv("PEARLBRIDGE_PROGRAM", o->self, 1);
	setenv("PEARLBRIDGE_STORE", o->store, 1);
	clean_environment();
	dup2(null, 1);
	if (!getenv("PEARLBRIDGE_MAKE_ERRORS"))
		dup2(null, 2);
	execvp("make", argv);
	_exit(EX_OSFILE);
}

struct chain {
	const struct options *options;
	struct db *db;
	pid_t make;
	int reports; /* "orders.load 75\n" from each stage; what it could not write to the table it tells here */
	char text[1000];
	size_t size;
	int worst;
	int64_t killed_at; /* real ms; 0: the end was not asked for */
};

static int64_t real_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void take_lines(struct chain *c)
{
	char name[64], *end;
	int code;

	while ((end = memchr(c->text, '\n', c->size))) {
		*end = 0;
		if (sscanf(c->text, "%63s %d", name, &code) == 2)
			c->worst = stage_worse(c->worst, code);
		c->size -= (size_t)(end + 1 - c->text);
		memmove(c->text, end + 1, c->size);
		/* settings.csv may just have been read */
		stop_after_minutes(setting_int(c->db, "run.max_minutes", 120));
	}
	if (c->size == sizeof c->text)
		c->size = 0;
}

/* False: nobody is left who could report. */
static bool read_reports(struct chain *c)
{
	ssize_t n = read(c->reports, c->text + c->size, sizeof c->text - c->size);

	if (n == 0 || (n < 0 && errno != EINTR))
		return false;
	c->size += n > 0 ? (size_t)n : 0;
	take_lines(c);
	return true;
}

static void leave_mark(const struct chain *c, const char *why)
{
	char *mark = store_path(c->options, "stop");
	int fd = file_open(mark, O_WRONLY | O_CREAT | O_TRUNC);

	/* without it Make passes the signal on all the same, to the stages that it knows */
	if (fd < 0 || write(fd, why, strlen(why)) < 0)
		log_warn("", "cannot write %s: %s", mark, file_why(mark));
	if (fd >= 0)
		close(fd);
	free(mark);
}

static void ask_to_end(struct chain *c, const char *why)
{
	int64_t patience = http_total_ms() + GRACE_MS;

	leave_mark(c, why);
	kill(c->make, SIGTERM);
	c->killed_at = real_ms() + patience;
	log_warn("", "the run ends, since %s: what is under way is waited for, at most %lld s", why,
		 (long long)patience / 1000);
}

static void obey_stop(struct chain *c)
{
	const char *why = stop_reason();

	if (why && !c->killed_at)
		ask_to_end(c, why);
	if (!why || real_ms() < c->killed_at)
		return;
	log_error("", "what was under way did not end: it is killed");
	kill(c->make, SIGKILL); /* its stages notice, and end at once */
	c->killed_at = INT64_MAX;
}

static int watch(struct chain *c)
{
	struct pollfd reports = {.fd = c->reports, .events = POLLIN};

	for (;;) {
		int ready = poll(&reports, 1, LOOK_MS);
		if (ready > 0 && !read_reports(c))
			return c->worst;
		obey_stop(c);
	}
}

/* Ends when we do. */
static void tie_to_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(EX_TEMPFAIL);
}

int chain_make(const struct options *o, struct db *db, char **goals, int count)
{
	struct chain c = {.options = o, .db = db};
	int ends[2], status;
	pid_t self = getpid();

	if (pipe(ends) < 0)
		die(EX_OSERR, "pipe: %s", strerror(errno));
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	set_env_number("PEARLBRIDGE_REPORT_FD", ends[1]);
	fflush(NULL);
	c.make = fork();
	if (c.make < 0)
		die(EX_OSERR, "fork: %s", strerror(errno));
	if (c.make == 0) {
		tie_to_parent(self);
		exec_make(o, goals, count);
	}
	stop_takes_along(c.make);
	close(ends[1]);
	c.reports = ends[0];
	int code = watch(&c);
	while (waitpid(c.make, &status, 0) < 0 && errno == EINTR)
		;
	stop_takes_along(0);
	close(c.reports);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OSFILE)
		die(EX_UNAVAILABLE, "GNU Make could not be started: apt-get install make");
	bool failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	/* without a code, a stage was killed before it could say anything; a Make that was asked to end says
	 * nothing about its stages, the ledger does */
	return failed && !code && !c.killed_at ? EX_TEMPFAIL : code;
}
