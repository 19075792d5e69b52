#include "lib/map_lists.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/nearest.h"
#include "lib/plain.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN 8 /* names listed when no suggestion is near */

static const struct map_list titles[] = {
	{"status", "order status", "order statuses", false, false},
	{"order_status", "order status", "order statuses", false, false},
	{"channel", "channel", "channels", false, false},
	{"customer_group", "customer group", "customer groups", false, false},
	{"tax_class", "tax class", "tax classes", false, false},
	{"location", "location", "locations", false, false},
	{"warehouse", "warehouse", "warehouses", false, false},
	{"price_list", "price list", "price lists", false, false},
	{"tax_code", "tax code", "tax codes", true, false},
	{"shipping_method", "shipping method", "shipping methods", false, false},
	{"payment_method", "payment method", "payment methods", true, false},
	{"custom_field", "custom field", "custom fields", true, false},
	{"currency", "currency", "currencies", true, false},
	{"lead_source", "lead source", "lead sources", false, true},
	{"project", "project", "projects", false, true},
};

const struct map_list *map_list_title(const char *list)
{
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (!strcmp(titles[i].list, list))
			return titles + i;
	bug("no list is called %s", list);
}

const char *map_system_title(const char *system)
{
	return strcmp(system, "bigcommerce") ? "Brightpearl" : "BigCommerce";
}

static void offer(struct nearest *search, const char *text)
{
	char *folded = fold(text);
	nearest_offer(search, folded, text);
	free(folded);
}

/* A name, or where ids were asked for or are codes, the id and then the name. */
static void show(struct buf *names, const char *name, const char *id, bool ids, bool codes)
{
	buf_text(names, names->size ? ", " : "");
	if (ids || codes)
		buf_printf(names, "%s%s", ids ? "id:" : "", id);
	if (!ids && !codes)
		buf_printf(names, "\"%.99s\"", name);
	else if (strcmp(id, name) != 0)
		buf_printf(names, " (%.99s)", name);
}

char *map_list_suggest(struct db *db, const char *system, const char *list, const char *folded,
		       bool usable)
{
	struct nearest search = nearest_begin(folded);
	bool codes = map_list_title(list)->codes, ids = !strncmp(folded, "id:", 3);
	BUF names = buf_new(4000);
	int count = 0;

	STMT row = db_prepare(
		db, "SELECT name, id FROM ref_list WHERE system = :system AND list = :list"
		    " AND usable >= :least ORDER BY length(id), id");
	bind(row, ":system", system);
	bind(row, ":list", list);
	bind(row, ":least", usable);
	while (stmt_row(row)) {
		if (!ids)
			offer(&search, col_text(row, 0));
		if (codes)
			offer(&search, col_text(row, 1));
		if (count++ < SHOWN)
			show(&names, col_text(row, 0), col_text(row, 1), ids, codes);
	}
	if (search.best[0])
		return xasprintf(" (did you mean \"%s\"?)", search.best);
	if (!count)
		return xstrdup(": its list is empty");
	if (count > SHOWN)
		return xasprintf(": it has %s and %d more", names.data, count - SHOWN);
	return xasprintf(": it has %s", names.data);
}

#define WIDTH 100 /* of a line of names */

static int letters(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

/* A name as it would be written in a cell; its id beside it where that is a code, or the name is not
 * the only one. */
static sqlite3_stmt *choose_names(struct db *db, const char *system, const char *list)
{
	sqlite3_stmt *st = db_prepare(
		db, "SELECT CASE WHEN :codes AND name <> id THEN id || ' (' || name || ')'"
		    "  WHEN count(*) OVER (PARTITION BY name_fold) > 1 AND NOT :codes"
		    "  THEN name || ' (id:' || id || ')' ELSE name END FROM ref_list"
		    " WHERE system = :system AND list = :list AND usable ORDER BY name_fold, id");

	bind(st, ":codes", (int64_t)map_list_title(list)->codes);
	bind(st, ":system", system);
	bind(st, ":list", list);
	return st;
}

char *map_list_columns(struct db *db, const char *system, const char *list)
{
	struct buf text = buf_new(4 << 20);
	int widest = 0, at = 0;

	{
		STMT st = choose_names(db, system, list);
		while (stmt_row(st))
			widest = letters(col_text(st, 0)) > widest ? letters(col_text(st, 0))
								   : widest;
	}
	int columns = widest + 2 < WIDTH ? WIDTH / (widest + 2) : 1;
	STMT st = choose_names(db, system, list);
	for (int last = 0; stmt_row(st); at++) {
		if (at % columns)
			buf_printf(&text, "%*s", widest + 2 - last, "");
		else
			buf_text(&text, at ? "\n  " : "  ");
		plain_add(&text, col_text(st, 0), strlen(col_text(st, 0)), PLAIN_LINE);
		last = letters(col_text(st, 0));
	}
	buf_text(&text, at ? "\n" : "  (none)\n");
	return buf_take(&text);
}
