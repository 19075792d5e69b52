/* The table of stages: what Make's stamps, the logs and the rows of table stage are named after. */
#ifndef JOBS_STAGES_H
#define JOBS_STAGES_H

#include "jobs/job.h"

struct stage_entry {
	const char *name;
	bool (*run)(struct job *);
	bool asks;         /* talks to the APIs */
	bool fresh;        /* made again whenever a run is continued: stock depends on it */
	bool later;        /* an outage lets the chain go on: it ends later instead of failed */
	const char *reads; /* mapping files whose complaints stop it */
};
extern const struct stage_entry stages[]; /* end: name NULL */
const struct stage_entry *stage_find(const char *name);

#endif
