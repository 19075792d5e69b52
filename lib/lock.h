/* Waiting for a lock file that is held for a moment by another process of the store.
 *
 * It is waited for as long as a stage can rightly hold it; somebody else's hold ends no wait of ours. */
#ifndef LIB_LOCK_H
#define LIB_LOCK_H

#include <stdbool.h>

/* Take flock(2) on fd, until it is closed.  Dies (75) when it is held for more than five minutes; a wait of a
 * minute is told.  False: the end was asked for (stop.h), and it was held for a second more; nobody dies of
 * that, as answers may have come that are not recorded yet.  path: for people. */
bool lock_wait(int fd, const char *path);

#endif
