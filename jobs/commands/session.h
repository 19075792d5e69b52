/* What a stage, and a command that asks the APIs, has in its hands: the store's lock, its database,
 * and, once session_ask() was called, both APIs.  Every request is kept in table request, in the
 * commit that follows it. */
#ifndef JOBS_COMMANDS_SESSION_H
#define JOBS_COMMANDS_SESSION_H

#include "jobs/job.h"
#include "jobs/store.h"

struct session;

/* Dies (75) when another run holds the store's lock.  name: "orders.load", or the command. */
struct session *session_open(const struct options *, const char *name);
/* Read the credentials and make the APIs ready. */
void session_ask(struct session *, const struct options *);
struct job *session_job(struct session *);
void session_close(struct session *);

/* For a command: opened, bound to its store and account, the settings loaded, ready to ask. */
struct session *session_begin(const struct options *, const char *name);

/* Load the mapping files as they are now; returns how many complaints there are.  Needs a
 * transaction.  That lists are due for them stays known. */
int session_mappings(struct db *, const struct options *);

#endif
