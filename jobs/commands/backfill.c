/* backfill: a range of BigCommerce's orders is read again, below the feed's watermark, which stays
 * where it is; then the whole chain runs. */
#include "jobs/commands/commands.h"
#include "jobs/commands/session.h"
#include "jobs/orders/orders.h"
#include "lib/clock.h"

#include <stdlib.h>
#include <string.h>

#define DAY 86400

struct range {
	int64_t from, until; /* both included */
};

static int64_t read_date(const char *name, const char *text)
{
	int64_t at;

	if (!text)
		command_misuse("backfill", "say %s", name);
	if (!clock_parse(text, &at))
		command_misuse("backfill",
			       "\"%s\" is no date, like 2026-01-01 or 2026-01-01T00:00:00Z", text);
	return at;
}

static struct range read_range(const struct options *o)
{
	struct range range = {read_date("--from DATE", o->from), read_date("--to DATE", o->to)};

	if (strlen(o->to) <= strlen("2026-01-31"))
		range.until += DAY - 1;
	if (range.until < range.from)
		command_misuse("backfill", "--to is before --from");
	return range;
}

/* Orders below orders.start_date are wanted for good; their references are read before any of them
 * is made (jobs/orders/mirror.c). */
static void want_all(struct db *db, const struct range *range)
{
	db_run(db, "INSERT OR REPLACE INTO backfill(from_at, until_at, at) VALUES(?, ?, ?)", "iii",
	       range->from, range->until, clock_now() / 1000);
}

static void retry_failed(struct db *db, const struct range *range)
{
	db_run(db,
	       "UPDATE out_order SET state = 'pending', message = NULL WHERE state = 'rejected'"
	       " AND order_id IN (SELECT id FROM stg_bc_order WHERE date_created BETWEEN ? AND ?)",
	       "ii", range->from, range->until);
}

/* Money of theirs that BigCommerce tells and did not list is asked for at once. */
static void ask_for_money(struct db *db, const struct range *range)
{
	db_run(db,
	       "UPDATE stg_bc_order_money SET read_at = iif(short_since IS NULL, read_at, NULL),"
	       "  back_at = iif(back_since IS NULL, back_at, NULL)"
	       " WHERE (short_since IS NOT NULL OR back_since IS NOT NULL)"
	       "   AND order_id IN (SELECT id FROM stg_bc_order WHERE date_created BETWEEN ? AND ?)",
	       "ii", range->from, range->until);
}

static void tell(const struct options *o, const struct range *range)
{
	struct db *db = store_peek(o);
	char *text = db_text(
		db,
		"SELECT printf('of %d orders placed in that range %d are in Brightpearl,"
		" %d are left out, %d are rejected, %d wait', count(*),"
		" count(k.order_id), sum(k.order_id IS NULL AND s.key IS NOT NULL),"
		" sum(k.order_id IS NULL AND j.key IS NOT NULL),"
		" sum(k.order_id IS NULL AND s.key IS NULL AND j.key IS NULL))"
		"  FROM stg_bc_order o LEFT JOIN link_order k ON k.order_id = o.id"
		"  LEFT JOIN skip s ON s.job = 'orders' AND s.key = 'order:' || o.id"
		"  LEFT JOIN (SELECT DISTINCT record AS key FROM reject_told WHERE job = 'orders'"
		"              AND closed_at IS NULL) j ON j.key = 'order:' || o.id"
		" WHERE o.date_created BETWEEN ? AND ?",
		"ii", range->from, range->until);

	if (!o->quiet)
		command_say(o, "", "backfill", "%s", text);
	free(text);
	db_close(db);
}

int command_backfill(const struct options *o)
{
	const char *only = o->only && o->count == 1 ? o->arguments[0] : "missing";
	bool all = !strcmp(only, "all"), failed = !strcmp(only, "failed");
	struct range range = read_range(o);

	if (o->count > o->only || (!all && !failed && strcmp(only, "missing") != 0))
		command_misuse("backfill", "--only takes missing, failed or all");
	struct session *s = session_begin(o, "backfill");
	struct job *job = session_job(s);
	if (!orders_read_range(job, range.from, range.until))
		die(job->code ? job->code : EX_TEMPFAIL, "%s", job->message);
	db_begin(job->db);
	if (all)
		want_all(job->db, &range);
	if (failed)
		retry_failed(job->db, &range);
	ask_for_money(job->db, &range);
	db_commit(job->db);
	session_close(s);
	struct options run = *o;
	run.count = 0;
	run.only = false;
	int code = command_run(&run);
	tell(o, &range);
	return code;
}
