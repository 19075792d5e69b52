/* Text of a record that is no text: bytes that are not UTF-8, or half of an emoji that was cut in two.
 *
 * It is read as U+FFFD wherever it stands (lib/fold.h), so no record waits for it; the record itself
 * is kept as it came.  A person is told which field of which record it was.
 */
#ifndef JOBS_TORN_H
#define JOBS_TORN_H

#include "lib/stage.h"

/* Look through json, which is (a part of) this record; a log line names the fields.  Returns them,
 * malloc'ed, or NULL when all is well. */
char *torn_tell(struct job *, const char *record, const char *json);

/* The same of every row (record, json) that this query gives. */
void torn_tell_rows(struct job *, const char *select);

#endif
