#include "money.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

bool money_parse(const char *text, int64_t *amount)
{
	const char *p = text;
	bool negative = *p == '-', digits = false;
	int64_t value = 0, unit = MONEY_UNIT;
	int place = 0;

	if (*p == '-' || *p == '+')
		p++;
	for (; *p >= '0' && *p <= '9' && value < INT64_C(90000000000000); p++, digits = true)
		value = value * 10 + (*p - '0') * MONEY_UNIT;
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++, digits = true)
			if (++place <= 4)
				value += (*p - '0') * (unit /= 10);
			else if (place == 5)
				value += *p >= '5';
	}
	if (*p || !digits)
		return false;
	*amount = negative ? -value : value;
	return true;
}

int64_t money_of(const cJSON *item, int64_t otherwise)
{
	int64_t amount;

	if (cJSON_IsNumber(item))
		return (int64_t)(item->valuedouble * MONEY_UNIT +
				 (item->valuedouble < 0 ? -0.5 : 0.5));
	if (cJSON_IsString(item) && money_parse(item->valuestring, &amount))
		return amount;
	return otherwise;
}

char *money_text(char text[MONEY_TEXT], int64_t amount)
{
	snprintf(text, MONEY_TEXT, "%s%" PRId64 ".%04d", amount < 0 ? "-" : "",
		 (int64_t)llabs(amount) / MONEY_UNIT, (int)(llabs(amount) % MONEY_UNIT));
	return text;
}

char *money_number(char text[MONEY_TEXT], int64_t amount)
{
	char *end = money_text(text, amount);

	while (*end)
		end++;
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		end[-1] = '\0';
	return text;
}

int64_t money_divide(int64_t a, int64_t b)
{
	int64_t half = b / 2;

	return (a < 0 ? a - half : a + half) / b;
}

#define PERCENT (100 * MONEY_UNIT)

int64_t money_without_tax(int64_t gross, int64_t rate, int64_t step)
{
	return money_divide(gross * PERCENT, (PERCENT + rate) * step) * step;
}

int64_t money_with_tax(int64_t net, int64_t rate, int64_t step)
{
	return money_divide(net * (PERCENT + rate), PERCENT * step) * step;
}
