#include "jobs/inventory/shop.h"

#include "jobs/job.h"
#include "lib/bigcommerce/list.h"

#include <stdlib.h>

#define BC_PAGE 1000

/* Every location of every item. */
static void keep_items(struct job *job, const char *table)
{
	char *sql = xasprintf(
		"DELETE FROM %s;"
		"INSERT OR REPLACE INTO %s(product_id, variant_id, location_id, on_hand)"
		" SELECT whole(i.payload -> '$.identity.product_id'),"
		"        coalesce(whole(i.payload -> '$.identity.variant_id'), 0),"
		"        whole(l.value -> '$.location_id'),"
		"        coalesce(whole(l.value -> '$.total_inventory_onhand'),"
		"                 whole(l.value -> '$.available_to_sell')"
		"                 + coalesce(whole(l.value -> '$.settings.safety_stock'), 0))"
		"   FROM temp.page i, json_each(i.payload, '$.locations') l"
		"  WHERE l.type = 'object' AND whole(l.value -> '$.location_id') IS NOT NULL",
		table, table);

	db_script(job->db, sql);
	free(sql);
}

bool shop_read(struct job *job, const char *table, const char *what, bool *refused)
{
	struct bc_read read;
	struct bc_list list = {.what = what,
			       .path = "/v3/inventory/items",
			       .limit = BC_PAGE,
			       .may_be_absent = refused != NULL,
			       .may_be_forbidden = refused != NULL,
			       .may_be_refused = refused != NULL,
			       .shape = "json_type(value, '$.identity') = 'object'"
					" AND json_type(value, '$.locations') = 'array'",
			       /* a variant is one of its product's */
			       .id = "whole(value -> '$.identity.product_id') * 4294967296"
				     " + coalesce(whole(value -> '$.identity.variant_id'), 0)",
			       .nameless = "stock",
			       .job = "inventory"};

	if (!bc_list_read(job, &list, NULL, &read))
		return false;
	if (refused)
		*refused = read.absent || read.refused;
	db_begin(job->db);
	keep_items(job, table);
	db_commit(job->db);
	return true;
}
