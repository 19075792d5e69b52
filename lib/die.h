/* Ending a process that cannot go on.
 *
 * Three outcomes are values that a job acts on (OK, REJECT, LATER); everything else comes here:
 * one line that says what was being done, on what, and what to do about it, and an exit code of
 * sysexits.h.  Every state on disk is one that a rerun continues from, so dying is clean.
 */
#ifndef LIB_DIE_H
#define LIB_DIE_H

#include <stddef.h>
#include <sysexits.h>

#define EXIT_INJECTED 100 /* a crash that a test asked for */

/* die(code, ...): print the line (to the log too) and exit with code, recording it for the run. */
void die(int code, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
/* bug(...): a broken invariant; exit code 70. */
void bug(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Set by whoever must record the end (the stage ledger), or by tests to intercept it.  It is cleared
 * before it is called, so that a hook that dies itself ends the process; a test that jumps out of it
 * sets it again before the next time. */
extern void (*die_hook)(int code, const char *message);

/* malloc and friends that die instead of returning NULL. */
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *memory, size_t size);
char *xstrdup(const char *text);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
