/* A store's folder: mappings/, data/ and .env. */
#ifndef JOBS_STORE_H
#define JOBS_STORE_H

#include "lib/config.h"
#include "lib/db.h"

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *store; /* absolute path */
	const char *home;  /* where Pearlbridge is installed */
	const char *self;  /* this program */
	bool json, quiet, verbose, only, plan, absent, force, csv, help;
	const char *allow_large; /* "orders,inventory": jobs whose brakes are off; NULL = none */
	const char *why, *as, *from, *to, *pattern, *confirm; /* as given; NULL when not */
	int count;                                            /* arguments left over */
	char **arguments;
	int64_t *orders; /* the run is for these alone, ended by 0; NULL = for all */
};

/* "STORE/data/name", malloc'ed */
char *store_path(const struct options *, const char *name);

/* Open the store's database, making data/ (0700) if it is not there. */
struct db *store_open(const struct options *);
struct db *store_peek(const struct options *); /* read only; NULL when there is none yet */

/* Dies (64) when the store's folder is not there, or has no mappings/ and so is none. */
void store_must_exist(const struct options *);

/* Dies (78) when the database is bound to another store or account; reference.extract binds it once
 * both systems have answered. */
void store_check_binding(struct db *, const struct config *);

/* Take the store's lock, or the one inherited from the run that started us.  False: another run
 * holds it.  The lock is the kernel's: it goes when its last holder dies. */
bool store_lock(const struct options *);

bool store_is_locked(
	const struct options *); /* by somebody else; else an old data/stop is forgotten */

#endif
