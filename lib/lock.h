/* Waiting for a lock file that is held for a moment by another process of the store.
 *
 * It is waited for as long as a stage can rightly hold it; somebody else's hold ends no wait of ours. */
#ifndef LIB_LOCK_H
#define LIB_LOCK_H

/* Take flock(2) on fd, until it is closed.  Dies (75) when it is held for more than five minutes, or when the
 * end is asked for (stop.h); a wait of a minute is told.  path: for people. */
void lock_wait(int fd, const char *path);

#endif
