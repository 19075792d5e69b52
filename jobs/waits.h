/* Rows that wait for another row which never comes.
 *
 * A row of an out_ table may have to wait for another record (records.h, `waits`): a payment for its
 * order, an order for its customer.  That is fine while the other is on its way, or was told as a
 * reject.  If it is neither, nothing would ever be said of what waits: so each such row becomes a
 * reject of its own, which closes by itself when the other is taken up again. */
#ifndef JOBS_WAITS_H
#define JOBS_WAITS_H

#include "lib/stage.h"

/* After all stages of a whole run; opens and closes rejects of this reason. */
void waits_tell(struct db *, int64_t run);

#define WAITS_IN_VAIN "waits_in_vain"

#endif
