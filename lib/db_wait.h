/* Waiting for another process that holds the database for writing, and who that is.
 *
 * Another process of Pearlbridge (a stage that stages a large page on a slow disk) is waited for as long
 * as it takes, within ten minutes; any other program for a minute, since it may hold it for ever.  A wait
 * of more than five seconds is told, with the program's name.
 */
#ifndef LIB_DB_WAIT_H
#define LIB_DB_WAIT_H

#include <sqlite3.h>

void db_wait_set(sqlite3 *);

/* "sqlite3 (process 4711)", whoever holds the database of this handle for writing now; "another program"
 * when it cannot be told.  Valid until the next call. */
const char *db_wait_holder(sqlite3 *);

#endif
