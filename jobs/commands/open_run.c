#include "jobs/commands/open_run.h"

#include "jobs/stages.h"
#include "lib/clock.h"
#include "lib/map.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define VERSION "0.1"

static int64_t now(void)
{
	return clock_now() / 1000;
}

char *open_run_stamp(const struct options *o, const char *stage)
{
	char *name = xasprintf("run/%s.ok", stage), *path = store_path(o, name);

	free(name);
	return path;
}

void open_run_unstamp(const struct options *o, const char *stage)
{
	char *path = open_run_stamp(o, stage);

	if (unlink(path) < 0 && errno != ENOENT)
		die(EX_IOERR, "cannot remove %s: %s", path, strerror(errno));
	free(path);
}

void open_run_check_folder(const struct options *o)
{
	char *folder = store_path(o, "run");
	struct stat st;

	if (lstat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
		die(EX_CANTCREAT, "%s is no folder: move away what lies there", folder);
	free(folder);
}

/* data/run -> data/runs/<UTC>.<n>; a run is open exactly while data/run is there.  Several runs may
 * end in one second, so the first n that is free is taken. */
static void put_away(const struct options *o)
{
	char *from = store_path(o, "run"), *folder = store_path(o, "runs");
	char name[64];
	time_t t = now();
	struct tm tm;
	int done = -1;

	mkdir(folder, 0700);
	gmtime_r(&t, &tm);
	strftime(name, sizeof name, "%Y%m%dT%H%M%SZ", &tm);
	for (int n = 0; done < 0 && n < 1000; n++) {
		char *to = xasprintf("%s/%s.%d", folder, name, n);
		done = rename(from, to);
		free(to);
		if (done < 0 && errno != ENOTEMPTY && errno != EEXIST)
			break;
	}
	if (done < 0 && errno != ENOENT)
		die(EX_IOERR, "cannot put %s away: %s", from, strerror(errno));
	free(from);
	free(folder);
}

void open_run_close(struct db *db, const struct options *o, int64_t run, const char *state,
		    int code)
{
	db_begin(db);
	db_run(db, "UPDATE run SET state = ?, code = ?, ended_at = ? WHERE id = ?", "tiii", state,
	       (int64_t)code, now(), run);
	db_commit(db);
	put_away(o);
}

static int64_t begin_run(struct db *db, const struct options *o)
{
	char *folder = store_path(o, "run");

	put_away(o); /* of a database that was lost, if there is any */
	if (mkdir(folder, 0700) < 0)
		die(EX_CANTCREAT, "cannot make %s: %s", folder, strerror(errno));
	free(folder);
	db_begin(db);
	db_run(db, "INSERT INTO run(started_at, state, version) VALUES(?, 'open', ?)", "it", now(),
	       VERSION);
	int64_t run = db_int(db, 0, "SELECT max(id) FROM run", "");
	db_commit(db);
	return run;
}

/* Make begins anew what reads a mapping that changed since, and so all: what the stage said before is of then. */
static bool is_older_than_mappings(const struct options *o, const char *stage)
{
	char *stamp = open_run_stamp(o, stage);
	struct stat made, file;
	bool older = false;

	if (stat(stamp, &made) == 0)
		for (const struct map_file *f = map_files; f->name && !older; f++) {
			char *path = xasprintf("%s/mappings/%s", o->store, f->name);
			older = stat(path, &file) == 0 &&
				(file.st_mtim.tv_sec > made.st_mtim.tv_sec ||
				 (file.st_mtim.tv_sec == made.st_mtim.tv_sec &&
				  file.st_mtim.tv_nsec > made.st_mtim.tv_nsec));
			free(path);
		}
	free(stamp);
	return older;
}

static void continue_run(struct db *db, const struct options *o, int64_t run)
{
	char *folder = store_path(o, "run");

	mkdir(folder, 0700); /* it may have died before it made one */
	free(folder);
	open_run_check_folder(o);
	for (const struct stage_entry *s = stages; s->name; s++) {
		char *outcome = db_text(db,
					"SELECT outcome FROM stage WHERE run_id = ? AND name = ?",
					"it", run, s->name);
		if (s->fresh || !outcome || strcmp(outcome, "ok") != 0 ||
		    is_older_than_mappings(o, s->name))
			open_run_unstamp(o, s->name);
		free(outcome);
	}
}

struct open_run open_run_take(struct db *db, const struct options *o)
{
	int64_t age = now() - db_int(db, 0, "SELECT started_at FROM run WHERE state = 'open'", "");
	struct open_run r = {
		.id = db_int(db, 0, "SELECT max(id) FROM run WHERE state = 'open'", "")};

	if (r.id && age >= 60 * setting_int(db, "run.resume_minutes", 60)) {
		open_run_close(db, o, r.id, "unfinished",
			       (int)db_int(db, EX_TEMPFAIL, "SELECT code FROM run WHERE id = ?",
					   "i", r.id));
		r.id = 0;
	}
	r.begun = !r.id;
	if (r.begun)
		r.id = begin_run(db, o);
	else
		continue_run(db, o, r.id);
	return r;
}
