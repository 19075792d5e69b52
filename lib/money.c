#include "lib/money.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT (INT64_C(100000000000) * MONEY_UNIT)

/* Digits of `text` with the decimal point moved `shift` places to the right, rounded. */
static bool read_scaled(const char *text, int shift, int64_t limit, int64_t *value)
{
	bool negative = *text == '-', point = false, any = false;
	int64_t digits = 0;
	int dropped = 0, places = 0;

	if (*text == '-' || *text == '+')
		text++;
	for (; isdigit((unsigned char)*text) || (*text == '.' && !point); text++) {
		if (*text == '.') {
			point = true;
			continue;
		}
		any = true;
		if (digits > limit)
			dropped += !point;
		else {
			digits = digits * 10 + (*text - '0');
			places += point;
		}
	}
	if (!any)
		return false;
	if (*text == 'e' || *text == 'E') {
		char *end;
		long exponent = strtol(text + 1, &end, 10);
		if (end == text + 1 || exponent < -30 || exponent > 30)
			return false;
		shift += (int)exponent;
		text = end;
	}
	if (*text)
		return false;
	int up = shift - places + dropped;
	for (; up > 0; up--)
		if ((digits *= 10) > limit)
			return false;
	int last = 0;
	for (; up < 0; up++) {
		last = (int)(digits % 10);
		digits /= 10;
	}
	digits += last >= 5;
	if (digits > limit)
		return false;
	*value = negative ? -digits : digits;
	return true;
}

bool money_parse(const char *text, int64_t *units)
{
	return text && read_scaled(text, 4, LIMIT, units);
}

char *money_write(char text[MONEY_TEXT], int64_t units)
{
	int64_t size = llabs(units);

	int length = snprintf(text, MONEY_TEXT, "%s%lld.%04d", units < 0 ? "-" : "",
			      (long long)(size / MONEY_UNIT), (int)(size % MONEY_UNIT));
	for (int cut = 0; cut < 2 && text[length - 1] == '0'; cut++)
		text[--length] = 0;
	return text;
}

bool money_invert(const char *rate, char text[MONEY_TEXT])
{
	int64_t scaled;

	/* rate in 10^-9, so that six decimals of 1 / rate are exact */
	if (!rate || !read_scaled(rate, 9, LIMIT, &scaled) || scaled <= 0)
		return false;
	int64_t micro = (INT64_C(1000000000000000) + scaled / 2) / scaled;
	if (micro <= 0)
		return false;
	snprintf(text, MONEY_TEXT, "%lld.%06lld", (long long)(micro / 1000000),
		 (long long)(micro % 1000000));
	return true;
}
