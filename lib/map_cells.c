#include "lib/map_cells.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/map_resolve.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void map_cell_free(struct map_cell *cell)
{
	free(cell->text);
	free(cell->like);
	free(cell->other);
	free(cell->matches);
	*cell = (struct map_cell){0};
}

bool map_cell_selects(const struct map_column *column)
{
	return column->key && !column->exact;
}

void map_cell_set(char **field, char *value)
{
	free(*field);
	*field = value;
}

struct map_cell_list map_cell_list(const struct map_reading *r)
{
	struct map_cell_list list = {.system = r->column->system};
	const char *names = r->column->list, *bar = strchr(names, '|');

	if (bar) { /* one for each side */
		bool brightpearl = r->line->from_brightpearl == !strcmp(list.system, "from");
		list.system = brightpearl ? "brightpearl" : "bigcommerce";
		if (brightpearl)
			names = bar + 1;
	}
	snprintf(list.name, sizeof list.name, "%.*s", (int)strcspn(names, "|"), names);
	return list;
}

bool map_cell_resolve(struct map_reading *r, const char *typed, char **id, char **name)
{
	struct map_cell_list list = map_cell_list(r);
	struct map_thing thing = map_resolve(r->load->db, list.system, list.name, typed,
					     !r->column->key);
	bool fine = thing.found != MAP_WRONG;

	if (!fine)
		MAP_CELL_WRONG(r, "%s", thing.message);
	else if (thing.found == MAP_UNCHECKED)
		map_warn_once(r->load, r->line->number, r->column->name, thing.message);
	else if (thing.message)
		map_warn(r->load, r->line->number, r->column->name, "%s", thing.message);
	*id = thing.id;
	*name = thing.name;
	thing.id = thing.name = NULL;
	map_thing_free(&thing);
	return fine;
}

static const char *yesno(const char *folded)
{
	static const char *const words[][2] = {
		{"yes", "yes"}, {"true", "yes"}, {"1", "yes"},
		{"no", "no"},   {"false", "no"}, {"0", "no"},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(folded, words[i][0]))
			return words[i][1];
	return NULL;
}

static bool read_yesno(struct map_reading *r)
{
	const char *word = yesno(r->folded);

	if (*r->typed && !word)
		return MAP_CELL_WRONG(r, "must be yes or no, not \"%s\"", r->typed);
	map_cell_set(&r->cell->text, word ? xstrdup(*word == 'y' ? "1" : "0") : NULL);
	return true;
}

static bool read_sync(struct map_reading *r)
{
	bool hold = !strcmp(r->folded, "hold") || !strcmp(r->folded, "(hold)");
	const char *word = hold ? "hold" : yesno(r->folded);

	if (*r->typed && !word)
		return MAP_CELL_WRONG(r, "must be yes, no (left out) or hold, not \"%s\"",
				      r->typed);
	map_cell_set(&r->cell->text, xstrdup(word ? word : ""));
	return true;
}

static bool read_update(struct map_reading *r)
{
	static const char *const words[] = {"", "registered", "all", "fill_empty", "no"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(r->folded, words[i])) {
			map_cell_set(&r->cell->text, xstrdup(words[i]));
			return true;
		}
	return MAP_CELL_WRONG(r, "must be registered, all, fill_empty or no, not \"%s\"", r->typed);
}

static bool is_count(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return digits && digits <= 9 && !text[digits];
}

static bool read_count(struct map_reading *r)
{
	if (*r->typed && !is_count(r->typed))
		return MAP_CELL_WRONG(r, "must be a whole number, 0 or more, not \"%s\"", r->typed);
	if (!*r->typed)
		map_cell_set(&r->cell->text, r->column->words ? xstrdup(r->column->words) : NULL);
	return true;
}

/* Whether a product has it, and whether a spreadsheet has damaged it, is told by map_skus.c. */
static bool read_sku(struct map_reading *r)
{
	if (!strcmp(r->typed, "*"))
		return MAP_CELL_WRONG(r, "* cannot stand here: this file lists single products");
	map_cell_set(&r->cell->other, xstrdup(r->folded));
	return true;
}

