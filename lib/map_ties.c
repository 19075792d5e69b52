#include "lib/map_parts.h"

#include "lib/buf.h"
#include "lib/die.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of two lines that select the same record, the one with more named cells wins; where both name as
 * many, an exact cell beats a prefix and a longer prefix a shorter one.  Column `named` is that rank
 * as one number: so many named cells times NAMED, plus how exact each of them is. */
#define NAMED 1000
#define EXACT 100

#define MOST_WORK                                                                                  \
	50000000     /* comparisons of lines; a file made to be slow is not checked to the end */
#define MOST_TIES 50 /* complaints in one file */

int64_t map_tie_named(const struct map_line *line)
{
	int64_t named = 0;

	for (int i = 0; line->columns[i].name; i++) {
		const struct map_cell *cell = line->cells + i;
		if (!map_cell_selects(line->columns + i) || cell->match == MAP_ANY)
			continue;
		size_t length = strlen(cell->matches);
		named += NAMED + (cell->match == MAP_EXACT ? EXACT
				  : length < EXACT         ? (int)length
							   : EXACT - 1);
	}
	return named;
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

/* `from` selects too, though it takes no "*". */
void map_tie_add(struct map_load *load, const struct map_line *line, int64_t named)
{
	if (load->selector_count > MAP_MAX_SELECTING)
		return; /* map_tie_check will say so */
	if (load->selector_count == load->selector_room) {
		load->selector_room = load->selector_room ? load->selector_room * 2 : 64;
		load->selectors = xrealloc(load->selectors,
					   (size_t)load->selector_room * sizeof *load->selectors);
	}
	struct map_selector *s = load->selectors + load->selector_count++;
	*s = (struct map_selector){.line = line->number, .named = named};
	for (int i = 0; line->columns[i].name; i++)
		if (!strcmp(line->columns[i].name, "becomes"))
			s->open = load->file->empty_becomes && *load->file->empty_becomes == '(' &&
				  load->file->empty_becomes[1] == 'h' && !*line->typed[i];
	for (int i = 0; line->columns[i].name; i++)
		if (line->columns[i].key) {
			const struct map_cell *cell = line->cells + i;
			s->cells[s->count++] = (struct map_cell){copy(cell->text), NULL,
								 copy(cell->other), cell->match,
								 copy(cell->matches)};
		}
}

static bool begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static bool same_thing(const struct map_cell *a, const struct map_cell *b)
{
	if (a->other && b->other)
		return !strcmp(a->other, b->other);
	return !strcmp(a->matches, b->matches);
}

/* Everything that b matches, a matches too. */
static bool covers(const struct map_cell *a, const struct map_cell *b)
{
	if (a->match == MAP_ANY || b->match == MAP_ANY)
		return a->match == MAP_ANY;
	if (a->match == MAP_PREFIX)
		return begins(b->matches, a->matches);
	return b->match == MAP_EXACT && same_thing(a, b);
}

static bool line_covers(const struct map_selector *a, const struct map_selector *b)
{
	for (int i = 0; i < a->count; i++)
		if (!covers(a->cells + i, b->cells + i))
			return false;
	return true;
}

/* Of two cells that have something in common, the narrower one is what they have in common. */
static bool overlap(const struct map_selector *a, const struct map_selector *b,
		    struct map_selector *common)
{
	common->count = a->count;
	for (int i = 0; i < a->count; i++)
		if (covers(a->cells + i, b->cells + i))
			common->cells[i] = b->cells[i];
		else if (covers(b->cells + i, a->cells + i))
			common->cells[i] = a->cells[i];
		else
			return false;
	return true;
}

/* A third line that wins wherever the two meet. */
static bool is_settled(const struct map_load *load, const struct map_selector *a,
		       const struct map_selector *common)
{
	for (int i = 0; i < load->selector_count; i++)
		if (load->selectors[i].named > a->named && line_covers(load->selectors + i, common))
			return true;
	return false;
}

/* "currency GBP, country DE" */
static char *describe(const struct map_file *file, const struct map_selector *common)
{
	struct buf text = buf_new(2000);
	int key = 0;

	for (const struct map_column *c = file->columns; c->name; c++)
		if (c->key && common->cells[key++].match != MAP_ANY)
			buf_printf(&text, "%s%s %.100s", text.size ? ", " : "", c->name,
				   common->cells[key - 1].text);
	return buf_take(&text);
}

static void complain_of(struct map_load *load, const struct map_selector *a,
			const struct map_selector *b, const struct map_selector *common)
{
	char *both = describe(load->file, common);
	map_complain(load, b->line, "",
		     "ties with line %d: both select %s and neither is more exact; add a line"
		     " for just that, or change one of the two",
		     a->line, both);
	free(both);
}

/* A line that names nothing yet is replaced by one that does: so advice can be put at the end. */
static void replace_open(struct map_load *load, const struct map_selector *a,
			 const struct map_selector *b)
{
	const struct map_selector *open = a->open ? a : b, *other = a->open ? b : a;
	char *sql = xasprintf("DELETE FROM map_%.*s WHERE line = ?",
			      (int)strcspn(load->file->name, "."), load->file->name);

	db_run(load->db, sql, "i", (int64_t)open->line);
	free(sql);
	map_warn(load, open->line, "", "names nothing, so line %d counts: delete this one",
		 other->line);
}

/* Compares two lines; true when a complaint was made. */
static bool compare(struct map_load *load, const struct map_selector *a,
		    const struct map_selector *b, long *work)
{
	struct map_selector common;

	bool a_wider = line_covers(a, b), b_wider = line_covers(b, a);
	if (a_wider && b_wider && a->open != b->open) {
		replace_open(load, a, b);
		return true;
	}
	if (a_wider && b_wider) {
		map_complain(load, b->line, "",
			     "selects the same as line %d: delete one of the two", a->line);
		return true;
	}
	if (a->named / NAMED != b->named / NAMED || a_wider || b_wider || !overlap(a, b, &common))
		return false;
	*work -= load->selector_count;
	if (is_settled(load, a->named > b->named ? a : b, &common))
		return false;
	complain_of(load, a, b, &common);
	return true;
}

static void compare_all(struct map_load *load)
{
	long work = MOST_WORK;
	int ties = 0;

	for (int later = 1; later < load->selector_count; later++)
		for (int i = 0; i < later; i++) {
			if (--work < 0 || ties == MOST_TIES) {
				map_warn(load, 0, "",
					 "not every line was compared with every other one");
				return;
			}
			if (compare(load, load->selectors + i, load->selectors + later, &work)) {
				ties++;
				break; /* one complaint a line */
			}
		}
}

/* The list that a key column names in that line; false = free text, or no list. */
static bool list_of(const struct map_load *load, const struct map_selector *line, int key,
		    const char **system, char *name, size_t size)
{
	const struct map_column *c = load->file->columns;

	for (int i = 0; c->name; c++)
		if (c->key && i++ == key)
			break;
	if (!c->name || c->type != MAP_LIST)
		return false;
	const char *bar = strchr(c->list, '|');
	bool from = bar && line->cells[0].text && !strcmp(line->cells[0].text, "brightpearl");
	*system = !bar ? c->system : from ? "brightpearl" : "bigcommerce";
	snprintf(name, size, "%.*s", bar && !from ? (int)(bar - c->list) : 100,
		 from ? bar + 1 : c->list);
	return *name;
}

static bool wins(const struct map_load *load, const struct map_selector *line,
		 const struct map_selector *record)
{
	for (int i = 0; i < load->selector_count; i++)
		if (load->selectors[i].named > line->named &&
		    line_covers(load->selectors + i, record))
			return true;
	return false;
}

/* A prefix of a list's names: is any left for which no other line wins? */
static void check_prefix(struct map_load *load, const struct map_selector *line, int key)
{
	struct map_selector record = *line;
	const char *system;
	char list[40];
	int names = 0, left = 0;

	if (!list_of(load, line, key, &system, list, sizeof list))
		return;
	STMT row = db_prepare(load->db, "SELECT id, name_fold FROM ref_list WHERE system = :system"
					" AND list = :list");
	bind(row, ":system", system);
	bind(row, ":list", list);
	while (stmt_row(row)) {
		if (!begins(col_text(row, 1), line->cells[key].matches))
			continue;
		names++;
		record.cells[key] = (struct map_cell){
			.other = xstrdup(col_text(row, 0)),
			.match = MAP_EXACT,
			.matches = xstrdup(col_text(row, 1)),
		};
		left += !wins(load, line, &record);
		map_cell_free(&record.cells[key]);
	}
	if (names && !left)
		map_warn(load, line->line, "",
			 "does nothing: every name that begins with \"%s\" has a line of its own",
			 line->cells[key].matches);
}

static void check_shadows(struct map_load *load)
{
	for (int i = 0; i < load->selector_count; i++)
		for (int key = 0; key < load->selectors[i].count; key++)
			if (load->selectors[i].cells[key].match == MAP_PREFIX)
				check_prefix(load, load->selectors + i, key);
}

void map_tie_check(struct map_load *load)
{
	if (load->selector_count > MAP_MAX_SELECTING)
		map_complain(
			load, 0, "",
			"more than %d lines: use * and prefixes like FedEx* to select many at once",
			MAP_MAX_SELECTING);
	else {
		compare_all(load);
		check_shadows(load);
	}
	for (int i = 0; i < load->selector_count; i++)
		for (int c = 0; c < load->selectors[i].count; c++)
			map_cell_free(load->selectors[i].cells + c);
	free(load->selectors);
	load->selectors = NULL;
	load->selector_count = load->selector_room = 0;
}
