/* The life of the database behind sandbox.h's state_* functions: open it once, run scripts in it,
 * close it.  Everything after state_open() happens under server.c's lock. */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>

void state_open(const char *path); /* creates what is not there yet; existing state is kept */
void state_close(void);
/* Run a script in one transaction.  False: nothing was changed, *error says why (malloc'ed). */
bool state_script(const char *sql, char **error);
void state_begin(void);
void state_commit(void);

/* Columns of a row as C values; text is valid until the next step. */
#define state_column_text(q, n) ((const char *)sqlite3_column_text((q), (n)))

#endif
