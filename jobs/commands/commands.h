/* The commands of ./run.sh; each returns the exit code. */
#ifndef JOBS_COMMANDS_H
#define JOBS_COMMANDS_H

#include "jobs/store.h"

struct command {
	const char *name;
	int (*run)(const struct options *);
	int most;          /* arguments that it takes */
	const char *usage; /* after the name */
	const char *help;
	const char *details; /* more of it, with examples; NULL = that is all */
};
extern const struct command commands[]; /* end: name NULL */

const struct command *command_find(const char *name); /* NULL: there is none */
/* The command that was typed; NULL: none was, or jobs and stages alone.  Anything else dies (64) with
 * the word that was probably meant. */
const struct command *command_choose(const struct options *);
void command_help(const struct command *); /* of one; NULL: of all */
/* A mistake in how a command was given: dies (64) with its usage. */
void command_misuse(const char *name, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
/* What a command did, for a person: a sentence; with --json an object with key and what. */
void command_say(const struct options *, const char *key, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

int command_run(const struct options *);   /* the pipeline, whole or in part */
int command_stage(const struct options *); /* one stage; called by Make */
int command_plan(const struct options *);
int command_order(const struct options *);
int command_status(const struct options *);
int command_explain(const struct options *);
int command_rejects(const struct options *);
int command_retry(const struct options *);
int command_ignore(const struct options *);
int command_settle(const struct options *);
int command_link(const struct options *);
int command_adopt(const struct options *);
int command_doctor(const struct options *);
int command_backfill(const struct options *);
int command_catch_up(const struct options *);
int command_reconcile(const struct options *);
int command_init(const struct options *);
int command_mappings(const struct options *);
int command_stop(const struct options *);

/* summary.c: what a run did, for a person or (--json) a program, on stdout */
void summary_print(struct db *, int64_t run, int code, const struct options *);
/* what waits and what a person should look at; shared by summary and status */
void summary_rejects(struct db *);
void summary_reservations(struct db *); /* for how many orders stock is reserved, or short */

#endif
