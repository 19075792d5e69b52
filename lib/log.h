/* What a run says while it works.
 *
 * One line per event, in one grammar: time, level, stage, record, what happened.  For people:
 *   12:00:03 info  orders.load BC-1042 created as 88123
 * with --json one JSON object per line.  Never a body, never a credential; control characters of
 * foreign text are escaped.  Levels: debug (only with --verbose), info (one per record: in the stage's
 * log, on stderr with --verbose or --json, never with --quiet), warn, error.  Lines go to stderr; a
 * stage's lines also go to its log file.
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_options {
	bool json, quiet, verbose;
};
void log_open(const struct log_options *, const char *stage, const char *file /* or NULL */);

bool log_is_quiet(void); /* was --quiet given? */

/* key: the record, "order:1042" or "" */
void log_line(enum log_level, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
#define log_debug(key, ...) log_line(LOG_DEBUG, key, __VA_ARGS__)
#define log_info(key, ...)  log_line(LOG_INFO, key, __VA_ARGS__)
#define log_warn(key, ...)  log_line(LOG_WARN, key, __VA_ARGS__)
#define log_error(key, ...) log_line(LOG_ERROR, key, __VA_ARGS__)

/* The last line of a process that dies: "pearlbridge: orders.load: message".  Only die.c calls it. */
void log_fatal(const char *message);

/* Progress of long work: drawn in place on a terminal, silent everywhere else.  total 0 = not known.
 * log_progress_end() wipes it; log lines wipe and redraw it by themselves. */
void log_progress(const char *what, long done, long total);
void log_progress_end(void);

#endif
