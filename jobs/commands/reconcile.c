/* reconcile: both systems compared now, and what differs, for a person or a program. */
#include "jobs/commands/commands.h"
#include "jobs/commands/reconcile_print.h"
#include "jobs/commands/session.h"
#include "jobs/reconcile/reconcile.h"
#include "lib/clock.h"
#include "lib/map.h"

#include <stdlib.h>
#include <string.h>

#define MAPPINGS   "settings.csv statuses.csv payments.csv warehouses.csv stock.csv sku_keys.csv"
#define DATE_ALONE (sizeof "2026-03-01" - 1)
#define MOST       (RECONCILE_DAYS * 86400 + 3600) /* one of the days may have 25 hours */

/* A date alone is a day of the account: its beginning, or that of the next. */
static int64_t read_date(const char *text, bool end)
{
	int64_t epoch;

	if (!clock_parse(text, &epoch))
		command_misuse("reconcile",
			       "\"%s\" is no date, like 2026-03-01 or 2026-03-01T00:00:00Z", text);
	if (strlen(text) == DATE_ALONE)
		epoch = days_midnight(days_local(epoch), end);
	return epoch;
}

static struct reconcile_range read_range(struct job *job, const struct options *o)
{
	struct reconcile_range range = reconcile_usual(job);
	int64_t now = range.until;

	range.asked = true;
	if (o->to)
		range.until = read_date(o->to, true);
	if (o->from)
		range.from = read_date(o->from, false);
	else if (o->to)
		range.from = days_midnight(range.until - 1, 1 - RECONCILE_DAYS);
	if (!o->to && o->from && range.until > days_midnight(range.from, RECONCILE_DAYS))
		range.until = days_midnight(range.from, RECONCILE_DAYS);
	if (range.until > now)
		range.until = now;
	if (range.from >= range.until)
		command_misuse("reconcile", "there is nothing before --from and after --to, or it "
					    "is yet to come");
	if (range.until - range.from > MOST)
		command_misuse("reconcile", "at most %d days at a time", RECONCILE_DAYS);
	return range;
}

static void refuse_complaints(struct db *db)
{
	char *files = map_unusable(db, MAPPINGS);

	if (files)
		die(EX_CONFIG,
		    "there are complaints about %s: mend them first, ./run.sh mappings "
		    "check lists them",
		    files);
	if (!db_int(db, 0,
		    "SELECT EXISTS (SELECT 1 FROM cursor WHERE feed = 'bc_orders'"
		    " AND window_from IS NULL)",
		    ""))
		die(EX_TEMPFAIL, "there is nothing to compare yet: begin with ./run.sh");
}

int command_reconcile(const struct options *o)
{
	if (o->count)
		command_misuse("reconcile", "it takes no argument \"%s\"", o->arguments[0]);
	if (o->csv && o->json)
		command_misuse("reconcile", "--json or --csv, not both");
	struct session *s = session_begin(o, "reconcile");
	struct job *job = session_job(s);
	refuse_complaints(job->db);
	struct reconcile_range range = read_range(job, o);
	if (!reconcile_read(job, &range))
		die(job->code ? job->code : EX_TEMPFAIL, "%s; nothing was compared", job->message);
	reconcile_compare(job);
	reconcile_print(job->db, o);
	int64_t differences = db_int(
		job->db, 0, "SELECT differences FROM reconcile_run ORDER BY id DESC LIMIT 1", "");
	int code = stage_worse(job->code, differences ? EX_DATAERR : 0);
	session_close(s);
	return code;
}
