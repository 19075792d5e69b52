/* All that commands print on stdout.  Nothing else writes there (make lint sees to it).
 *
 * Whatever stands in a text argument is made plain (plain.h) and is redacted (redact.h), so no command can
 * forget it. */
#ifndef LIB_SHOW_H
#define LIB_SHOW_H

/* As printf: each %s is one line, made plain.  Conversions: s d ld lld zd c %, with -, width
 * and precision. */
void show(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void show_lines(const char *text); /* made plain, but for its line breaks */
void show_json(const char *json);  /* one value and a line break; what may act is escaped */
void show_line_end(void);

#endif
