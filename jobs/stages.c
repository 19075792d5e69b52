#include "jobs/stages.h"

#include "jobs/records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHOICE        "settings.csv statuses.csv"
#define ALL_OF_ORDERS CHOICE " sales.csv shipping.csv warehouses.csv sku_keys.csv taxes.csv"
#define PAYMENTS      CHOICE " payments.csv"
#define SHIPPING      CHOICE " shipping.csv"
#define STOCK         CHOICE " warehouses.csv stock.csv sku_keys.csv"
#define COMPARED      PAYMENTS " warehouses.csv stock.csv sku_keys.csv"

const struct stage_entry stages[] = {
	{"reference.extract", reference_extract, .asks = true, .reads = ""},
	{"reference.transform", reference_transform, .reads = ""},
	{"orders.extract", orders_extract, .asks = true, .fresh = true, .reads = CHOICE},
	{"customers.extract", customers_extract, .asks = true, .reads = CHOICE},
	{"customers.transform", customers_transform, .reads = CHOICE},
	{"customers.load", customers_load, .asks = true, .reads = CHOICE},
	{"orders.transform", orders_transform, .reads = ALL_OF_ORDERS},
	{"orders.load", orders_load, .asks = true, .reads = ALL_OF_ORDERS},
	{"payments.extract", payments_extract, .rests = true, .asks = true, .later = true,
	 .reads = PAYMENTS},
	{"payments.transform", payments_transform, .rests = true, .reads = PAYMENTS},
	{"payments.load", payments_load, .rests = true, .asks = true, .later = true,
	 .reads = PAYMENTS},
	{"notes.extract", notes_extract, .rests = true, .asks = true, .later = true,
	 .reads = CHOICE},
	{"notes.transform", notes_transform, .rests = true, .reads = CHOICE},
	{"notes.load", notes_load, .rests = true, .asks = true, .later = true, .reads = CHOICE},
	{"fulfillment.extract", fulfillment_extract, .rests = true, .asks = true, .later = true,
	 .reads = SHIPPING},
	{"fulfillment.transform", fulfillment_transform, .rests = true, .reads = SHIPPING},
	{"fulfillment.load", fulfillment_load, .rests = true, .asks = true, .later = true,
	 .reads = SHIPPING},
	{"statuses.extract", statuses_extract, .rests = true, .asks = true, .later = true,
	 .reads = CHOICE},
	{"statuses.transform", statuses_transform, .rests = true, .reads = CHOICE},
	{"statuses.load", statuses_load, .rests = true, .asks = true, .later = true,
	 .reads = CHOICE},
	{"inventory.extract", inventory_extract, .rests = true, .asks = true, .fresh = true,
	 .later = true, .reads = STOCK},
	{"inventory.transform", inventory_transform, .rests = true, .reads = STOCK},
	{"inventory.load", inventory_load, .rests = true, .asks = true, .later = true,
	 .reads = STOCK},
	{"reconcile.extract", reconcile_extract, .asks = true, .later = true, .reads = COMPARED},
	{"reconcile.transform", reconcile_transform, .reads = COMPARED},
	{0},
};

const struct stage_entry *stage_find(const char *name)
{
	for (const struct stage_entry *s = stages; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

static bool job_rests(struct job *job, const char *stage)
{
	size_t length = strcspn(stage, ".");

	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		if (strlen(kind->job) == length && !strncmp(kind->job, stage, length) &&
		    !job_is_off(job, kind->enabled))
			return false;
	return true;
}

void stages_mark_off(struct job *job)
{
	for (const struct stage_entry *s = stages; s->name; s++) {
		char *mark = xasprintf("%s/data/run/%s.off", job->store, s->name);
		if (!s->rests || !job_rests(job, s->name)) {
			if (unlink(mark) < 0 && errno != ENOENT)
				die(EX_IOERR, "cannot remove %s: %s", mark, strerror(errno));
		} else {
			int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
			if (fd < 0)
				die(EX_IOERR, "cannot write %s: %s", mark, strerror(errno));
			close(fd);
			/* what it came to earlier in this run counts no longer */
			db_run(job->db, "DELETE FROM stage WHERE run_id = ? AND name = ?", "it",
			       job->run, s->name);
		}
		free(mark);
	}
}
