/* The commands by name, and what is said of them. */
#include "jobs/commands/commands.h"

#include "jobs/stages.h"
#include "lib/fold.h"
#include "lib/nearest.h"
#include "lib/show.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_IS "KEY is what a record is called: order:1042, customer:ann@example.com.\n"

const struct command commands[] = {
	{"run", command_run, 99, "[JOB[.STAGE] ...] [--only]",
	 "continue the open run, else begin one; the whole chain, or what is named and what it "
	 "needs",
	 "./run.sh                  the whole chain\n"
	 "./run.sh orders           reads, decides and sends orders, and whatever that needs\n"
	 "./run.sh orders.transform --only   that stage alone, on what was read last (no load)\n"},
	{"plan", command_plan, 1, "[JOB]",
	 "dry run: what would be sent, field by field, old -> new; sends nothing",
	 "First what the run says, then each record. Read it with  ./run.sh plan | less\n\n"
	 "./run.sh plan             every job that is on plan or yes\n"
	 "./run.sh plan orders      only what would become of orders\n"},
	{"order", command_order, 9999, "NUMBER ...",
	 "these orders through every job, now; says what stopped the others",
	 "Reads these orders from BigCommerce, whatever was read before, and sends only them. "
	 "They obey\n"
	 "the mappings and switches: an order that is left out is told with the reason.\n\n"
	 "./run.sh order 1042 1043 1044\n"},
	{"status", command_status, 0, "",
	 "the verdict, stages, what waits, rejects, the next command",
	 "Of the last run. Asks neither system. s: seconds; left: not sent yet; the exit codes are "
	 "in\n./run.sh --help.\n"},
	{"explain", command_explain, 2, "order NUMBER | customer E-MAIL",
	 "one record's whole story, and what happens next",
	 "./run.sh explain order 1042\n./run.sh explain customer ann@example.com\n"},
	{"rejects", command_rejects, 0, "",
	 "what could not be brought over, why, and what would mend it",
	 "Most rejects close by themselves once what they name is mended; those that the other "
	 "side\n"
	 "refused are sent again by ./run.sh retry.\n"},
	{"retry", command_retry, 1, "[KEY]",
	 "send again what was refused (order:1042), or all of it; takes back ignore",
	 KEY_IS "\n./run.sh retry\n./run.sh retry order:1042\n"},
	{"ignore", command_ignore, 1, "KEY --why TEXT",
	 "leave a record out, with the reason; taken back by retry",
	 KEY_IS "Nothing is sent for it any more, its rejects are closed, and every run lists it "
		"as skipped\nwith your reason.\n\n"
		"./run.sh ignore order:1042 --why 'entered by hand as 700123'\n"},
	{"settle", command_settle, 1, "KEY --as ID | KEY --absent --why TEXT",
	 "say what became of a record in doubt",
	 KEY_IS
	 "A record is in doubt when its answer was lost. It is looked up by itself; this "
	 "decides at once.\n"
	 "--as ID: it is there, under this id. --absent: it is not there, and may be sent "
	 "again;\nan order that was sent, and that Brightpearl has no more, is made anew.\n\n"
	 "./run.sh settle order:1042 --as 700123\n"
	 "./run.sh settle order:1042 --absent --why 'looked in Brightpearl: nothing'\n"},
	{"link", command_link, 3,
	 "order NUMBER ID [--force] | customer E-MAIL ID | KEY none --why TEXT",
	 "say who is who: an order and its sales order, a customer and its contact",
	 "Both are read first. Refused: what is no sales order. A different total is refused, unless "
	 "--force\n"
	 "says that it is meant; so is an order whose sales order still stands. One that is cancelled or "
	 "gone\n"
	 "is replaced; payments and shipments that were sent are not sent again. none takes a link "
	 "back.\n\n"
	 "./run.sh link order 1042 700123\n./run.sh link customer ann@example.com 207\n"
	 "./run.sh link order:1042 none --why 'it was another shop that made 700123'\n"},
	{"adopt", command_adopt, 0, "--from DATE [--pattern TEXT]",
	 "link the orders that another connector brought over; writes to neither system",
	 "An order is linked when a sales order since DATE has its number as a reference and "
	 "total, "
	 "currency\n"
	 "and e-mail agree. Without --pattern, references are {id}, #{id}, BC{id}, BC-{id} and "
	 "{prefix}{id}.\n"
	 "What looks the same but differs is told (65), and not sent before you link or retry "
	 "it.\n\n"
	 "./run.sh adopt --from 2026-01-01\n./run.sh adopt --from 2026-01-01 --pattern "
	 "'WEB/{id}'\n"},
	{"backfill", command_backfill, 1, "--from DATE --to DATE [--only missing|failed|all]",
	 "read the orders placed in that range again, and run",
	 "missing (the default): what is not there yet goes, within orders.start_date.\n"
	 "failed: what was refused of that range is sent again as well.\n"
	 "all: also what was placed before orders.start_date; such orders are ours from then on.\n"
	 "A date alone is a whole day of UTC. limits.orders holds as ever.\n\n"
	 "./run.sh backfill --from 2026-01-01 --to 2026-01-31\n"},
	{"catch-up", command_catch_up, 1, "notes|statuses|shipments --from DATE",
	 "what was left as it was when a job went live; asks before any shopper may be mailed",
	 "DATE is when the order was placed; for shipments, when the goods left. What is older than "
	 "14 days,\n"
	 "or Shipped or Completed in BigCommerce, stays as it is. It says how many shoppers may be "
	 "mailed, and\n"
	 "sends once that number is typed, or given by --confirm N: at most 50 in a run. The brakes of "
	 "limits.*\n"
	 "hold as ever.\n\n"
	 "./run.sh catch-up statuses --from 2026-01-20\n"
	 "./run.sh catch-up shipments --from 2026-01-20 --confirm 12\n"},
	{"reconcile", command_reconcile, 0, "[--from DATE] [--to DATE] [--json|--csv]",
	 "compare both systems now: counts, sums, and every difference; writes to neither",
	 "By the dates of BigCommerce's orders, for at most 31 days; without dates, the last 31. A "
	 "date alone\n"
	 "is a day of the Brightpearl account; --to includes it. Exit code 65: something differs "
	 "by more\n"
	 "than reconcile.amount_tolerance or reconcile.stock_tolerance. What a setting or mapping "
	 "explains is\n"
	 "listed as expected.\n\n"
	 "./run.sh reconcile\n./run.sh reconcile --from 2026-03-01 --to 2026-03-31 --csv > "
	 "march.csv\n"},
	{"mappings", command_mappings, 1, "check", "every complaint about the mapping files",
	 "Checked against the lists of both systems as they were read last.\n"},
	{"doctor", command_doctor, 0, "", "credentials and permissions, tried by reading alone",
	 "One small read for each permission, with the jobs that need it. Ends with 77 when a job "
	 "that is\nnot on no would be refused something.\n"},
	{"init", command_init, 0, "--store DIR",
	 "make a store's folder: .env and mapping files to edit",
	 "Nothing that you changed is overwritten. Once .env has the credentials, the same command "
	 "reads the\n"
	 "lists of your account and puts its names into the files that are still as shipped; what "
	 "it cannot\ntell, ./run.sh mappings check names.\n"},
	{"stop", command_stop, 0, "", "ask the run that is under way to end, and wait until it has",
	 "It sends nothing more, waits for the answers under way, records them, and ends with 75; the "
	 "next run\ngoes on from there. So does a run that gets SIGTERM, SIGINT or SIGHUP; a second one ends "
	 "it at once.\nExit code 75: it has not ended within five minutes.\n"},
	{"stage", command_stage, 1, NULL, NULL, NULL},
	{0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static bool is_stage(const char *name)
{
	for (const struct stage_entry *s = stages; s->name; s++)
		if (stage_belongs(s->name, name))
			return true;
	return false;
}

static void offer_job(struct nearest *search, const char *stage)
{
	char job[64];

	snprintf(job, sizeof job, "%.*s", (int)strcspn(stage, "."), stage);
	nearest_offer(search, job, job);
	nearest_offer(search, stage, stage);
}

static void refuse_name(const char *typed)
{
	char *folded = fold(typed);
	struct nearest search = nearest_begin(folded);

	for (const struct command *c = commands; c->name; c++)
		if (c->usage)
			nearest_offer(&search, c->name, c->name);
	for (const struct stage_entry *s = stages; s->name; s++)
		offer_job(&search, s->name);
	free(folded);
	die(EX_USAGE, "there is no command, job or stage \"%s\"%s%s%s: ./run.sh --help lists them",
	    typed, *search.best ? " (did you mean \"" : "", search.best,
	    *search.best ? "\"?)" : "");
}

const struct command *command_choose(const struct options *o)
{
	const struct command *named = o->count ? command_find(o->arguments[0]) : NULL;

	for (int i = 0; !named && i < o->count; i++)
		if (!is_stage(o->arguments[i]))
			refuse_name(o->arguments[i]);
	return named;
}

static void print_usage(FILE *out, const struct command *c)
{
	bool run = !strcmp(c->name, "run");

	fprintf(out, "usage: ./run.sh%s%s%s%s [options]\n", run ? "" : " ", run ? "" : c->name,
		*c->usage ? " " : "", c->usage);
}

/* A line for each job, at its first stage: "  orders        extract transform load". */
static void print_stages_of(const struct stage_entry *first)
{
	int job = (int)strcspn(first->name, ".") + 1;

	for (const struct stage_entry *s = stages; s < first; s++)
		if (!strncmp(s->name, first->name, (size_t)job))
			return;
	show("  %-13.*s", job - 1, first->name);
	for (const struct stage_entry *s = first; s->name; s++)
		if (!strncmp(s->name, first->name, (size_t)job))
			show(" %s", s->name + job);
	show("\n");
}

static void help_all(void)
{
	show("usage: ./run.sh [COMMAND] [options]\n\n"
	     "  %-34s %s\n  %-34s %s\n",
	     "demo", "a made-up shop from end to end, on this machine alone", "test",
	     "build and run every check");
	for (const struct command *c = commands; c->name; c++) {
		char usage[128];
		bool run = !strcmp(c->name, "run");
		if (!c->usage)
			continue;
		snprintf(usage, sizeof usage, "%s%s%s", run ? "" : c->name,
			 *c->usage && !run ? " " : "", c->usage);
		if (strlen(usage) > 34)
			show("  %s\n  %-34s %s\n", usage, "", c->help);
		else
			show("  %-34s %s\n", usage, c->help);
	}
	show("\n  --store DIR     another store's folder (default: this checkout)\n"
	     "  --json          log lines and the result as JSON\n"
	     "  --quiet         warnings and errors only\n"
	     "  --verbose       more log lines\n"
	     "  --allow-large JOB  for this run, the brakes of that job (limits.*) are off\n"
	     "  --help          this; after a command, more about it\n\n"
	     "jobs and their stages:\n");
	for (const struct stage_entry *s = stages; s->name; s++)
		print_stages_of(s);
	show("exit codes: 0 done; 65 done, but records wait in rejects; 75 run again; 77 "
	     "credentials refused;\n"
	     "78 mappings, settings or environment wrong; 64 usage; 70 a bug of ours; 73, 74 the "
	     "disk\n");
}

void command_help(const struct command *c)
{
	if (!c || !c->usage) {
		help_all();
		return;
	}
	print_usage(stdout, c);
	show("\n%s\n", c->help);
	if (c->details)
		show_line_end(), show_lines(c->details);
}

void command_misuse(const char *name, const char *fmt, ...)
{
	char text[500];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	const struct command *c = command_find(name);
	die(EX_USAGE, "%s; usage: ./run.sh %s %s", text, name, c->usage);
}

void command_say(const struct options *o, const char *key, const char *what, const char *fmt, ...)
{
	char text[1000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (!o->json) {
		show("%s\n", text);
		return;
	}
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "key", key);
	cJSON_AddStringToObject(json, "what", what);
	cJSON_AddStringToObject(json, "message", text);
	char *line = cJSON_PrintUnformatted(json);
	show_json(line);
	free(line);
	cJSON_Delete(json);
}
