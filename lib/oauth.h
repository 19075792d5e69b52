/* Brightpearl's OAuth: access tokens that end after a week, refresh tokens that work once.
 *
 * Each refresh answers with a new refresh token, and the old one is worth nothing from then on.  So
 * the pair is kept in STORE/data/oauth.json (0600), synced before it is first used, and room for it is
 * there before the old one is sent (oauth_file.h), all under a lock that the store's processes share; whoever finds that another process has
 * refreshed meanwhile takes what that one got.  A new BRIGHTPEARL_REFRESH_TOKEN in the configuration
 * replaces what is kept.
 *
 * Dies (77) when Brightpearl refuses the refresh token.  That it cannot be reached, or that the end was asked
 * for (stop.h), is an outcome: other requests may be under way, whose answers are to be recorded.
 */
#ifndef LIB_OAUTH_H
#define LIB_OAUTH_H

#include "lib/config.h"

#include <stdbool.h>
#include <stdint.h>

struct oauth;
struct oauth *oauth_open(const struct config *); /* config must outlive it */
void oauth_close(struct oauth *);                /* NULL is fine */

/* A token that is good for now, valid until the next call; *number tells it from others.  NULL: there is
 * none, oauth_why() tells the reason. */
const char *oauth_token(struct oauth *, int *number);
/* The token of that number was refused; those sent with an older one may find it renewed already.  False: as
 * above. */
bool oauth_renew(struct oauth *, int number);
const char *oauth_why(const struct oauth *);
int64_t oauth_instance_id(const struct oauth *); /* as told with a token; 0: not told, or NULL */

#endif
