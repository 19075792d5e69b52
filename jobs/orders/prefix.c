/* A reference (orders.reference) that Brightpearl's orders bear already before this store sent one:
 * those of another shop, of another connector, or of this shop before it was made anew. */
#include "jobs/job.h"
#include "jobs/orders/orders.h"
#include "lib/told.h"

#include <stdlib.h>

/* Sales orders whose external reference is our prefix and a number, none of ours: after adopt_judge.sql. */
static void list_strangers(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.stranger; CREATE TEMP TABLE stranger AS"
		  " SELECT s.id, s.external_ref FROM stg_bp_order s JOIN order_reference r"
		  "  WHERE s.type_id = 1 AND length(s.external_ref) > length(r.prefix)"
		  "    AND substr(s.external_ref, 1, length(r.prefix)) = r.prefix"
		  "    AND substr(s.external_ref, length(r.prefix) + 1) NOT GLOB '*[^0-9]*'"
		  "    AND s.id NOT IN (SELECT sales_order_id FROM link_order)"
		  "    AND s.id NOT IN (SELECT sales_order FROM temp.judged WHERE ours)");
}

void orders_tell_prefix(struct job *job)
{
	list_strangers(job);
	int64_t count = db_int(job->db, 0, "SELECT count(*) FROM temp.stranger", "");
	bool ours = db_int(job->db, 0,
			   "SELECT EXISTS (SELECT 1 FROM link_order)"
			   " OR EXISTS (SELECT 1 FROM temp.judged WHERE ours)",
			   "");

	if (!count || ours)
		return;
	char *first = db_text(job->db,
			      "SELECT external_ref || ' is sales order ' || id FROM temp.stranger"
			      " ORDER BY id LIMIT 1",
			      "");
	char *prefix = db_text(job->db, "SELECT prefix FROM order_reference", "");
	char *what = xasprintf("taken %s", prefix);
	if (told_first(job, "setting:orders.reference", what))
		log_warn(
			"setting:orders.reference",
			"%lld of Brightpearl's sales orders have a reference that begins with %s and a"
			" number (%s), and none of them is an order of this store: another shop or"
			" connector uses it. Give this store a prefix of its own in orders.reference"
			" (mappings/settings.csv); from its first order on it stays as it is",
			(long long)count, prefix, first);
	free(what);
	free(prefix);
	free(first);
}
