#define _GNU_SOURCE
#include "jobs/store.h"

#include "lib/die.h"
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

char *store_path(const struct options *o, const char *name)
{
	return xasprintf("%s/data/%s", o->store, name);
}

void store_must_exist(const struct options *o)
{
	char *mappings = xasprintf("%s/mappings", o->store);
	struct stat st;

	if (stat(mappings, &st) != 0 || !S_ISDIR(st.st_mode))
		die(EX_USAGE,
		    "there is no store at %s%s: check the path, or make one with ./run.sh init",
		    o->store, access(o->store, F_OK) == 0 ? " (that folder has no mappings/)" : "");
	free(mappings);
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		die(EX_CANTCREAT, "cannot make %s: %s", path, strerror(errno));
}

struct db *store_open(const struct options *o)
{
	char *folder = store_path(o, ""), *path = store_path(o, "pearlbridge.db");

	make_folder(folder);
	/* A transform's temporary tables hold customers' data: on disk, so that memory stays flat, but in
	 * the store's own folder (SQLite unlinks them as it makes them). */
	setenv("SQLITE_TMPDIR", folder, 1);
	struct db *db = db_open(path);
	free(folder);
	free(path);
	return db;
}

struct db *store_peek(const struct options *o)
{
	char *path = store_path(o, "pearlbridge.db");
	bool there = access(path, R_OK) == 0;

	if (!there && errno != ENOENT)
		die(EX_IOERR, "cannot read %s: %s", path, strerror(errno));
	struct db *db = there ? db_open_readonly(path) : NULL;
	free(path);
	return db;
}

void store_check_binding(struct db *db, const struct config *config)
{
	char *other = db_text(db,
			      "SELECT store_hash || ' and ' || account FROM binding WHERE "
			      "store_hash <> ? OR account <> ?",
			      "tt", config->store_hash, config->account);
	if (other)
		die(EX_CONFIG,
		    "this database belongs to store and account %s, the credentials are of %s and "
		    "%s: use another --store folder, or put the credentials right",
		    other, config->store_hash, config->account);
}

static int open_lock(const struct options *o)
{
	char *folder = store_path(o, ""), *path = store_path(o, "lock");

	make_folder(folder);
	int fd = file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW);
	if (fd < 0)
		die(EX_CANTCREAT, "cannot open %s: %s", path, file_why(path));
	free(folder);
	free(path);
	return fd;
}

/* The run that started us has it open already, under this number. */
static int inherited_lock(int lock)
{
	const char *number = getenv("PEARLBRIDGE_LOCK_FD");
	struct stat mine, theirs;

	if (!number || !*number || fstat(lock, &mine) < 0 || fstat(atoi(number), &theirs) < 0)
		return -1;
	return theirs.st_ino == mine.st_ino && theirs.st_dev == mine.st_dev ? atoi(number) : -1;
}

/* Asked of whoever held the lock before. */
static void forget_stop(const struct options *o)
{
	char *mark = store_path(o, "stop");

	if (unlink(mark) < 0 && errno != ENOENT)
		die(EX_CANTCREAT, "cannot remove %s: %s", mark, strerror(errno));
	free(mark);
}

/* Who only looks whether it is held (store_is_locked) holds it for a moment, too. */
static bool take(int fd)
{
	struct timespec nap = {.tv_nsec = 50 * 1000000L};

	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (tries == 6)
			return false;
		nanosleep(&nap, NULL);
	}
	return true;
}

bool store_lock(const struct options *o)
{
	int fd = open_lock(o), inherited = inherited_lock(fd);

	if (inherited >= 0) {
		close(fd);
		fd = inherited;
	}
	if (!take(fd))
		return false;
	if (inherited < 0)
		forget_stop(o);
	char text[16];
	snprintf(text, sizeof text, "%d", fd);
	setenv("PEARLBRIDGE_LOCK_FD", text, 1);
	fcntl(fd, F_SETFD, 0); /* stages inherit it */
	return true;
}

bool store_is_locked(const struct options *o)
{
	int fd = open_lock(o);
	bool locked = flock(fd, LOCK_EX | LOCK_NB) < 0;

	if (!locked)
		forget_stop(o);
	close(fd);
	return locked;
}
