/* The run that is open: its row, and its folder data/run with the stamps and logs of its stages.  A run that is
 * young enough is continued, else it is put away and a new one begins. */
#ifndef JOBS_COMMANDS_OPEN_RUN_H
#define JOBS_COMMANDS_OPEN_RUN_H

#include "jobs/store.h"

struct open_run {
	int64_t id;
	bool begun; /* by us, not continued */
};

/* Stages that did not end ok have no stamp afterwards, nor those that must always be made afresh. */
struct open_run open_run_take(struct db *, const struct options *);

/* state: 'done' or 'unfinished'. */
void open_run_close(struct db *, const struct options *, int64_t run, const char *state, int code);

char *open_run_stamp(const struct options *, const char *stage); /* the file; malloc'ed */
void open_run_unstamp(const struct options *, const char *stage);

/* Dies unless data/run is a folder of the store's own: what is written there must not go elsewhere. */
void open_run_check_folder(const struct options *);

#endif
