#include "lib/map_cells.h"

#include "lib/buf.h"
#include "lib/country.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/money.h"
#include "lib/sheet.h"
#include "lib/words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum star { NO_STAR, TAKEN, WRONG };

/* Text as a LIKE pattern (escape \). */
static char *pattern(const char *text, const char *end)
{
	struct buf result = buf_new(3 * strlen(text) + 3);

	for (; *text; text++) {
		if (strchr("%_\\", *text))
			buf_text(&result, "\\");
		buf_add(&result, text, 1);
	}
	buf_text(&result, end);
	return buf_take(&result);
}

static enum star match_all(struct map_reading *r)
{
	map_cell_set(&r->cell->text, xstrdup("*"));
	map_cell_set(&r->cell->like, xstrdup("%"));
	r->cell->match = MAP_ANY;
	return TAKEN;
}

static void match_exactly(struct map_reading *r, const char *folded)
{
	r->cell->match = MAP_EXACT;
	map_cell_set(&r->cell->matches, xstrdup(folded));
}

static enum star match_prefix(struct map_reading *r)
{
	char *prefix = xstrdup(r->folded);

	prefix[strcspn(prefix, "*")] = 0;
	map_cell_set(&r->cell->text, xstrdup(r->typed));
	map_cell_set(&r->cell->like, pattern(prefix, "%"));
	r->cell->match = MAP_PREFIX;
	map_cell_set(&r->cell->matches, prefix);
	return TAKEN;
}

/* "*", an empty cell, and "FedEx*". */
static enum star read_star(struct map_reading *r, bool prefixes)
{
	const char *star = strchr(r->folded, '*');

	if (!map_cell_selects(r->column))
		return NO_STAR;
	if (!*r->folded || !strcmp(r->folded, "*"))
		return match_all(r);
	if (!star)
		return NO_STAR;
	if (!prefixes)
		MAP_CELL_WRONG(r, "\"%s\": here * stands alone, for all; write it in full, or *",
			       r->typed);
	else if (star[1])
		MAP_CELL_WRONG(r, "\"%s\": * may stand only at the end, as in FedEx*, or alone",
			       r->typed);
	else
		return match_prefix(r);
	return WRONG;
}

static bool is_word(const struct map_reading *r)
{
	const char *words = r->column->words;
	const char *found = words && *r->folded == '(' ? strstr(words, r->folded) : NULL;
	return found && found[strlen(r->folded) - 1] == ')';
}

static bool read_thing(struct map_reading *r)
{
	char *id, *name;

	if (!map_cell_resolve(r, r->typed, &id, &name)) {
		free(id);
		free(name);
		return false;
	}
	/* a thing known by its id is matched by that alone */
	map_cell_set(&r->cell->like, id ? xstrdup("") : pattern(r->folded, ""));
	map_cell_set(&r->cell->other, id);
	match_exactly(r, name ? name : r->folded);
	free(name);
	return true;
}

bool map_select_text(struct map_reading *r)
{
	enum star star = read_star(r, true);

	if (star != NO_STAR)
		return star == TAKEN;
	if (r->column->key && sheet_damage(r->folded) == SHEET_ERROR)
		return MAP_CELL_WRONG(r, "\"%s\" is the error of a formula in a spreadsheet",
				      r->typed);
	map_cell_set(&r->cell->like, pattern(r->folded, ""));
	match_exactly(r, r->folded);
	return true;
}

static bool read_word(struct map_reading *r)
{
	bool both = strstr(r->column->words, "(same)"); /* "(same)" one way, "(leave)" the other */
	bool hold = !strcmp(r->folded, "(hold)");

	if (both && !hold && !strcmp(r->folded, "(same)") != r->line->from_brightpearl)
		return MAP_CELL_WRONG(
			r, "%s is for lines from %s: write %s, or leave the cell empty", r->folded,
			r->line->from_brightpearl ? "BigCommerce" : "Brightpearl",
			r->line->from_brightpearl ? "(same)" : "(leave)");
	if (r->column->key) { /* (guest) */
		map_cell_set(&r->cell->like, xstrdup(""));
		map_cell_set(&r->cell->other, xstrdup("-1"));
		match_exactly(r, r->folded);
	} else /* where there are two, they say what an empty cell says */
		map_cell_set(&r->cell->text, xstrdup(hold || !both ? r->folded : ""));
	return true;
}

