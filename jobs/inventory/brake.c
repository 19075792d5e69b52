#include "jobs/inventory/inventory.h"
#include "jobs/job.h"

#define FEW 5 /* quantities: in a small shop so many may always change */

static bool within(struct job *job, const char *setting, int64_t count, int64_t total,
		   const char *what)
{
	int64_t percent = setting_int(job->db, setting, 100);
	int64_t allowed = total * percent / 100;

	if (count <= allowed || count <= FEW)
		return true;
	job_note(
		job, EX_DATAERR,
		"%lld of %lld quantities would %s, %s is %lld: nothing was pushed. Look at ./run.sh"
		" plan inventory, then allow it once with --allow-large, or raise the setting",
		(long long)count, (long long)total, what, setting, (long long)percent);
	return false;
}

/* What an item had before is what we last set; before the first push, what BigCommerce tells. */
bool inventory_within_limits(struct job *job)
{
	STMT st = db_prepare(
		job->db, "SELECT count(*),"
			 " sum(x.state = 'pending' AND x.sent ->> '$.quantity' <> x.quantity),"
			 " sum(x.state = 'pending' AND x.quantity = 0"
			 "     AND coalesce(x.sent ->> '$.quantity', b.on_hand, 0) > 0)"
			 " FROM out_stock x LEFT JOIN (SELECT product_id, location_id, variant_id,"
			 "        on_hand FROM stg_bc_stock UNION ALL"
			 "        SELECT product_id, location_id, 0, max(on_hand) FROM stg_bc_stock"
			 "         WHERE variant_id > 0 GROUP BY product_id, location_id) b"
			 "   ON b.product_id = x.product_id AND b.location_id = x.location_id"
			 "  AND b.variant_id = x.variant_id");

	if (job->allow_large || !stmt_row(st))
		return true;
	int64_t total = col_int(st, 0), changed = col_int(st, 1), to_zero = col_int(st, 2);
	return within(job, "limits.stock_to_zero_percent", to_zero, total, "fall to 0") &&
	       within(job, "limits.stock_changed_percent", changed, total, "change");
}
