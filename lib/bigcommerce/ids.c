#include "lib/bigcommerce/ids.h"

#include "lib/die.h"
#include "lib/pipeline.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	const struct bc_list *list;
	bc_ids_keep *keep;
	int64_t last;
};

static char *these(void *context, const struct bc_read *read)
{
	(void)read;
	return xasprintf("&id:in=%s", (const char *)context);
}

static struct bc_list list_of(const struct reading *reading, char *ids)
{
	struct bc_list list = *reading->list;

	list.query = these;
	list.context = ids;
	return list;
}

static struct call *ask(struct job *job, void *context, struct asked *about)
{
	struct reading *reading = context;

	about->key = asked_next_ids(job, &reading->last, reading->list->limit);
	if (!about->key)
		return NULL;
	struct bc_list list = list_of(reading, about->key);
	return bc_list_ask(job, &list);
}

static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
{
	struct reading *reading = context;
	struct bc_list list = list_of(reading, about->key);
	struct bc_read read;

	if (!bc_list_read(job, &list, call, &read))
		return false;
	db_begin(job->db);
	reading->keep(job, about->key, &read);
	db_commit(job->db);
	return true;
}

bool bc_ids_read(struct job *job, const struct bc_list *list, bc_ids_keep *keep)
{
	struct reading reading = {.list = list, .keep = keep};

	return pipeline_run(job, &(struct pipeline){.ahead = 2,
						    .context = &reading,
						    .ask = ask,
						    .take = take,
						    .what = list->what});
}