static bool is_misplaced_word(const struct map_reading *r)
{
	return !strcmp(r->folded, "(same)") || !strcmp(r->folded, "(leave)") ||
	       !strcmp(r->folded, "(hold)");
}

bool map_select_list(struct map_reading *r)
{
	struct map_cell_list list = map_cell_list(r);
	enum star star = read_star(r, true);

	if (star != NO_STAR)
		return star == TAKEN;
	if (!strcmp(r->folded, "*") && r->column->key && !r->column->required) {
		map_cell_set(&r->cell->text, xstrdup("")); /* of an exact key: as if empty */
		return true;
	}
	if (is_word(r))
		return read_word(r);
	if (is_misplaced_word(r))
		return MAP_CELL_WRONG(r, "%s cannot stand here%s%s", r->folded,
				      r->column->words ? ", only " : "",
				      r->column->words ? r->column->words : "");
	if (!*list.name)
		return map_select_text(r);
	return !*r->typed || read_thing(r);
}

bool map_select_rate(struct map_reading *r)
{
	char number[32];
	int64_t units;

	if (!*r->typed || !strcmp(r->typed, "*")) {
		r->cell->match = MAP_ANY;
		return true;
	}
	size_t length = strcspn(r->folded, " %");
	snprintf(number, sizeof number, "%.*s", length < 20 ? (int)length : 0, r->folded);
	char *comma = strchr(number, ',');
	if (comma)
		*comma = '.';
	const char *rest = r->folded + length;
	rest += *rest == ' ';
	bool fine = isdigit((unsigned char)*number) && !strchr(number, 'e') &&
		    money_parse(number, &units);
	if (!fine || (*rest && strcmp(rest, "%") != 0) || units > 1000 * MONEY_UNIT)
		return MAP_CELL_WRONG(
			r, "must be a percentage like 20, 20 %% or 17.5, or * for any, not \"%s\"",
			r->typed);
	map_cell_set(&r->cell->other, xasprintf("%lld", (long long)units));
	match_exactly(r, r->cell->other);
	return true;
}

bool map_select_choice(struct map_reading *r)
{
	enum star star = read_star(r, false);

	if (star != NO_STAR)
		return star == TAKEN;
	if (!*r->folded) {
		map_cell_set(&r->cell->text, xstrdup(""));
		return true;
	}
	char *found = words_find(r->column->words, r->folded);
	if (!found) {
		char *allowed = words_spoken(r->column->words),
		     *near = words_suggest(r->column->words, r->typed);
		MAP_CELL_WRONG(r, "must be %s%s, not \"%s\"%s", allowed,
			       map_cell_selects(r->column) ? ", or * for all" : "", r->typed, near);
		free(allowed);
		free(near);
		return false;
	}
	free(found);
	map_cell_set(&r->cell->text, xstrdup(r->folded));
	map_cell_set(&r->cell->like, pattern(r->folded, ""));
	match_exactly(r, r->folded);
	return true;
}

bool map_select_country(struct map_reading *r)
{
	enum star star = read_star(r, false);

	if (star != NO_STAR)
		return star == TAKEN;
	const char *code = country_iso2(r->typed);
	if (!code) {
		char *near = country_nearest(r->typed);
		MAP_CELL_WRONG(
			r,
			"there is no country \"%s\"%s%s%s: write its two letters, as in GB, or its"
			" English name",
			r->typed, near ? " (did you mean \"" : "", near ? near : "",
			near ? "\"?)" : "");
		free(near);
		return false;
	}
	map_cell_set(&r->cell->like, fold(code));
	match_exactly(r, r->cell->like);
	return true;
}

bool map_select_currency(struct map_reading *r)
{
	enum star star = read_star(r, false);

	if (star != NO_STAR)
		return star == TAKEN;
	if (strspn(r->folded, "abcdefghijklmnopqrstuvwxyz") != 3 || strlen(r->folded) != 3)
		return MAP_CELL_WRONG(
			r,
			"\"%s\" is no currency: write its three letters, as in GBP, or * for all",
			r->typed);
	for (char *p = r->cell->text; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	map_cell_set(&r->cell->like, xstrdup(r->folded));
	match_exactly(r, r->folded);
	return true;
}
