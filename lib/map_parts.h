/* What the map_ modules share while files are loaded; nobody else includes this.
 *
 *   map.c         files and lines, in turn
 *   map_header.c  the first line, and whose each cell is
 *   map_cells.c, map_select.c  one cell: text -> what is stored, by the column's type
 *   map_rules.c   what one file demands of a whole line
 *   map_settings.c  settings.csv
 *   map_ties.c    two lines of one file that select the same records
 *   map_check.c, map_skus.c  what can be said only when a whole file is in its table
 *
 * A cell's worth is kept as text: STRICT tables turn it into the column's type.
 */
#ifndef LIB_MAP_PARTS_H
#define LIB_MAP_PARTS_H

#include "lib/csv.h"
#include "lib/map.h"

#define MAP_MAX_COLUMNS    16
#define MAP_MAX_COMPLAINTS 1000 /* of one file that are kept */
#define MAP_MAX_SELECTING  5000 /* lines of a file whose lines can tie */

enum map_match { MAP_ANY, MAP_PREFIX, MAP_EXACT };

/* A cell as read.  Strings are malloc'ed, NULL where there is nothing. */
struct map_cell {
	char *text;  /* column X of the table */
	char *like;  /* X_like */
	char *other; /* X_id, X_fold, X_units or fixed */
	enum map_match match;
	char *matches; /* folded: the whole of it, or the prefix; NULL for MAP_ANY */
};

struct map_line {
	int number;
	const struct map_column *columns;
	const char
		*typed[MAP_MAX_COLUMNS]; /* by column; "" where the line or the header is short */
	struct map_cell cells[MAP_MAX_COLUMNS];
	bool from_brightpearl;        /* its `from` column */
	bool failed[MAP_MAX_COLUMNS]; /* complained of */
};

/* A line that selects, kept for comparing it with the others. */
struct map_selector {
	int line, count;
	bool open; /* names nothing yet: another line that selects the same takes its place */
	int64_t named;
	struct map_cell cells[MAP_MAX_COLUMNS]; /* of the key columns; without like */
};

struct map_load {
	struct db *db;
	const struct map_file *file;     /* being read */
	int lines, complaints, warnings; /* of that file */
	int stops;                       /* complaints that stop the jobs which read it */
	int header;                      /* its line, 0 = not read yet */
	struct map_selector *selectors;
	int selector_count, selector_room;
	int *setting_lines; /* by index of settings[]: where it stands, less than 0 = empty there, 0 = nowhere */
};

/* column "" = the whole line, line 0 = the whole file.  map_complain gives false, to be returned. */
bool map_complain(struct map_load *, int line, const char *column, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void map_warn(struct map_load *, int line, const char *column, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Once in a file: what would otherwise be said of every line. */
void map_warn_once(struct map_load *, int line, const char *column, const char *message);

/* False after complaining. */
bool map_cell_read(struct map_load *, struct map_line *, int column);
void map_cell_free(struct map_cell *);
bool map_cell_selects(const struct map_column *); /* a key cell that may hold "*" */

bool map_line_check(struct map_load *, struct map_line *);
void map_line_free(struct map_line *);
const char *map_line_cell(const struct map_line *, const char *column); /* as typed */

#define MAP_OWN_COLUMN (-2) /* the user's own */

/* Which column of the file each cell of a line belongs to. */
struct map_header {
	int count;                 /* cells in the header, 0 = none was read */
	int column[CSV_MAX_CELLS]; /* -1 = without a name */
	bool has[MAP_MAX_COLUMNS];
};
char *map_header_wanted(const struct map_file *); /* "from,status,...", malloc'ed */
/* False when the lines below it cannot be read. */
bool map_header_read(struct map_load *, const struct csv_row *, struct map_header *);
/* Hands the cells to the columns; they point into row.  False after complaining. */
bool map_header_apply(struct map_load *, const struct map_header *, const struct csv_row *,
		      struct map_line *);

void map_settings_line(struct map_load *, const struct map_line *);
void map_settings_end(struct map_load *); /* what several mean together, and the defaults */

int64_t map_tie_named(const struct map_line *); /* column `named` */
void map_tie_add(struct map_load *, const struct map_line *, int64_t named);
void map_tie_check(struct map_load *); /* and forgets the selectors */

void map_check_file(struct map_load *);
void map_check_duplicates(struct map_load *, const char *column, const char *sql);
void map_check_stock(struct map_load *);
void map_check_sku_keys(struct map_load *);

/* A bad line of a by_line file is kept: its cells become such that the line is chosen for whatever
 * it may speak of. */
void map_line_patch(struct map_line *);

#endif
