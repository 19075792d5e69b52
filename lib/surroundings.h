/* What the environment would change about our connections: where they go, who can read them, whom they
 * trust.
 *
 * A proxy, a key log (SSLKEYLOGFILE), another list of certificate authorities, OpenSSL's own settings:
 * such variables are often set for something else, and a library obeys them silently.  So they are taken
 * out of the environment before any library sees it, and a run says once that a proxy or a key log was there.  What is
 * meant for Pearlbridge is named in .env: HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, SSLKEYLOGFILE.
 */
#ifndef LIB_SURROUNDINGS_H
#define LIB_SURROUNDINGS_H

#include "lib/config.h"

void surroundings_clear(void); /* the first thing that a process does */

/* Say, once and not with --quiet, which were ignored; and that .env names a key log. */
void surroundings_tell(const struct config *);

#endif
