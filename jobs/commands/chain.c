#define _GNU_SOURCE
#include "jobs/commands/chain.h"

#include "jobs/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void set_env_number(const char *name, int number)
{
	char text[16];

	snprintf(text, sizeof text, "%d", number);
	setenv(name, text, 1);
}

/* Through these an outer Make, or a person's habits, would decide what ours does. */
static const char *const make_variables[] = {"MAKEFLAGS", "MFLAGS",    "GNUMAKEFLAGS",
					     "MAKEFILES", "MAKELEVEL", "MAKEOVERRIDES"};

static void exec_make(const struct options *o, char **goals, int count)
{
	char *argv[64] = {0}, *jobs = getenv("PEARLBRIDGE_JOBS");
	int n = 0, null = open("/dev/null", O_WRONLY);

	argv[n++] = xstrdup("make");
	argv[n++] = xstrdup("-rsk");
	argv[n++] = xasprintf("-j%s", jobs && *jobs ? jobs : "4");
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
	for (size_t i = 0; i < sizeof make_variables / sizeof *make_variables; i++)
		unsetenv(make_variables[i]);
	dup2(null, 1);
	if (!getenv("PEARLBRIDGE_MAKE_ERRORS"))
		dup2(null, 2);
	execvp("make", argv);
	_exit(EX_OSFILE);
}

/* "orders.load 75\n" from each stage; what a stage could not write to the table it tells here. */
static int read_codes(int fd)
{
	FILE *lines = fdopen(fd, "r");
	char name[64];
	int code, worst = 0;

	while (fscanf(lines, "%63s %d", name, &code) == 2)
		worst = stage_worse(worst, code);
	fclose(lines);
	return worst;
}

int chain_make(const struct options *o, char **goals, int count)
{
	int ends[2], status;

	if (pipe(ends) < 0)
		die(EX_OSERR, "pipe: %s", strerror(errno));
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	set_env_number("PEARLBRIDGE_REPORT_FD", ends[1]);
	fflush(NULL);
	pid_t child = fork();
	if (child < 0)
		die(EX_OSERR, "fork: %s", strerror(errno));
	if (child == 0)
		exec_make(o, goals, count);
	close(ends[1]);
	int code = read_codes(ends[0]);
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OSFILE)
		die(EX_OSFILE, "GNU Make could not be started: is it installed?");
	bool failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	/* without a code, a stage was killed before it could say anything */
	return failed && !code ? EX_TEMPFAIL : code;
}
