/* Our sales orders as far as shipments hang on them, and the notes that no search tells of.
 *
 * There is no search for drop-ship notes: they are read by their sales orders.  Which orders may
 * have some is told by their shipping status.  Read are those that changed and are more shipped
 * than the notes known explain; and open ones, once in api.reference_hours, or in every run as soon
 * as the account is known to use drop-ship notes.  Both are limited for each run, the longest
 * unread come first. */
#include "jobs/fulfillment/fulfillment.h"
#include "jobs/job.h"
#include "jobs/orders/sales.h"
#include "lib/server_clock.h"

#define MOST 200 /* orders whose notes are read in a run because they are open */

extern const char sql_fulfillment_untold[];

static void ask_nothing(struct job *job)
{
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY)");
}

/* Orders split off from ours that are new or changed, and those of notes whose rows are not known. */
static void ask_for_missing(struct job *job)
{
	ask_nothing(job);
	db_script(job->db,
		  "INSERT OR IGNORE INTO temp.asked"
		  " SELECT o.id FROM stg_bp_order o LEFT JOIN stg_bp_sale s ON s.id = o.id"
		  "  WHERE o.parent_id IN (SELECT id FROM stg_bp_sale) AND o.type_id = 1"
		  "    AND (s.id IS NULL OR o.updated_on > coalesce(s.updated_on, 0)"
		  "         OR o.updated_on > s.read_at - 60);"
		  "INSERT OR IGNORE INTO temp.asked"
		  " SELECT n.sale_id FROM stg_bp_goods_out_note n"
		  "   LEFT JOIN stg_bp_sale s ON s.id = n.sale_id"
		  "  WHERE n.ours = 1 AND n.payload IS NOT NULL AND n.shipped_on IS NOT NULL"
		  "    AND (s.id IS NULL OR s.read_at < n.read_at AND EXISTS"
		  "         (SELECT 1 FROM stg_bp_goods_out_row r WHERE r.kind = n.kind"
		  "             AND r.note_id = n.id AND r.row_id NOT IN"
		  "                 (SELECT id FROM stg_bp_sale_row WHERE sale_id = n.sale_id)))");
}

bool fulfillment_read_sales(struct job *job)
{
	if (!sales_read_changed(job))
		return false;
	ask_for_missing(job);
	return sales_read(job);
}

/* temp.asked = the sales orders of temp.untold that the condition names. */
static void ask_untold(struct job *job, const char *sql)
{
	ask_nothing(job);
	db_script(job->db, sql);
}

bool fulfillment_read_untold(struct job *job)
{
	int64_t now = server_now(job, BRIGHTPEARL);

	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.limits;"
			   "CREATE TEMP TABLE limits(stale INTEGER, most INTEGER)");
	db_run(job->db, "INSERT INTO temp.limits VALUES(?, ?)", "ii",
	       now - 3600 * setting_int(job->db, "api.reference_hours", 24), (int64_t)MOST);
	db_script(job->db, sql_fulfillment_untold);
	db_commit(job->db);
	ask_untold(job, "INSERT INTO temp.asked SELECT id FROM temp.untold WHERE unexplained");
	if (!notes_read_goods_out(job))
		return false;
	ask_untold(job, "INSERT INTO temp.asked SELECT id FROM temp.untold");
	if (!notes_read_drop_ship(job))
		return false;
	ask_for_missing(job);
	return sales_read(job);
}
