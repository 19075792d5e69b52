#define _GNU_SOURCE
#include "lib/die.h"

#include "lib/log.h"
#include "lib/redact.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void (*die_hook)(int code, const char *message);

static void end(int code, char *message) __attribute__((noreturn));
static void end(int code, char *message)
{
	static bool printing;
	void (*hook)(int, const char *) = die_hook;

	/* neither a hook that dies nor printing without memory may come round for ever */
	die_hook = NULL;
	if (printing)
		_exit(code);
	printing = true;
	redact(message, strlen(message));
	log_fatal(message);
	printing = false;
	if (hook)
		hook(code, message);
	exit(code);
}

void die(int code, const char *fmt, ...)
{
	char message[2000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof message, fmt, args);
	va_end(args);
	end(code, message);
}

void bug(const char *fmt, ...)
{
	char message[2000] = "bug: ";
	va_list args;

	va_start(args, fmt);
	vsnprintf(message + 5, sizeof message - 5, fmt, args);
	va_end(args);
	end(EX_SOFTWARE, message);
}

static void *checked(void *memory)
{
	if (!memory)
		die(EX_OSERR, "out of memory");
	return memory;
}

void *xcalloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *memory, size_t size)
{
	return checked(realloc(memory, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xasprintf(const char *fmt, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, fmt);
	int size = vasprintf(&text, fmt, args);
	va_end(args);
	return checked(size < 0 ? NULL : text);
}
