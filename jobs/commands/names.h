/* The names of this account, put into the shipped mapping files in place of the examples'.
 *
 * Only files that are still as shipped are touched, and in them only names that the account does
 * not have.  Returns the exit code: 75 when the lists could not be read. */
#ifndef JOBS_COMMANDS_NAMES_H
#define JOBS_COMMANDS_NAMES_H

#include "jobs/store.h"

int names_fill(const struct options *, int *complaints); /* left alone when nothing was read */

#endif
