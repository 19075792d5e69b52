#include "lib/map_parts.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/settings.h"

#include <stdlib.h>
#include <string.h>

static void store(struct map_load *load, const char *name, const char *value, int line)
{
	db_run(load->db,
	       "INSERT INTO map_settings(setting, value, line) VALUES(?, ?, ?)"
	       " ON CONFLICT DO UPDATE SET value = excluded.value, line = excluded.line",
	       "tti", name, value, (int64_t)line);
}

void map_settings_line(struct map_load *load, const struct map_line *line)
{
	char *name = fold(map_line_cell(line, "setting"));
	const struct setting *setting = setting_find(name);

	if (!setting) {
		const char *near = setting_nearest(name);
		map_complain(load, line->number, "setting", "there is no setting \"%s\"%s%s%s",
			     map_line_cell(line, "setting"), near ? " (did you mean \"" : "",
			     near ? near : "",
			     near ? "\"?)" : "; mappings/README.md lists them all");
		free(name);
		return;
	}
	free(name);
	int *first = load->setting_lines + (setting - settings);
	bool empty = !*map_line_cell(line, "value");
	if (*first > 0 && empty) {
		map_warn(load, line->number, setting->name, "is empty, so line %d counts", *first);
		return;
	}
	if (*first < 0 && !empty)
		map_warn(load, line->number, setting->name, "counts: line %d is empty", -*first);
	else if (*first) {
		map_complain(load, line->number, setting->name,
			     "is already set in line %d: delete one of the two", abs(*first));
		return;
	}
	*first = empty ? -line->number : line->number;
	char *value, *warning;
	char *complaint = setting_check(load->db, setting, map_line_cell(line, "value"), &value,
					&warning);
	if (warning)
		map_warn(load, line->number, setting->name, "%s", warning);
	if (complaint)
		map_complain(load, line->number, setting->name, "%s", complaint);
	else
		store(load, setting->name, value, line->number);
	free(value);
	free(warning);
	free(complaint);
}

static int line_of(const struct map_load *load, const char *name)
{
	return abs(load->setting_lines[setting_find(name) - settings]);
}

static bool is_empty(struct map_load *load, const char *name)
{
	char *value = setting_text(load->db, name);
	bool empty = !*value;
	free(value);
	return empty;
}

/* It stands there, but was complained of. */
static bool was_refused(struct map_load *load, const char *name)
{
	return line_of(load, name) &&
	       !db_int(load->db, 0, "SELECT 1 FROM map_settings WHERE setting = ?", "t", name);
}

static void check_start(struct map_load *load)
{
	static const char date[] = "orders.start_date", id[] = "orders.start_id";

	if (was_refused(load, date) || was_refused(load, id))
		return;
	if (is_empty(load, date) && is_empty(load, id))
		map_complain(
			load, line_of(load, date), date,
			"say from when on orders are imported: a moment like"
			" 2026-01-01T00:00:00Z or the word everything (or set orders.start_id)");
}

#define OLD_DAYS    60
#define USUAL_LIMIT 5000 /* of limits.*, the last stops */

/* Before the first order is sent: how far back it goes, and what that brings. */
static void check_old_start(struct map_load *load)
{
	static const char date[] = "orders.start_date";
	int64_t start = setting_int(load->db, date, 0), days = (clock_now() / 1000 - start) / 86400;

	if (!start || days <= OLD_DAYS ||
	    db_int(load->db, 0, "SELECT reference IS NOT NULL FROM binding", "") ||
	    setting_is(load->db, "orders.enabled", "no"))
		return;
	int64_t count = db_int(load->db, 0,
			       "SELECT count(*) FROM stg_bc_order WHERE date_created >= ?", "i",
			       start);
	if (count)
		map_warn(load, line_of(load, date), date,
			 "is %lld days ago: %lld orders placed since then are known so far",
			 (long long)days, (long long)count);
	else
		map_warn(
			load, line_of(load, date), date,
			"is %lld days ago: all orders placed since then are brought over; ./run.sh plan"
			" orders tells how many",
			(long long)days);
}

static void check_reference(struct map_load *load)
{
	static const char name[] = "orders.reference";
	char *frozen = db_text(load->db, "SELECT reference FROM binding", "");
	char *value = setting_text(load->db, name);

	if (!line_of(load, name))
		map_complain(load, 0, name, "is missing: add a line like %s,BC-", name);
	else if (frozen && *value && strcmp(frozen, value) != 0)
		map_complain(load, line_of(load, name), name,
			     "orders were already sent as \"%s...\", so it must"
			     " stay \"%s\": another prefix would import them a second time",
			     frozen, frozen);
	free(frozen);
	free(value);
}

