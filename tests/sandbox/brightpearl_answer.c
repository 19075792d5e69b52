/* The Brightpearl envelope, and how the account writes and reads dates, numbers and ID sets. */
#include "brightpearl.h"
#include "lib/clock.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void bp_respond(struct answer *answer, cJSON *response)
{
	cJSON *body = cJSON_CreateObject();

	cJSON_AddItemToObject(body, "response", response);
	answer_json(answer, 200, body);
}

void bp_respond_id(struct answer *answer, int64_t id)
{
	bp_respond(answer, cJSON_CreateNumber((double)id));
}

void bp_done(struct answer *answer)
{
	answer_json(answer, 200, cJSON_CreateObject());
}

void bp_fail(struct answer *answer, int status, const char *code, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	cJSON *body = cJSON_CreateObject(), *error = cJSON_CreateObject();
	cJSON_AddStringToObject(error, "code", code);
	cJSON_AddStringToObject(error, "message", text);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "errors"), error);
	answer_json(answer, status, body);
}

bool bp_failed(const struct answer *answer)
{
	return answer->status >= 400;
}

const cJSON *bp_body(const struct call *call, struct answer *answer)
{
	if (cJSON_IsObject(call->json) || cJSON_IsArray(call->json))
		return call->json;
	bp_fail(answer, 400, "CMNC-010", "You must supply a JSON formatted body with your request");
	return NULL;
}

/* Digits of a positive id that fits an int; 0 for anything else. */
static int64_t read_id(const char **text)
{
	int64_t id = 0;
	const char *p = *text;

	while (isdigit((unsigned char)*p) && p - *text < 10)
		id = id * 10 + (*p++ - '0');
	bool good = p > *text && !isdigit((unsigned char)*p) && id <= INT32_MAX;
	*text = p;
	return good ? id : 0;
}

int64_t bp_path_id(const char *segment, struct answer *answer)
{
	const char *p = segment;
	int64_t id = read_id(&p);

	if (id && !*p)
		return id;
	bp_fail(answer, 400, "CMNC-012", "Invalid ID: %s", segment);
	return 0;
}

int64_t bp_path_known(const char *segment, const char *sql, const char *what, struct answer *answer)
{
	int64_t id = bp_path_id(segment, answer);

	if (!id || state_int(0, sql, "i", id))
		return id;
	bp_fail(answer, 404, "CMNC-404", "No %s Found", what);
	return 0;
}

static bool read_range(const char **p, int64_t *from, int64_t *to)
{
	*from = *to = read_id(p);
	if (**p == '-') {
		++*p;
		*to = read_id(p);
	}
	return *from && *to >= *from;
}

char *bp_idset(const char *text, int64_t most, struct answer *answer)
{
	char *list = NULL;
	size_t size;
	FILE *out = open_memstream(&list, &size);
	int64_t count = 0, from, to;
	const char *p = text, *wrong = NULL;

	fputc('[', out);
	while (!wrong) {
		if (!read_range(&p, &from, &to) || (*p && !strchr(",.", *p)))
			wrong = "Invalid ID set";
		else if ((count += to - from + 1) > most)
			wrong = "Too many IDs";
		for (int64_t id = from; !wrong && id <= to; id++)
			fprintf(out, "%s%" PRId64, ftell(out) > 1 ? "," : "", id);
		if (wrong || !*p++)
			break;
	}
	fputc(']', out);
	fclose(out);
	if (!wrong)
		return list;
	bp_fail(answer, 400, "CMNC-013", "%s: %.200s (at most %" PRId64 ")", wrong, text, most);
	free(list);
	return NULL;
}

int64_t bp_now(void)
{
	return sandbox_now() / 1000;
}

int64_t bp_visible_at(void)
{
	return sandbox_now() + switch_int("bp_search_lag_ms");
}

/* From the last Sunday of March to that of October, 01:00 UTC. */
static bool is_summer(int64_t epoch)
{
	time_t t = (time_t)epoch;
	struct tm tm;

	gmtime_r(&t, &tm);
	if (tm.tm_mon != 2 && tm.tm_mon != 9)
		return tm.tm_mon > 2 && tm.tm_mon < 9;
	int sunday = tm.tm_mday -
		     tm.tm_wday; /* the one before or today; both months have 31 days */
	bool past = sunday + 7 > 31 && (tm.tm_wday > 0 || tm.tm_hour >= 1);
	return past == (tm.tm_mon == 2);
}

char *bp_date(char text[BP_DATE], int64_t epoch)
{
	int64_t minutes = switch_int("bp_timezone_offset_min");

	if (switch_is("bp_summer_time", "yes") && is_summer(epoch))
		minutes += 60;
	int64_t size = llabs(minutes);
	char local[CLOCK_TEXT];

	clock_iso(local, epoch + minutes * 60);
	local[strlen(local) - 1] = '\0'; /* its Z */
	if (minutes)
		snprintf(text, BP_DATE, "%.19s.000%c%02d:%02d", local, minutes < 0 ? '-' : '+',
			 (int)(size / 60 % 100), (int)(size % 60));
	else
		snprintf(text, BP_DATE, "%.19s.000Z", local);
	return text;
}

/* 9 stands for a digit */
static bool looks_like(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++)
		if (*pattern == '9' ? !isdigit((unsigned char)*text) : *pattern != *text)
			return false;
	return true;
}

static bool zone_follows(const char *p)
{
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++)
			;
	return !strcmp(p, "Z") ||
	       ((*p == '+' || *p == '-') &&
		((looks_like(p + 1, "99:99") && !p[6]) || (looks_like(p + 1, "9999") && !p[5])));
}

bool bp_date_read(const char *text, int64_t *epoch)
{
	char day[11], again[CLOCK_TEXT];
	int64_t midnight;

	if (!looks_like(text, "9999-99-99"))
		return false;
	if (text[10] && (!looks_like(text + 10, "T99:99:99") || !zone_follows(text + 19)))
		return false;
	/* the clock takes 2023-02-29 for the first of March */
	snprintf(day, sizeof day, "%.10s", text);
	if (!clock_parse(day, &midnight) || strncmp(clock_iso(again, midnight), day, 10))
		return false;
	return clock_parse(text, epoch);
}

bool bp_decimal_read(const char *text, int places, int scale, int64_t *units)
{
	const char *p = text + (*text == '-');
	int digits = 0, decimals = 0;
	int64_t value = 0;

	for (; isdigit((unsigned char)*p) && digits < 10; p++, digits++)
		value = value * 10 + (*p - '0');
	if (!digits)
		return false;
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p) && decimals < places; p++, decimals++)
			value = value * 10 + (*p - '0');
	if (*p || p[-1] == '.')
		return false;
	for (; decimals < scale; decimals++)
		value *= 10;
	*units = *text == '-' ? -value : value;
	return true;
}

char *bp_decimal(char text[BP_DATE], int64_t units, int scale, int places)
{
	bool negative = units < 0;
	int64_t size = negative ? -units : units, cut = 1, whole = 1;

	for (int i = places; i < scale; i++)
		cut *= 10;
	for (int i = 0; i < places; i++)
		whole *= 10;
	size = (size + cut / 2) / cut;
	snprintf(text, BP_DATE, "%s%" PRId64 ".%0*" PRId64, negative && size ? "-" : "",
		 size / whole, places, size % whole);
	return text;
}
