/* The commands of ./run.sh; each returns the exit code. */
#ifndef JOBS_COMMANDS_H
#define JOBS_COMMANDS_H

#include "jobs/store.h"

struct command {
	const char *name;
	int (*run)(const struct options *);
	const char *usage; /* after the name */
	const char *help;
};
extern const struct command commands[]; /* end: name NULL */

int command_run(const struct options *);   /* the pipeline, whole or in part */
int command_stage(const struct options *); /* one stage; called by Make */
int command_status(const struct options *);
int command_plan(const struct options *);
int command_rejects(const struct options *);
int command_retry(const struct options *);
int command_init(const struct options *);
int command_mappings(const struct options *);

/* summary.c: what a run did, for a person or (--json) a program, on stdout */
void summary_print(struct db *, int64_t run, int code, const struct options *);
/* what waits and what a person should look at; shared by summary and status */
void summary_rejects(struct db *, const struct options *);

#endif
