/* Availability (12.3): on hand = in stock - allocated.  Products that are unknown or not stocked
 * are left out, and warehouses that do not contain a product. */
#include "brightpearl.h"

#include <stdlib.h>

#define SHARE(in_stock, allocated)                                                                 \
	"json_object('inStock', " in_stock ", 'onHand', " in_stock " - " allocated                 \
	", 'allocated', " allocated ", 'inTransit', 0)"

static cJSON *read_availability(const char *ids)
{
	return bp_select(
		"SELECT p.id AS [id:key], " SHARE(
			"coalesce(sum(s.in_stock), 0)",
			"coalesce(sum(s.allocated), 0)") " AS [total:json],"
							 " json_group_object(s.warehouse_id,"
							 " " SHARE(
								 "s.in_stock",
								 "s.allocated") ") FILTER (WHERE "
										"s.in_stock > 0) "
										"AS "
										"[warehouses:json]"
										" FROM bp_product "
										"p LEFT JOIN "
										"bp_stock s ON "
										"s.product_id = "
										"p.id"
										" WHERE "
										"p.stock_tracked "
										"AND NOT "
										"p.is_bundle"
										" AND p.id IN "
										"(SELECT value "
										"FROM "
										"json_each(?)) "
										"GROUP BY p.id",
		"t", ids);
}

BP_ROUTE(bp_product_availability)
{
	(void)call;
	char *ids = bp_idset(arg[0], 200, answer);

	if (ids && switch_is("bp_availability_invalid", "refuse") &&
	    state_int(0,
		      "SELECT EXISTS (SELECT 1 FROM json_each(?) WHERE value NOT IN"
		      " (SELECT id FROM bp_product))",
		      "t", ids))
		bp_fail(answer, 400, "WHSC-014", "Product ID is not known");
	else if (ids)
		bp_respond(answer, read_availability(ids));
	free(ids);
}

/* How many of the bundle can be made of what each warehouse has; bundles may hold bundles. */
BP_ROUTE(bp_bundle_availability)
{
	(void)call;
	int64_t id = bp_path_known(arg[0], "SELECT 1 FROM bp_product WHERE id = ? AND is_bundle",
				   "Bundle", answer);

	if (!id)
		return;
	cJSON *found = bp_select(
		"WITH RECURSIVE part (id, quantity) AS (SELECT ?1, 1 UNION ALL"
		" SELECT c.value ->> '$.productId', part.quantity * (c.value ->>"
		" '$.productQuantity') FROM part JOIN bp_product p ON p.id = part.id AND "
		"p.is_bundle"
		" JOIN json_each(p.components) c),"
		" need AS (SELECT part.id, sum(quantity) AS quantity FROM part JOIN bp_product p"
		" ON p.id = part.id AND p.stock_tracked AND NOT p.is_bundle GROUP BY part.id),"
		" made AS (SELECT w.id, min(max(0, coalesce(s.in_stock - s.allocated, 0)) /"
		" need.quantity) AS bundles FROM bp_warehouse w JOIN need LEFT JOIN bp_stock s"
		" ON s.product_id = need.id AND s.warehouse_id = w.id GROUP BY w.id)"
		" SELECT coalesce(sum(bundles), 0) AS [total.onHand],"
		" json_group_object(id, json_object('onHand', bundles)) FILTER (WHERE bundles > 0)"
		" AS [warehouses:json] FROM made",
		"i", id);
	bp_respond(answer, cJSON_DetachItemFromArray(found, 0));
	cJSON_Delete(found);
}
