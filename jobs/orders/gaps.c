#include "jobs/orders/gaps.h"

#include "jobs/job.h"
#include "jobs/orders/orders.h"

#include <stdlib.h>

#define PAGE 50

struct gap {
	int64_t start, next; /* orders.start_date; the next order that is known, 0 = none */
};

static char *bounds(void *context, const struct bc_read *read)
{
	const struct gap *gap = context;
	BUF query = buf_new(256);

	(void)read;
	if (gap->start)
		bc_date(&query, "min_date_created", gap->start - 1);
	if (gap->next)
		buf_printf(&query, "&max_id=%lld", (long long)gap->next - 1);
	return buf_take(&query);
}

/* One page tells it all where it is bounded; and beyond the newest order as much as is asked for. */
static bool enough(struct job *job, void *context)
{
	(void)job;
	(void)context;
	return true;
}

static void keep(struct job *job, int64_t after, const struct bc_read *read)
{
	db_begin(job->db);
	orders_stage(job);
	if (!read->nameless)
		db_run(job->db, "DELETE FROM order_gap WHERE after_id = ?", "i", after);
	db_commit(job->db);
}

static bool read_gap(struct job *job, int64_t after)
{
	char *start = setting_text(job->db, "orders.start_date");
	struct gap gap = {.start = strtoll(start, NULL, 10),
			  .next = db_int(job->db, 0,
					 "SELECT min(id) FROM stg_bc_order WHERE id > ?", "i",
					 after)};
	char *record = xasprintf("order:after-%lld", (long long)after);
	struct bc_list list = orders_list;
	struct bc_read read;

	list.limit = PAGE;
	list.by_id = true;
	list.above = after;
	list.nameless = record;
	list.job = "orders";
	list.query = bounds;
	list.enough = enough;
	list.context = &gap;
	bool fine = bc_list_read(job, &list, NULL, &read);
	if (fine)
		keep(job, after, &read);
	free(record);
	free(start);
	return fine;
}

bool gaps_read(struct job *job)
{
	int64_t after = -1;
	bool fine = true;

	while (fine && (after = db_int(job->db, -1,
				       "SELECT min(after_id) FROM order_gap WHERE after_id > ?",
				       "i", after)) >= 0)
		fine = read_gap(job, after);
	return fine;
}
