#include "jobs/stages.h"

#include "jobs/records.h"
#include "lib/file.h"

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
	{"reference.extract", reference_extract, "", .asks = true, .reads = ""},
	{"reference.transform", reference_transform, "reference.extract", .reads = ""},
	{"orders.extract", orders_extract, "reference.transform", .asks = true, .fresh = true,
	 .reads = CHOICE},
	{"customers.extract", customers_extract, "orders.extract", .asks = true, .reads = CHOICE},
	{"customers.transform", customers_transform, "customers.extract", .reads = CHOICE},
	{"customers.load", customers_load, "customers.transform", .asks = true, .reads = CHOICE},
	{"orders.transform", orders_transform, "customers.load", .reads = ALL_OF_ORDERS},
	{"orders.load", orders_load, "orders.transform", .asks = true, .reads = ALL_OF_ORDERS},
	{"payments.extract", payments_extract, "orders.extract", .rests = true, .asks = true,
	 .later = true, .reads = PAYMENTS},
	{"payments.transform", payments_transform, "payments.extract orders.load", .rests = true,
	 .reads = PAYMENTS},
	{"payments.load", payments_load, "payments.transform", .rests = true, .asks = true,
	 .later = true, .reads = PAYMENTS},
	{"notes.extract", notes_extract, "orders.load", .rests = true, .asks = true, .later = true,
	 .reads = CHOICE},
	{"notes.transform", notes_transform, "notes.extract", .rests = true, .reads = CHOICE},
	{"notes.load", notes_load, "notes.transform", .rests = true, .asks = true, .later = true,
	 .reads = CHOICE},
	{"fulfillment.extract", fulfillment_extract, "orders.load", .rests = true, .asks = true,
	 .later = true, .reads = SHIPPING},
	{"fulfillment.transform", fulfillment_transform, "fulfillment.extract", .rests = true,
	 .reads = SHIPPING},
	{"fulfillment.load", fulfillment_load, "fulfillment.transform", .rests = true, .asks = true,
	 .later = true, .reads = SHIPPING},
	{"statuses.extract", statuses_extract, "notes.load fulfillment.load", .rests = true,
	 .asks = true, .later = true, .reads = CHOICE},
	{"statuses.transform", statuses_transform, "statuses.extract", .rests = true,
	 .reads = CHOICE},
	{"statuses.load", statuses_load, "statuses.transform", .rests = true, .asks = true,
	 .later = true, .reads = CHOICE},
	{"inventory.extract", inventory_extract, "orders.load", .rests = true, .asks = true,
	 .fresh = true, .later = true, .reads = STOCK},
	{"inventory.transform", inventory_transform, "inventory.extract", .rests = true,
	 .reads = STOCK},
	{"inventory.load", inventory_load, "inventory.transform", .rests = true, .asks = true,
	 .later = true, .reads = STOCK},
	{"reconcile.extract", reconcile_extract, "payments.load statuses.load inventory.load",
	 .asks = true, .later = true, .reads = COMPARED},
	{"reconcile.transform", reconcile_transform, "reconcile.extract", .reads = COMPARED},
	{0},
};

const struct stage_entry *stage_find(const char *name)
{
	for (const struct stage_entry *s = stages; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

bool stage_belongs(const char *stage, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(stage, name, length) && (!stage[length] || stage[length] == '.');
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

bool stages_rest(struct db *db, const struct stage_entry *s)
{
	struct job job = {.db = db};

	return s->rests && job_rests(&job, s->name);
}

void stages_mark_off(struct job *job)
{
	for (const struct stage_entry *s = stages; s->name; s++) {
		char *mark = xasprintf("%s/data/run/%s.off", job->store, s->name);
		if (!stages_rest(job->db, s)) {
			if (unlink(mark) < 0 && errno != ENOENT)
				die(EX_IOERR, "cannot remove %s: %s", mark, strerror(errno));
		} else {
			int fd = file_open(mark, O_WRONLY | O_CREAT);
			if (fd < 0)
				die(EX_IOERR, "cannot write %s: %s", mark, file_why(mark));
			close(fd);
			/* what it came to earlier in this run counts no longer */
			db_run(job->db, "DELETE FROM stage WHERE run_id = ? AND name = ?", "it",
			       job->run, s->name);
		}
		free(mark);
	}
}
