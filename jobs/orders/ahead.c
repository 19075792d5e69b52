#include "jobs/orders/ahead.h"

#include "lib/bigcommerce/list.h"
#include "lib/die.h"
#include "lib/pipeline.h"

#include <stdlib.h>

#define ODD_IN_A_ROW 3

static int odd_in_a_row;

bool ahead_leave(const struct bc_read *read)
{
	return read->odd && ++odd_in_a_row < ODD_IN_A_ROW;
}

struct reading {
	const struct ahead *ahead;
	int64_t last;
};

static struct call *ask(struct job *job, void *context, struct asked *about)
{
	struct reading *reading = context;

	about->id = db_int(job->db, 0, "SELECT min(id) FROM temp.cut WHERE id > ?", "i",
			   reading->last);
	struct call *call = about->id ? reading->ahead->ask(job, about->id) : NULL;
	if (call)
		reading->last = about->id;
	return call;
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	struct reading *reading = context;
	int odd_before = odd_in_a_row;

	if (!reading->ahead->read(job, about->id, call))
		return false;
	if (odd_in_a_row == odd_before)
		odd_in_a_row = 0;
	return true;
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
	struct reading reading = {.ahead = ahead};

	odd_in_a_row = 0;
	return pipeline_run(
		job, &(struct pipeline){
			     .context = &reading,
			     .ask = ask,
			     .take = take,
			     .what = ahead->what,
			     .total = db_int(job->db, 0, "SELECT count(*) FROM temp.cut", "")});
}
