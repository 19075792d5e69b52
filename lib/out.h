/* Rows of the out_ tables on their way to the other system.
 *
 *   pending --claim--> claimed --done/reject/release--> done, rejected, pending
 *
 * A claim is committed before the request leaves, what came of it after the answer is believed.  A
 * row found claimed when a load starts was in flight when something died: it is in doubt, is looked
 * up by its key, and is sent again only when out_absent() says so.  All calls happen inside the
 * caller's transaction; table is always a literal of the calling job.
 */
#ifndef LIB_OUT_H
#define LIB_OUT_H

#include "lib/stage.h"

void out_claim(struct job *, const char *table, const char *key);
void out_done(struct job *, const char *table, const char *key, int64_t remote_id);
/* The row is done, and counts: how = created (we made it there), found (it was there already), changed (we
 * changed what was there); NULL: created the first time, changed after that.  What was found is never
 * told as sent. */
void out_came(struct job *, const char *table, const char *key, const char *how);
/* The count alone; also short: nothing was made, since none was to be had. */
void out_count_came(struct job *, const char *how, int64_t rows);
void out_reject(struct job *, const char *table, const char *key, const char *message);
void out_release(struct job *, const char *table, const char *key, const char *message);
/* Its outcome is unknown: it stays claimed, message says why. */
void out_doubt(struct job *, const char *table, const char *key, const char *message);

/* A look-up of a row in doubt found nothing.  True, and the row is pending again, when sending it
 * again is safe: the other side refuses repeats by itself, or two look-ups at least 30 s apart found
 * nothing and api.in_doubt_minutes have passed since the claim (a search index may lag). */
bool out_absent(struct job *, const char *table, const char *key, bool refuses_repeats);

int64_t out_count(struct job *, const char *table, const char *where); /* where: a literal */

#endif
