#include "jobs/job.h"
#include "jobs/reconcile/reconcile.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo/"
#define NAME  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/"

/* A name of the time zone database; TZ would take a path and more. */
static bool is_known(const char *zone)
{
	if (!*zone || *zone == '/' || zone[strspn(zone, NAME)])
		return false;
	char *path = xasprintf(ZONES "%s", zone);
	bool known = access(path, R_OK) == 0;

	free(path);
	return known;
}

char *days_zone(struct db *db)
{
	char *zone = db_text(db, "SELECT value FROM ref_bp_configuration WHERE name = 'timeZone'",
			     "");

	if (!zone || !is_known(zone)) {
		if (zone && strcmp(zone, "UTC") != 0)
			log_warn("",
				 "this machine does not know the account's time zone %s: days are "
				 "counted in UTC (Debian package tzdata)",
				 zone);
		free(zone);
		zone = xstrdup("UTC");
	}
	setenv("TZ", strcmp(zone, "UTC") ? zone : "UTC0", 1);
	tzset();
	return zone;
}

int64_t days_midnight(int64_t epoch, int days)
{
	time_t t = epoch;
	struct tm tm;

	localtime_r(&t, &tm);
	tm.tm_mday += days;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return mktime(&tm);
}

int64_t days_local(int64_t epoch)
{
	time_t t = epoch;
	struct tm tm;

	gmtime_r(&t, &tm);
	tm.tm_isdst = -1;
	return mktime(&tm);
}

void days_list(struct db *db, int64_t from, int64_t until)
{
	db_run(db, "DELETE FROM reconcile_day", "");
	for (int64_t day = days_midnight(from, 0), next; day < until; day = next) {
		char name[16];
		time_t t = day;
		struct tm tm;
		localtime_r(&t, &tm);
		strftime(name, sizeof name, "%Y-%m-%d", &tm);
		next = days_midnight(day, 1);
		db_run(db, "INSERT INTO reconcile_day VALUES(?, ?, ?)", "tii", name, day, next);
	}
}
