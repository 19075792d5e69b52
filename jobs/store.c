#define _GNU_SOURCE
#include "jobs/store.h"

#include "lib/die.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

char *store_path(const struct options *o, const char *name)
{
	return xasprintf("%s/data/%s", o->store, name);
}

void store_must_exist(const struct options *o)
{
	char *mappings = xasprintf("%s/mappings", o->store);

	if (access(mappings, F_OK) != 0)
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
	struct db *db = access(path, R_OK) == 0 ? db_open_readonly(path) : NULL;

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

bool store_lock(const struct options *o)
{
	const char *inherited = getenv("PEARLBRIDGE_LOCK_FD");
	char *folder = store_path(o, ""), *path = store_path(o, "lock");
	struct stat mine, theirs;

	make_folder(folder);
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (fd < 0 || fstat(fd, &mine) < 0)
		die(EX_CANTCREAT, "cannot open %s: %s", path, strerror(errno));
	free(folder);
	free(path);
	if (inherited && *inherited && fstat(atoi(inherited), &theirs) == 0 &&
	    theirs.st_ino == mine.st_ino && theirs.st_dev == mine.st_dev) {
		close(fd);
		fd = atoi(inherited);
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return false;
	char text[16];
	snprintf(text, sizeof text, "%d", fd);
	setenv("PEARLBRIDGE_LOCK_FD", text, 1);
	return true;
}
