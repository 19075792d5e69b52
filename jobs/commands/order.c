/* order: some orders through every job, now, and what became of them.
 *
 * It is a run like any other, but orders.extract reads these orders alone (the feed's watermark
 * stays), and only they are sent.  Stock is left to whole runs: it may go out only after all the
 * newest orders were read. */
#include "jobs/commands/commands.h"
#include "jobs/commands/explain.h"
#include "jobs/commands/verify.h"
#include "jobs/job.h"

#include <stdlib.h>

static char jobs[][12] = {"payments", "notes", "fulfillment", "statuses"};
#define JOBS (int)(sizeof jobs / sizeof *jobs)

int command_order(const struct options *o)
{
	struct options run = *o;
	char *names[JOBS];

	if (!o->count)
		command_misuse("order", "say which orders");
	run.orders = xcalloc((size_t)o->count + 1, sizeof *run.orders);
	for (int i = 0; i < o->count; i++)
		run.orders[i] = verify_number("order", o->arguments[i]);
	for (int i = 0; i < JOBS; i++)
		names[i] = jobs[i];
	run.arguments = names;
	run.count = JOBS;
	int code = command_run(&run);
	struct db *db = store_peek(o);
	for (int64_t *order = run.orders; db && *order; order++)
		if (!o->quiet)
			explain_order(db, o, *order, true);
	db_close(db);
	free(run.orders);
	return code;
}
