/* The two kinds of files that credentials may come from; config.c alone uses them.
 *
 * A .env is read whole and checked line by line: anything that is not NAME=value, a name of ours that
 * does not exist or stands there twice, is an error with its line (78); so is a file that group or
 * others can read, or that somebody else owns.  Messages never repeat what a line holds.
 */
#ifndef LIB_CONFIG_FILE_H
#define LIB_CONFIG_FILE_H

#include <stdbool.h>

struct config_file;
struct config_file *config_file_open(const char *path); /* an absent file is an empty one */
const char *config_file_get(const struct config_file *, const char *name); /* NULL: not there */
void config_file_close(struct config_file *);

/* $CREDENTIALS_DIRECTORY/name without line breaks at its end, malloc'ed; NULL: none. */
char *config_credential(const char *name);

/* Is it a variable of ours?  (config.c) */
bool config_knows(const char *name);

#endif
