/* What could not be mapped or was refused: table reject.
 *
 * A transform collects its problems in the TEMP table `problem` (made by the script itself), which
 * reject_settle() then compares with what is open: new ones are opened, those that are gone are
 * closed.  What several records wait for (a product that is missing) stands in the TEMP table
 * `common` as well, a row for each record, with its cause, and becomes one reject; table
 * reject_record names them all, view reject_told shows it to each.  Their rows in `problem` then have
 * no message.  A load opens and closes one at a time.  All inside the caller's transaction.
 */
#ifndef LIB_REJECT_H
#define LIB_REJECT_H

#include "lib/stage.h"

/* job: "orders"; rejects that a load opened are left alone, unless the record is skipped now. */
void reject_settle(struct job *, const char *job);

void reject_open(struct job *, const char *job, const char *key, const char *reason,
		 const char *message, const char *hint);
/* Close what a load opened for rows of the table that are no longer refused, or no longer there.
 * record: SQL, how a row is called in rejects. */
void reject_close_settled(struct job *, const char *job, const char *table, const char *record);

void reject_close(struct job *, const char *job, const char *key); /* all open ones of the key */

#endif
