/* Amounts as integers in ten-thousandths of a currency unit, as BigCommerce writes them. */
#ifndef MONEY_H
#define MONEY_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define MONEY_UNIT 10000
#define MONEY_TEXT 32

/* "12", "12.5", "-0.12345" (digits beyond the fourth round half away from zero) */
bool money_parse(const char *text, int64_t *amount);
/* a JSON string or number; absent or null: otherwise */
int64_t money_of(const cJSON *item, int64_t otherwise);
char *money_text(char text[MONEY_TEXT], int64_t amount);   /* "12.5000" */
char *money_number(char text[MONEY_TEXT], int64_t amount); /* "12.5", a JSON number */
int64_t money_divide(int64_t a, int64_t b);                /* rounds half away from zero */
/* Taxes at a rate in percent, itself in ten-thousandths (20 % = 200000); the result is rounded to
 * multiples of step (1 = four decimals, 100 = two). */
int64_t money_without_tax(int64_t gross, int64_t rate, int64_t step);
int64_t money_with_tax(int64_t net, int64_t rate, int64_t step);

#endif
