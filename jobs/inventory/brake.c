#include "jobs/inventory/brake.h"

#include "jobs/brake.h"
#include "jobs/job.h"
#include "lib/out.h"

#include <stdlib.h>
#include <string.h>

extern const char sql_inventory_brake[];

#define MAPPED "('warehouses.csv', 'stock.csv', 'sku_keys.csv', 'statuses.csv', 'settings.csv')"

void stock_brake_apply(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.braking; CREATE TEMP TABLE braking(factor,"
			   " zero_percent, rise_percent, read_at, freed)");
	db_run(job->db,
	       "INSERT INTO temp.braking VALUES(?, ?, ?, (SELECT done_until FROM cursor"
	       " WHERE feed = 'inventory_read'), ?)",
	       "iiii", setting_int(job->db, "limits.factor", 5),
	       setting_int(job->db, "limits.stock_to_zero_percent", 5),
	       setting_int(job->db, "limits.stock_changed_percent", 5),
	       (int64_t)brake_is_off(job, "inventory"));
	db_script(job->db, sql_inventory_brake);
	db_commit(job->db);
}

void stock_brake_forget(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, "UPDATE out_stock SET held = NULL, held_at = NULL, held_quantity = NULL"
			   " WHERE state NOT IN ('pending', 'claimed')"
			   "   AND (held IS NOT NULL OR held_at IS NOT NULL)");
	db_commit(job->db);
}

/* "; since stock was last set warehouses.csv changed", nothing for no change. */
static char *name_mappings(struct job *job)
{
	return db_text(job->db,
		       "SELECT coalesce('; since stock was last set, '"
		       " || group_concat('mappings/' || f.file, ' and ') || ' changed', '')"
		       "  FROM map_file f JOIN stock_mapping s ON s.file = f.file"
		       " WHERE f.sha256 <> s.sha256",
		       "");
}

/* "12 would fall to 0, 3 would rise greatly" */
static char *count_kinds(struct job *job)
{
	return db_text(job->db,
		       "SELECT iif(z, z || ' would fall to 0 without orders that explain it', '')"
		       " || iif(z AND r, ', ', '')"
		       " || iif(r, r || ' would rise to more than ' || (SELECT factor FROM"
		       "    temp.braking) || ' times what they were', '')"
		       "  FROM (SELECT sum(quantity = 0) AS z, sum(quantity > 0) AS r"
		       "          FROM out_stock WHERE state = 'pending' AND held IS NOT NULL)",
		       "");
}

/* Held for its share, or until it was read twice. */
static char *what_next(struct job *job)
{
	return db_text(
		job->db,
		"SELECT iif(sum(held LIKE '%20 \\%%' ESCAPE '\\'),"
		" 'they are 20 % of all or more: compare them with Brightpearl',"
		" 'the first run after ' || strftime('%H:%M', max(held_at) + 600, 'unixepoch')"
		"  || ' UTC that reads the same sends them')"
		"  FROM out_stock WHERE held IS NOT NULL",
		"");
}

void stock_brake_tell(struct job *job)
{
	int64_t held = out_count(job, "out_stock", "state = 'pending' AND held IS NOT NULL");

	if (!held)
		return;
	char *kinds = count_kinds(job), *mappings = name_mappings(job), *next = what_next(job);
	char *enabled = job_enabled(job, "inventory");
	char *text = xasprintf(
		"%lld of %lld quantities are held, the others go: %s%s; %s. ./run.sh plan inventory"
		" lists them, ./run.sh --allow-large inventory sends them once",
		(long long)held, (long long)out_count(job, "out_stock", "true"), kinds, mappings,
		next);
	if (!strcmp(enabled, "yes"))
		job_note(job, EX_DATAERR, "%s", text);
	else
		log_warn("", "%s", text);
	free(text);
	free(enabled);
	free(next);
	free(mappings);
	free(kinds);
}

void stock_brake_release(struct job *job)
{
	if (out_count(job, "out_stock", "held IS NOT NULL"))
		return;
	db_begin(job->db);
	db_script(job->db, "INSERT OR REPLACE INTO stock_mapping(file, sha256)"
			   " SELECT file, sha256 FROM map_file WHERE file IN " MAPPED);
	db_commit(job->db);
}
