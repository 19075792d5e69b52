#include "jobs/orders/ahead.h"

#include "lib/die.h"
#include "lib/log.h"

#include <stdlib.h>

#define AHEAD 8 /* http sends as many of them at a time as settings allow */

struct asked {
	struct {
		int64_t order;
		struct call *call;
	} ring[AHEAD];
	int first, count;
	int64_t last;
};

static void ask_ahead(struct job *job, const struct ahead *ahead, struct asked *a)
{
	while (a->count < AHEAD) {
		int64_t order = db_int(job->db, 0, "SELECT min(id) FROM temp.cut WHERE id > ?", "i",
				       a->last);
		if (!order)
			return;
		int slot = (a->first + a->count++) % AHEAD;
		a->ring[slot].order = a->last = order;
		a->ring[slot].call = ahead->ask(job, order);
	}
}

bool ahead_read(struct job *job, const struct ahead *ahead)
{
	/* listed once: choosing is the dear part */
	char *list = xasprintf("DROP TABLE IF EXISTS temp.cut; CREATE TEMP TABLE cut AS"
			       " SELECT o.id FROM order_choice c JOIN stg_bc_order o USING (id)"
			       " WHERE %s",
			       ahead->missing);
	db_script(job->db, list);
	free(list);
	return ahead_read_listed(job, ahead);
}

bool ahead_read_listed(struct job *job, const struct ahead *ahead)
{
	struct asked a = {0};
	int64_t total = db_int(job->db, 0, "SELECT count(*) FROM temp.cut", "");

	for (int64_t done = 0; done < total; done++) {
		ask_ahead(job, ahead, &a);
		int slot = a.first;
		a.first = (a.first + 1) % AHEAD;
		a.count--;
		if (!ahead->read(job, a.ring[slot].order, a.ring[slot].call))
			return false;
		log_progress(ahead->what, done + 1, total);
	}
	log_progress_end();
	return true;
}
