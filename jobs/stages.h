/* The table of stages: what Make's stamps, the logs and the rows of table stage are named after. */
#ifndef JOBS_STAGES_H
#define JOBS_STAGES_H

#include "jobs/job.h"

struct stage_entry {
	const char *name;
	bool (*run)(struct job *);
	const char *needs; /* the stages that come right before it, as in the Makefile */
	bool asks;         /* talks to the APIs */
	bool fresh;        /* made again whenever a run is continued: stock depends on it */
	bool later;        /* an outage lets the chain go on: it ends later instead of failed */
	bool rests;        /* not even started while its job is off */
	const char *reads; /* mapping files whose complaints stop it */
};
extern const struct stage_entry stages[]; /* end: name NULL */
const struct stage_entry *stage_find(const char *name);
bool stage_belongs(const char *stage, const char *name);   /* name is that stage, or its job */
bool stages_rest(struct db *, const struct stage_entry *); /* not even started: its job is off */

/* Beside the stamps, a file NAME.off for each stage that rests: Make then stamps it without
 * starting it.  By the settings as just loaded. */
void stages_mark_off(struct job *);

#endif
