#include "jobs/stages.h"

#include <string.h>

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
	{"payments.extract", payments_extract, .asks = true, .later = true, .reads = PAYMENTS},
	{"payments.transform", payments_transform, .reads = PAYMENTS},
	{"payments.load", payments_load, .asks = true, .later = true, .reads = PAYMENTS},
	{"notes.extract", notes_extract, .asks = true, .later = true, .reads = CHOICE},
	{"notes.transform", notes_transform, .reads = CHOICE},
	{"notes.load", notes_load, .asks = true, .later = true, .reads = CHOICE},
	{"fulfillment.extract", fulfillment_extract, .asks = true, .later = true,
	 .reads = SHIPPING},
	{"fulfillment.transform", fulfillment_transform, .reads = SHIPPING},
	{"fulfillment.load", fulfillment_load, .asks = true, .later = true, .reads = SHIPPING},
	{"statuses.extract", statuses_extract, .asks = true, .later = true, .reads = CHOICE},
	{"statuses.transform", statuses_transform, .reads = CHOICE},
	{"statuses.load", statuses_load, .asks = true, .later = true, .reads = CHOICE},
	{"inventory.extract", inventory_extract, .asks = true, .fresh = true, .later = true,
	 .reads = STOCK},
	{"inventory.transform", inventory_transform, .reads = STOCK},
	{"inventory.load", inventory_load, .asks = true, .later = true, .reads = STOCK},
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
