/* assert_dies(code, "part of the message", run, argument): run(argument) must end by die() with that
 * code and a message that holds that part.  It runs in a child, so nothing of it stays behind. */
#ifndef TESTS_UNIT_DIES_H
#define TESTS_UNIT_DIES_H

#include "lib/die.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int dies_pipe[2];

static inline void dies_tell(int code, const char *message)
{
	if (write(dies_pipe[1], message, strlen(message)) < 0)
		_exit(99);
	_exit(code);
}

/* The exit code of run(argument), 0 when it returns; its last words go to message. */
static inline int dies_code(void (*run)(void *), void *argument, char message[4000])
{
	int status;
	size_t size = 0;

	if (pipe(dies_pipe))
		return -1;
	pid_t child = fork();
	if (!child) {
		int nowhere = open("/dev/null", O_WRONLY);
		dup2(nowhere, STDERR_FILENO);
		die_hook = dies_tell;
		run(argument);
		_exit(0);
	}
	close(dies_pipe[1]);
	for (ssize_t n = 1; n > 0; size += n > 0 ? (size_t)n : 0)
		n = read(dies_pipe[0], message + size, 3999 - size);
	message[size] = 0;
	close(dies_pipe[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#define assert_dies(expected, part, run, argument)                                                   \
	do {                                                                                         \
		char dies_text[4000];                                                                \
		int dies_with = dies_code(run, argument, dies_text);                                 \
		if (dies_with != (expected) || !strstr(dies_text, part))                             \
			fail_msg("ended with %d: %s", dies_with, dies_text);                         \
	} while (0)

#endif