static bool read_id(struct map_reading *r)
{
	map_cell_set(&r->cell->other, map_bare_id(r->typed));
	if (*r->typed && !r->cell->other)
		return MAP_CELL_WRONG(
			r,
			"\"%s\" is no id: Brightpearl offers no list of these, so write the"
			" number that it shows, as in 7",
			r->typed);
	return true;
}

static bool read_reserve(struct map_reading *r)
{
	bool no = !*r->folded || !strcmp(r->folded, "no") || !strcmp(r->folded, "false") ||
		  !strcmp(r->folded, "0");
	if (!no && !is_count(r->folded))
		return MAP_CELL_WRONG(
			r,
			"must be 1, 2, ... in the order in which warehouses are tried, or no,"
			" not \"%s\"",
			r->typed);
	map_cell_set(&r->cell->text, no ? NULL : xstrdup(r->folded));
	return true;
}

/* Here 1 and 0 are quantities, not yes and no. */
static bool read_publish(struct map_reading *r)
{
	if (is_count(r->folded)) {
		map_cell_set(&r->cell->text, xstrdup("fixed"));
		map_cell_set(&r->cell->other, xstrdup(r->folded));
		return true;
	}
	bool yes = !strcmp(r->folded, "yes") || !strcmp(r->folded, "true");
	if (!yes && strcmp(r->folded, "no") != 0 && strcmp(r->folded, "false") != 0)
		return MAP_CELL_WRONG(
			r,
			"must be yes, no (its stock is never touched) or a fixed quantity, not"
			" \"%s\"",
			r->typed);
	map_cell_set(&r->cell->text, xstrdup(yes ? "yes" : "no"));
	return true;
}

static bool read_statuses(struct map_reading *r)
{
	struct buf ids = buf_new(20000);
	char *names = xstrdup(r->typed), *rest = names;
	bool fine = true;

	for (char *one; (one = strsep(&rest, "|"));) {
		char *id = NULL, *name = NULL;
		if (*fold_trim(one))
			fine &= map_cell_resolve(r, one, &id, &name);
		if (id)
			buf_printf(&ids, "%s%s|", ids.size ? "" : "|", id);
		free(id);
		free(name);
	}
	free(names);
	map_cell_set(&r->cell->text, buf_take(&ids));
	return fine;
}

static bool read_nothing(struct map_reading *r)
{
	(void)r;
	return true;
}

bool map_cell_read(struct map_load *load, struct map_line *line, int column)
{
	static bool (*const readers[])(struct map_reading *) = {
		[MAP_TEXT] = map_select_text,
		[MAP_LIST] = map_select_list,
		[MAP_CHOICE] = map_select_choice,
		[MAP_COUNTRY] = map_select_country,
		[MAP_CURRENCY] = map_select_currency,
		[MAP_RATE] = map_select_rate,
		[MAP_YESNO] = read_yesno,
		[MAP_SYNC] = read_sync,
		[MAP_UPDATE] = read_update,
		[MAP_COUNT] = read_count,
		[MAP_SKU] = read_sku,
		[MAP_ID] = read_id,
		[MAP_RESERVE] = read_reserve,
		[MAP_PUBLISH] = read_publish,
		[MAP_STATUSES] = read_statuses,
		[MAP_SETTING] = read_nothing,
		[MAP_VALUE] = read_nothing,
	};
	struct map_reading r = {load,
				line,
				line->columns + column,
				line->typed[column],
				fold(line->typed[column]),
				line->cells + column};
	bool fine;

	map_cell_set(&r.cell->text, xstrdup(r.typed));
	if (r.column->required && !*r.typed)
		fine = MAP_CELL_WRONG(&r, "must not be empty%s",
				      map_cell_selects(r.column) ? ": write * for all" : "");
	else
		fine = readers[r.column->type](&r);
	free(r.folded);
	return fine;
}
