#include "jobs/stages.h"

#include <string.h>

#define CHOICE        "settings.csv statuses.csv"
#define ALL_OF_ORDERS CHOICE " sales.csv shipping.csv warehouses.csv sku_keys.csv taxes.csv"

const struct stage_entry stages[] = {
	{"reference.extract", reference_extract, .asks = true, .reads = ""},
	{"reference.transform", reference_transform, .reads = ""},
	{"orders.extract", orders_extract, .asks = true, .fresh = true, .reads = CHOICE},
	{"customers.extract", customers_extract, .asks = true, .reads = CHOICE},
	{"customers.transform", customers_transform, .reads = CHOICE},
	{"customers.load", customers_load, .asks = true, .reads = CHOICE},
	{"orders.transform", orders_transform, .reads = ALL_OF_ORDERS},
	{"orders.load", orders_load, .asks = true, .reads = ALL_OF_ORDERS},
	{0},
};

const struct stage_entry *stage_find(const char *name)
{
	for (const struct stage_entry *s = stages; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}
