#include "jobs/orders/notes.h"

#include "jobs/job.h"
#include "jobs/load.h"
#include "jobs/wave.h"
#include "lib/out.h"
#include "lib/reject.h"
#include "lib/brightpearl/search.h"

#include <stdlib.h>
#include <string.h>

#define ORDERS_PER_SEARCH 20 /* they may have many notes each */
#define NAMED             "(NOT EXISTS (SELECT 1 FROM order_named) OR order_id IN (SELECT id FROM order_named))"
#define READY                                                                                      \
	"state = 'pending' AND held IS NULL AND " NAMED                                            \
	" AND order_id IN (SELECT order_id FROM link_order)"
/* In flight when something died; or of an order that was found there, maybe with its notes. */
#define UNSURE                                                                                     \
	"(state = 'claimed' OR (state = 'pending' AND attempts = 0 AND order_id IN"                \
	" (SELECT order_id FROM link_order WHERE how <> 'created')))"
#define RECORD "'order_note:' || order_id || ':' || kind || iif(number = 1, '', ':' || number)"

static char *record_of(struct job *job, const char *key)
{
	return db_text(job->db, "SELECT " RECORD " FROM out_order_note WHERE key = ?", "t", key);
}

static void came(struct job *job, const char *key, int64_t id, const char *how)
{
	char *record = record_of(job, key);

	out_done(job, "out_order_note", key, id);
	reject_close(job, "orders", record);
	log_info(record, "order note %lld %s", (long long)id, how);
	out_came(job, "out_order_note", key, how);
	free(record);
}

static void made(struct job *job, const char *key, int64_t id)
{
	came(job, key, id, "created");
}

static void refused(struct job *job, const char *key, const char *why);

static const struct wave sending = {
	.api = BRIGHTPEARL,
	.table = "out_order_note",
	.ready = READY,
	.what = "order notes",
	.select = "SELECT key, body, '/order-service/order/' || sales_order_id || '/note'"
		  "  FROM out_order_note JOIN link_order USING (order_id)"
		  " WHERE " READY " AND key > :last ORDER BY key LIMIT 1",
	.claims = true,
	.made = made,
	.refused = refused,
};

static void refused(struct job *job, const char *key, const char *why)
{
	char *record = record_of(job, key);

	wave_refuse(job, &sending, "orders", key, record, why,
		    "mend what it names, then ./run.sh retry; or write the note by hand and ignore "
		    "it");
	free(record);
}

/* --- looking up ------------------------------------------------------------------------------ */

static void keep_notes(struct job *job)
{
	db_script(job->db,
		  "INSERT INTO temp.seen_note SELECT whole(payload -> '$.orderId'),"
		  " whole(payload -> '$.noteId'), payload ->> '$.noteText' FROM temp.page");
}

static bool read_all(struct job *job)
{
	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.seen_note;"
		  "CREATE TEMP TABLE seen_note(sale_id INTEGER, id INTEGER, text TEXT);"
		  "DROP TABLE IF EXISTS temp.asked;"
		  "CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		  "INSERT OR IGNORE INTO temp.asked SELECT k.sales_order_id FROM out_order_note n"
		  "  JOIN link_order k USING (order_id) WHERE " UNSURE);
	return search_asked(job,
			    &(struct search){.path = "/order-service/order-note-search",
					     .columns = "noteId,orderId,noteText",
					     .filter = "",
					     .what = "order notes",
					     .guards = true,
					     .stage = keep_notes},
			    "orderId", ORDERS_PER_SEARCH);
}

/* Found by its marker: done.  Not found: what was in flight waits, or may go again. */
static bool settle_doubt(struct job *job)
{
	if (!out_count(job, "out_order_note", UNSURE))
		return true;
	if (!read_all(job))
		return false;
	db_begin(job->db);
	db_script(job->db, "DROP TABLE IF EXISTS temp.unsure; CREATE TEMP TABLE unsure AS"
			   " SELECT n.key, n.state, (SELECT min(s.id) FROM temp.seen_note s"
			   "         WHERE s.sale_id = k.sales_order_id AND instr(s.text,"
			   "               substr(t.text, 1, instr(t.text, ']'))) > 0) AS found"
			   "   FROM out_order_note n JOIN link_order k USING (order_id)"
			   "   JOIN (SELECT key, coalesce(sent, body) ->> '$.text' AS text FROM "
			   "out_order_note) t"
			   "     ON t.key = n.key WHERE " UNSURE);
	STMT st = db_prepare(job->db, "SELECT key, state, found FROM temp.unsure");
	while (stmt_row(st)) {
		const char *key = col_text(st, 0);
		if (!col_null(st, 2))
			came(job, key, col_int(st, 2), "found");
		else if (!strcmp(col_text(st, 1), "claimed") &&
			 !out_absent(job, "out_order_note", key, false))
			log_warn(key, "in doubt: not found yet, will be looked up again");
	}
	db_commit(job->db);
	return true;
}

static bool load(struct job *job)
{
	if (!out_count(job, "out_order_note", UNSURE " OR (" READY ")"))
		return true;
	if (!settle_doubt(job) || !wave_send(job, &sending))
		return false;
	load_remaining(job, "out_order_note", "state = 'claimed'",
		       "order notes in doubt: they are looked up again by the next run");
	return true;
}

bool order_notes_load(struct job *job)
{
	return load_run(job, &(struct load){.job = "orders",
					    .table = "out_order_note",
					    .units = "order notes",
					    .brake = &brake_order_notes,
					    .ready = READY,
					    .run = load});
}