/* A number that was shipped once and was never chosen: it counts as what is shipped now. */
static void outgrow(struct map_load *load, const char *name, int64_t shipped, const char *because)
{
	const char *now = setting_find(name)->otherwise;

	map_warn(load, line_of(load, name), name,
		 "is %lld, which an older version shipped: it counts as %s, %s. Write %s, or any"
		 " other number to have that",
		 (long long)shipped, now, because, now);
	store(load, name, now, line_of(load, name));
}

/* Older versions shipped limits that a busy day exceeds, and meant another thing by the last. */
static void check_limits(struct map_load *load)
{
	static const struct {
		const char *name, *job;
		int64_t shipped;
	} limits[] = {{"limits.orders", "orders", 500},
		      {"limits.contacts", "customers", 500},
		      {"limits.shipments", "fulfillment", 300},
		      {"limits.statuses", "statuses", 300}};
	static const char risen[] = "limits.stock_changed_percent";

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		const char *name = limits[i].name;
		int64_t limit = setting_int(load->db, name, USUAL_LIMIT);
		if (!line_of(load, name) || limit >= USUAL_LIMIT)
			continue;
		if (limit == limits[i].shipped)
			outgrow(load, name, limit, "so that a busy day is not held");
		else
			map_warn(load, line_of(load, name), name,
				 "is %lld: a run that would send more sends nothing until you raise"
				 " it (%d is usual) or free it once by --allow-large %s",
				 (long long)limit, USUAL_LIMIT, limits[i].job);
	}
	int64_t percent = setting_int(load->db, risen, 5);
	if (percent == 40 && line_of(load, risen))
		outgrow(load, risen, percent,
			"since it no longer means all changes, but the SKUs that rise to more than"
			" limits.factor times what they were");
	else if (percent > 40)
		map_warn(
			load, line_of(load, risen), risen,
			"is %lld percent: it means no longer all changes, but the SKUs that rise to"
			" more than limits.factor times what they were; 5 is usual",
			(long long)percent);
}

static void check_features(struct map_load *load)
{
	bool lists_read = db_int(load->db, 0,
				 "SELECT 1 FROM ref_list WHERE system = 'brightpearl'"
				 " AND list = 'order_status' LIMIT 1",
				 "");
	bool notes = setting_is(load->db, "notes.to_brightpearl.enabled", "yes") ||
		     setting_is(load->db, "notes.to_bigcommerce.enabled", "yes");

	if (lists_read && setting_is(load->db, "fulfillment.trigger", "order_status") &&
	    is_empty(load, "fulfillment.statuses") && !was_refused(load, "fulfillment.statuses"))
		map_complain(load, line_of(load, "fulfillment.statuses"), "fulfillment.statuses",
			     "name the Brightpearl order statuses that mean \"shipped\", split by "
			     "|, since"
			     " fulfillment.trigger is order_status");
	char *customer = setting_text(load->db, "notes.customer_field");
	if (*customer && setting_is(load->db, "notes.staff_field", customer))
		map_complain(load, line_of(load, "notes.staff_field"), "notes.staff_field",
			     "notes.customer_field names the same custom field: each note needs "
			     "one of its own");
	free(customer);
	if (notes && is_empty(load, "notes.customer_field") && is_empty(load, "notes.staff_field"))
		map_warn(load, line_of(load, "notes.customer_field"), "notes.customer_field",
			 "notes are switched on, but neither this nor notes.staff_field names a "
			 "Brightpearl"
			 " custom field: no note will be carried");
}

void map_settings_end(struct map_load *load)
{
	if (load->lines || !load->complaints) { /* else the file could not be read at all */
		check_start(load);
		check_old_start(load);
		check_limits(load);
		check_reference(load);
		check_features(load);
	}
	STMT put = db_prepare(
		load->db,
		"INSERT INTO map_settings(setting, value, line) VALUES(:setting, :value, 0)"
		" ON CONFLICT DO NOTHING");
	for (const struct setting *s = settings; s->name; s++) {
		bind(put, ":setting", s->name);
		bind(put, ":value", s->otherwise);
		stmt_run(put);
	}
}
