#include "lib/server_clock.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLACK  300 /* seconds that a server's clock may be corrected by */
#define AGREE  3   /* answers in a row that make another time believed */
#define OFF    120 /* seconds that this machine's clock may be off untold */
#define MINUTE 60
#define HOUR   3600
#define DAY    86400

/* Time that passed, seconds; never below zero. */
static int64_t passed(int64_t since, int64_t ticks)
{
	return ticks > since ? (ticks - since) / 1000 : 0;
}

/* By how much a date is off from what followed a moment; 0 when it may be so. */
static int64_t off_by(int64_t date, int64_t before, int64_t elapsed)
{
	if (date > before + elapsed + SLACK)
		return date - before - elapsed;
	return date < before - SLACK ? date - before : 0;
}

int64_t server_clock_at(const struct server_clock *c, int64_t ticks)
{
	return c->date ? c->date + passed(c->ticks, ticks) : 0;
}

static bool agrees(const struct server_clock *c, int64_t date, int64_t ticks)
{
	return c->others && !off_by(date, c->other, passed(c->other_ticks, ticks));
}

int64_t server_clock_told(struct server_clock *c, int64_t date, int64_t ticks, int64_t *jump)
{
	*jump = date && c->date ? off_by(date, c->date, passed(c->ticks, ticks)) : 0;
	if (!date)
		return server_clock_at(c, ticks);
	if (*jump) {
		c->others = agrees(c, date, ticks) ? c->others + 1 : 1;
		c->other = date;
		c->other_ticks = ticks;
		if (c->others < AGREE)
			return server_clock_at(c, ticks);
		*jump = 0;
	}
	*c = (struct server_clock){.date = date, .ticks = ticks, .here = clock_now() / 1000};
	return date;
}

/* Tells one start of the machine from another. */
static const char *boot(void)
{
	static char id[64];
	int fd = *id ? -1 : open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		ssize_t length = read(fd, id, sizeof id - 1);
		id[length > 0 ? length : 0] = 0;
		id[strcspn(id, "\n")] = 0;
		close(fd);
	}
	return id;
}

void server_clock_load(struct db *db, struct server_clock clock[2])
{
	STMT st = db_prepare(
		db, "SELECT date, ticks, here, other, other_ticks, others FROM server_clock"
		    " WHERE system = :system AND boot = :boot");

	for (int api = 0; api < 2; api++) {
		clock[api] = (struct server_clock){0};
		bind(st, ":system", api_name[api]);
		bind(st, ":boot", boot());
		if (!stmt_row(st))
			continue;
		clock[api] = (struct server_clock){.date = col_int(st, 0),
						   .ticks = col_int(st, 1),
						   .here = col_int(st, 2),
						   .other = col_int(st, 3),
						   .other_ticks = col_int(st, 4),
						   .others = col_int(st, 5)};
		sqlite3_reset(st);
	}
}

void server_clock_save(struct db *db, enum api api, const struct server_clock *c)
{
	if (!c->date)
		return;
	db_run(db,
	       "INSERT INTO server_clock(system, date, ticks, here, boot, other, other_ticks, others)"
	       " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(system) DO UPDATE SET"
	       " date = excluded.date, ticks = excluded.ticks, here = excluded.here,"
	       " boot = excluded.boot, other = excluded.other, other_ticks = excluded.other_ticks,"
	       " others = excluded.others",
	       "tiiitiii", api_name[api], c->date, c->ticks, c->here, boot(), c->other,
	       c->other_ticks, c->others);
}

int64_t server_time(struct job *job, enum api api)
{
	struct server_clock loaded[2];
	const struct server_clock *clock = loaded;

	if (job->http)
		clock = http_clocks(job->http);
	else
		server_clock_load(job->db, loaded);
	int64_t at = server_clock_at(&clock[api], clock_ticks());
	return at ? at : server_clock_at(&clock[!api], clock_ticks());
}

bool server_time_is_sure(struct job *job, enum api api)
{
	const struct server_clock *c = &http_clocks(job->http)[api];

	return c->date && !c->others;
}

int64_t server_now(struct job *job, enum api api)
{
	int64_t at = server_time(job, api);

	return at ? at : clock_now() / 1000;
}

/* "3 hours", "12 minutes", "40 days" */
static char *span(int64_t seconds)
{
	seconds = llabs(seconds);
	if (seconds >= 2 * DAY)
		return xasprintf("%lld days", (long long)(seconds / DAY));
	if (seconds >= 2 * HOUR)
		return xasprintf("%lld hours", (long long)(seconds / HOUR));
	return xasprintf("%lld minutes", (long long)(seconds / MINUTE));
}

void server_clock_compare(struct db *db, int64_t run, enum api api, const struct server_clock *c)
{
	int64_t off = c->here - c->date;

	if (!c->date || llabs(off) <= OFF ||
	    db_int(db, 0, "SELECT EXISTS (SELECT 1 FROM server_clock WHERE told_run = ?)", "i",
		   run))
		return;
	char *by = span(off);
	log_warn("",
		 "the clock of this machine is %s %s %s's: nothing is decided by it, but times that"
		 " are shown are off; set it (timedatectl set-ntp true)",
		 by, off > 0 ? "ahead of" : "behind", api_title[api]);
	free(by);
	db_run(db, "UPDATE server_clock SET told_run = ? WHERE system = ?", "it", run,
	       api_name[api]);
}
