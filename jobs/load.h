/* What every load does around its sending: no, plan or yes; the brake; the books. */
#ifndef JOBS_LOAD_H
#define JOBS_LOAD_H

#include "jobs/brake.h"

struct load {
	const char *job;   /* "orders"; NAME.enabled decides */
	const char *table; /* "out_order" */
	const char *units; /* "order notes": told, and counted (stage_part), apart; NULL = job */
	const char *rows;  /* SQL condition of the table's rows that are this load's; NULL = all */
	const char *ready; /* SQL condition of a row that would be sent now, if no brake held it */
	const struct brake *brake; /* NULL = none.  With one, the table has a column held, and what
				    * run() sends is where that is NULL */
	bool (*run)(struct job *);
};
/* A stage may do this for several tables, or for several parts of one: the counts add up. */
bool load_run(struct job *, const struct load *);

/* If rows of this condition are left, the stage ends later: "3 orders in doubt: ..." */
void load_remaining(struct job *, const char *table, const char *where, const char *what);

/* The installedIntegrationInstanceId to send: orders.instance_id, else what answers told; 0: none, or
 * this account refuses it (whether a private app may send one is not documented). */
int64_t load_instance(struct job *);
void load_instance_refused(struct job *); /* from now on there is none; inside a transaction */

#endif
