/* BigCommerce's lists of names: statuses, channels, groups, tax classes, locations. */
#include "jobs/job.h"
#include "jobs/reference/lists.h"

#include <stdlib.h>

#define MOST 250

/* The statuses are always told whole, and they all have names. */
static struct bc_list bc_list_of(const struct list *list, char *what, char *shape)
{
	return (struct bc_list){.what = what,
				.path = list->path,
				.limit = list->needed ? 0 : MOST,
				.may_be_absent = true,
				.may_be_refused = !list->needed,
				.may_be_forbidden = !list->needed,
				.shape = shape,
				.each = list->needed,
				.nameless = list->needed ? NULL : list->name,
				.job = "reference"};
}

static char *shape_of(const struct list *list)
{
	return xasprintf("coalesce(value ->> '%s', '') <> ''", list->title);
}

static char *name_of(const struct list *list)
{
	return xasprintf("its list %s", list->name);
}

struct call *shop_list_ask(struct job *job, const struct list *list)
{
	char *what = name_of(list), *shape = shape_of(list);
	struct bc_list bc = bc_list_of(list, what, shape);
	struct call *call = bc_list_ask(job, &bc);

	free(what);
	free(shape);
	return call;
}

static void replace(struct job *job, const struct list *list)
{
	db_begin(job->db);
	list_clear(job, list);
	list_insert(job, list);
	list_done(job, list);
	db_commit(job->db);
}

static bool keep(struct job *job, const struct list *list, const struct bc_read *read)
{
	if (read->absent && list->needed)
		list_refuse_account(list);
	if (read->absent || read->refused) {
		list_unavailable(job, list, read->message);
		return true;
	}
	if (list->needed && !read->count) {
		job_note(job, EX_TEMPFAIL, "BigCommerce: its list %s came back empty", list->name);
		return false;
	}
	replace(job, list);
	return true;
}

bool shop_list_take(struct job *job, const struct list *list, struct call *call)
{
	char *what = name_of(list), *shape = shape_of(list);
	struct bc_list bc = bc_list_of(list, what, shape);
	struct bc_read read;
	bool fine = bc_list_read(job, &bc, call, &read) && keep(job, list, &read);

	free(what);
	free(shape);
	return fine;
}
