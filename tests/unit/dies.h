/* assert_dies(code, "part of the message", run, argument): run(argument) must end by die() with that
 * code and a message that holds that part.  It runs in a child, so nothing of it stays behind; the
 * code comes through a pipe, since valgrind puts its own in place of a child's exit code. */
#ifndef TESTS_UNIT_DIES_H
#define TESTS_UNIT_DIES_H

#include "lib/die.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int dies_pipe[2];

static inline void dies_tell(int code, const char *message)
{
	(void)message; /* it was printed already */
	dprintf(dies_pipe[1], "\ndied with %d\n", code);
	_exit(code);
}

/* The code run(argument) died with, 0 when it returned, -1 for any other end; what it wrote to stderr
 * goes to text. */
static inline int dies_code(void (*run)(void *), void *argument, char text[4000])
{
	size_t size = 0;

	if (pipe(dies_pipe))
		return -1;
	pid_t child = fork();
	if (!child) {
		dup2(dies_pipe[1], STDERR_FILENO);
		die_hook = dies_tell;
		run(argument);
		dies_tell(0, "");
	}
	close(dies_pipe[1]);
	for (ssize_t n = 1; n > 0; size += n > 0 ? (size_t)n : 0)
		n = read(dies_pipe[0], text + size, 3999 - size);
	text[size] = 0;
	close(dies_pipe[0]);
	waitpid(child, NULL, 0);
	const char *told = strstr(text, "\ndied with ");
	return told ? (int)strtol(told + 11, NULL, 10) : -1;
}

#define assert_dies(expected, part, run, argument)                                                 \
	do {                                                                                       \
		char dies_text[4000];                                                              \
		int dies_with = dies_code(run, argument, dies_text);                               \
		if (dies_with != (expected) || !strstr(dies_text, part))                           \
			fail_msg("ended with %d: %s", dies_with, dies_text);                       \
	} while (0)

#endif
