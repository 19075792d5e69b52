/* One cell while it is read; shared by map_cells.c (types of one value) and map_select.c (types that
 * may select records, so that "*" and prefixes count).
 */
#ifndef LIB_MAP_CELLS_H
#define LIB_MAP_CELLS_H

#include "lib/map_parts.h"

struct map_reading {
	struct map_load *load;
	const struct map_line *line;
	const struct map_column *column;
	const char *typed;
	char *folded;
	struct map_cell *cell;
};

/* Complains of the cell; always false. */
#define MAP_CELL_WRONG(r, ...)                                                                     \
	map_complain((r)->load, (r)->line->number, (r)->column->name, __VA_ARGS__)

void map_cell_set(char **field, char *value); /* takes over value in place of what was there */

/* The list that the column names in this line; name "" = free text. */
struct map_cell_list {
	const char *system;
	char name[24];
};
struct map_cell_list map_cell_list(const struct map_reading *);

/* Look a name up in the list of the column; *id and *name (today's, folded) are malloc'ed, or NULL
 * when the list was never read.  False after complaining. */
bool map_cell_resolve(struct map_reading *, const char *typed, char **id, char **name);

/* The types that may select. */
bool map_select_text(struct map_reading *);
bool map_select_list(struct map_reading *);
bool map_select_choice(struct map_reading *);
bool map_select_country(struct map_reading *);
bool map_select_currency(struct map_reading *);
bool map_select_rate(struct map_reading *);

#endif
