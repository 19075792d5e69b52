/* What init offers for statuses.csv: lines for Shipped, Cancelled and On hold, by the names of both systems'
 * live lists.  Nothing is written: whether statuses follow each other is the merchant's word. */
#ifndef JOBS_COMMANDS_OFFERS_H
#define JOBS_COMMANDS_OFFERS_H

#include "jobs/job.h"
#include "jobs/store.h"

/* Needs the lists and the mappings loaded. */
void offers_print(struct db *, const struct options *);

#endif
