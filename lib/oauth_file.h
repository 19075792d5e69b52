/* Where OAuth's tokens are kept, so that neither a full disk nor a crash loses one.
 *
 * A refresh token works once.  So before one is sent, room for what comes back is reserved and synced:
 * without it nothing is asked (74).  The answer goes into oauth.json.answer as it arrives, and is synced
 * before it is believed; then the tokens are written into oauth.json.new, synced and renamed to
 * oauth.json.  Who finds an answer that another process could not put away takes it from there.
 * All of it under oauth.c's lock.  All files are 0600.
 */
#ifndef LIB_OAUTH_FILE_H
#define LIB_OAUTH_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OAUTH_LARGEST_ANSWER 65536

struct oauth_file;
struct oauth_file *oauth_file_open(const char *folder);
void oauth_file_close(struct oauth_file *);
/* Held until the descriptor is closed; -1: somebody else holds it, and the end was asked for. */
int oauth_file_lock(struct oauth_file *);

/* What was kept; NULL: nothing.  malloc'ed, and to be wiped. */
char *oauth_file_read(struct oauth_file *);
/* Kept for good, and what was received is put away. */
void oauth_file_keep(struct oauth_file *, const char *text);

/* Room for an answer to a request made now, and for what oauth_file_keep() will write. */
void oauth_file_reserve(struct oauth_file *, const char *origin, int64_t now);
void oauth_file_receive(struct oauth_file *, const void *bytes, size_t size);
void oauth_file_received(struct oauth_file *); /* it is whole: synced */
void oauth_file_discard(struct oauth_file *);  /* it held no token */
/* An answer to a request of that origin that nobody put away, and when that was; else NULL. */
char *oauth_file_left(struct oauth_file *, const char *origin, int64_t *asked_at);

#endif
