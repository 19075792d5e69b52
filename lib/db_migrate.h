/* Bring a database to the shape of schema.sql.
 *
 * The schema only ever grows: tables and columns that a database of an older Pearlbridge lacks are
 * added, views and indexes are made again, nothing is dropped.  A new NOT NULL column therefore
 * needs a default; a changed key needs a step of its own.  PRAGMA user_version tells which Pearlbridge shaped it last; a newer one than
 * ours is refused (78), since it may hold what we would not understand.
 */
#ifndef LIB_DB_MIGRATE_H
#define LIB_DB_MIGRATE_H

#include "lib/db.h"

#define DB_SCHEMA_VERSION 1

void db_migrate(struct db *);

#endif
