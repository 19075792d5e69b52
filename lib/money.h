/* Money and rates as integers.
 *
 * An amount is a whole number of ten-thousandths, read from decimal text and written as decimal
 * text; no floating point anywhere on the way.
 */
#ifndef LIB_MONEY_H
#define LIB_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#define MONEY_UNIT 10000
#define MONEY_TEXT 32

/* "336.3200", "-5", ".5", "1.2E3": true.  More than four decimals are rounded, half away from zero.
 * False for anything else and for amounts beyond a hundred billion. */
bool money_parse(const char *text, int64_t *units);

/* At least two decimals, at most four: "10.00", "-0.005".  Returns text. */
char *money_write(char text[MONEY_TEXT], int64_t units);

/* 1 / rate with six decimals, from and to decimal text.  False when rate is no positive decimal. */
bool money_invert(const char *rate, char text[MONEY_TEXT]);

#endif
