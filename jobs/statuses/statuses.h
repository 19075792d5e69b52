/* Parts of the statuses job. */
#ifndef JOBS_STATUSES_STATUSES_H
#define JOBS_STATUSES_STATUSES_H

#include "jobs/agreed/agreed.h"

extern const struct agreed_job statuses_job; /* load.c */

#endif
