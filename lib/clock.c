#define _GNU_SOURCE
#include "lib/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static struct {
	bool ready;
	double speed;
	int64_t anchor, offset; /* milliseconds */
	int64_t anchor_ticks;   /* the anchor as the machine's own count */
} clk;

static int64_t real(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int64_t real_now(void)
{
	return real(CLOCK_REALTIME);
}

static double number(const char *variable, double otherwise)
{
	const char *text = getenv(variable);
	return text && *text ? strtod(text, NULL) : otherwise;
}

static void make_ready(void)
{
	if (clk.ready)
		return;
	clk.speed = number("PEARLBRIDGE_CLOCK_SPEED", 1);
	if (clk.speed <= 0)
		clk.speed = 1;
	clk.anchor = (int64_t)number("PEARLBRIDGE_CLOCK_ANCHOR", (double)real_now());
	clk.offset = (int64_t)(number("PEARLBRIDGE_CLOCK_OFFSET", 0) * 1000);
	clk.anchor_ticks = real(CLOCK_BOOTTIME) - (real_now() - clk.anchor);
	clk.ready = true;
}

int64_t clock_now(void)
{
	make_ready();
	return clk.anchor + (int64_t)((double)(real_now() - clk.anchor) * clk.speed) + clk.offset;
}

/* Counted from a century before the machine started: a test that sets its clock back stays above 0, which
 * callers take for "never". */
#define BEFORE_START_MS (36525LL * 86400 * 1000)

int64_t clock_ticks(void)
{
	make_ready();
	int64_t since = real(CLOCK_BOOTTIME) - clk.anchor_ticks;
	return BEFORE_START_MS + clk.anchor_ticks + (int64_t)((double)since * clk.speed) +
	       clk.offset;
}

double clock_speed(void)
{
	make_ready();
	return clk.speed;
}

void clock_sleep(int64_t ms)
{
	make_ready();
	if (ms <= 0)
		return;
	int64_t ns = (int64_t)((double)ms / clk.speed * 1e6);
	struct timespec t = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
	nanosleep(&t, NULL);
}

/* "+01:00", "+0100", "Z", "GMT", "UTC", "" -> seconds east of UTC */
static bool read_zone(const char *p, int *seconds)
{
	int hours, minutes;
	char sign;

	*seconds = 0;
	if (!*p || !strcasecmp(p, "Z") || !strcasecmp(p, "GMT") || !strcasecmp(p, "UTC") ||
	    !strcasecmp(p, "UT"))
		return true;
	size_t length = strlen(p);
	bool colon = length == 6 && p[3] == ':';
	if ((length != 5 && !colon) || (*p != '+' && *p != '-'))
		return false;
	if (sscanf(p, colon ? "%c%2d:%2d" : "%c%2d%2d", &sign, &hours, &minutes) != 3)
		return false;
	if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59)
		return false;
	*seconds = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
	return true;
}

static bool to_epoch(struct tm *tm, const char *zone, int64_t *epoch)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int east;

	if (!read_zone(zone, &east))
		return false;
	if (tm->tm_mon < 0 || tm->tm_mon > 11 || tm->tm_mday < 1 || tm->tm_mday > days[tm->tm_mon])
		return false;
	if (tm->tm_hour > 23 || tm->tm_min > 59 || tm->tm_sec > 60 || tm->tm_hour < 0 ||
	    tm->tm_min < 0 || tm->tm_sec < 0)
		return false;
	*epoch = (int64_t)timegm(tm) - east;
	return true;
}

static bool parse_iso(const char *p, int64_t *epoch)
{
	struct tm tm = {0};
	int used = 0;

	if (sscanf(p, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used) != 3 ||
	    used != 10)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	p += used;
	if (!*p)
		return to_epoch(&tm, "", epoch);
	used = 0;
	if (*p != 'T' && *p != ' ')
		return false;
	if (sscanf(p + 1, "%2d:%2d:%2d%n", &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &used) != 3 ||
	    used != 8)
		return false;
	p += 1 + used;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++)
			;
	return to_epoch(&tm, p, epoch);
}

static bool parse_mail(const char *p, int64_t *epoch)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = {0};
	char month[4];
	int used = 0;

	const char *comma = strchr(p, ',');
	if (comma)
		p = comma + 1;
	if (sscanf(p, " %2d %3s %4d %2d:%2d:%2d %n", &tm.tm_mday, month, &tm.tm_year, &tm.tm_hour,
		   &tm.tm_min, &tm.tm_sec, &used) != 6)
		return false;
	const char *at = strlen(month) == 3 ? strcasestr(names, month) : NULL;
	if (!at || (at - names) % 3)
		return false;
	tm.tm_mon = (int)(at - names) / 3;
	tm.tm_year -= 1900;
	return to_epoch(&tm, p + used, epoch);
}

bool clock_parse(const char *text, int64_t *epoch)
{
	if (!text || strlen(text) > 40)
		return false;
	return parse_iso(text, epoch) || parse_mail(text, epoch);
}

char *clock_iso(char text[CLOCK_TEXT], int64_t epoch)
{
	time_t t = epoch;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}
