/* Time: now, waiting, and dates as both APIs write them.
 *
 * Every wait of Pearlbridge goes through clock_sleep(), and every "now" through clock_now(), so
 * that a test can run an hour in a second.  Three environment variables, for tests only:
 *
 *   PEARLBRIDGE_CLOCK_SPEED    how much faster than real time the clock runs (default 1)
 *   PEARLBRIDGE_CLOCK_ANCHOR   real epoch milliseconds at which both clocks agree (default: start
 *                              of the process; give it when several processes must agree)
 *   PEARLBRIDGE_CLOCK_OFFSET   seconds added to the clock (default 0; may be negative)
 *
 * Points in time are milliseconds (now) or seconds (dates) since 1970, UTC.  Neither ever decides
 * what is extracted, nor what is older than what: that goes by the servers' clocks (server_clock.h).
 */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_TEXT 32 /* room for any text written below */

int64_t clock_now(void);   /* milliseconds */
int64_t clock_ticks(void); /* milliseconds, above 0, that pass as they do whoever sets the clock */
void clock_sleep(int64_t ms); /* returns early only on a signal; ms <= 0 returns at once */
double clock_speed(void);     /* for timeouts handed to others: real ms = ms / speed */

/* Read a date: RFC 2822 or 7231 ("Thu, 20 Apr 2017 11:32:00 +0000", "... GMT"), ISO 8601 with
 * fraction and Z, +01:00 or +0100, without an offset read as UTC, or a date alone (midnight UTC).
 * False when the text is none of these; *epoch is then untouched. */
bool clock_parse(const char *text, int64_t *epoch);

/* Write a date: "2017-04-20T11:32:00Z".  Returns text. */
char *clock_iso(char text[CLOCK_TEXT], int64_t epoch);

#endif
