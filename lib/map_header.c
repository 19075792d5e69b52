#include "lib/map_parts.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/nearest.h"

#include <stdlib.h>
#include <string.h>

char *map_header_wanted(const struct map_file *file)
{
	struct buf text = buf_new(1000);

	for (const struct map_column *c = file->columns; c->name; c++)
		buf_printf(&text, "%s%s", text.size ? "," : "", c->name);
	return buf_take(&text);
}

/* "Owes goods", "owes-goods" and "OWES_GOODS" are the same column. */
static char *plain(const char *cell)
{
	char *name = fold(cell);
	for (char *p = name; *p; p++)
		if (*p == ' ' || *p == '-')
			*p = '_';
	return name;
}

static int find(const struct map_file *file, const char *cell)
{
	char *name = plain(cell);
	int found = -1;

	for (int i = 0; file->columns[i].name; i++)
		if (!strcmp(file->columns[i].name, name))
			found = i;
	free(name);
	return found;
}

/* A column of the user's own is fine; one that is nearly ours, which is not there, is a mistake. */
static void check_unknown(struct map_load *load, const struct map_header *header, int line,
			  const char *cell)
{
	char *name = plain(cell);
	struct nearest search = nearest_begin(name);

	for (int c = 0; load->file->columns[c].name; c++)
		if (!header->has[c])
			nearest_offer(&search, load->file->columns[c].name,
				      load->file->columns[c].name);
	if (search.best[0])
		map_complain(load, line, "", "there is no column \"%s\" (did you mean \"%s\"?)",
			     cell, search.best);
	free(name);
}

/* Each cell of the header is a column of ours, once, or the user's own, or empty. */
static void check_cells(struct map_load *load, const struct csv_row *row, struct map_header *header)
{
	for (int i = 0; i < row->count; i++) {
		int c = header->column[i];
		if (c >= 0 && header->has[c])
			map_complain(load, row->line, load->file->columns[c].name,
				     "stands twice in the header: delete one of the two columns");
		if (c >= 0)
			header->has[c] = true;
	}
	for (int i = 0; i < row->count; i++) {
		if (header->column[i] >= 0 || !*row->cell[i])
			continue;
		check_unknown(load, header, row->line, row->cell[i]);
		header->column[i] = MAP_OWN_COLUMN;
	}
}

bool map_header_read(struct map_load *load, const struct csv_row *row, struct map_header *header)
{
	const struct map_column *columns = load->file->columns;
	bool any = false, usable = true;

	header->count = row->count;
	for (int i = 0; i < row->count; i++) {
		header->column[i] = find(load->file, row->cell[i]);
		any |= header->column[i] >= 0;
	}
	if (!any) {
		char *wanted = map_header_wanted(load->file);
		map_complain(load, row->line, "", "the first line must be the header %s", wanted);
		free(wanted);
		return false;
	}
	check_cells(load, row, header);
	for (int c = 0; columns[c].name; c++)
		if (!header->has[c] && !columns[c].optional &&
		    strcmp(columns[c].name, "note") != 0) {
			map_complain(load, row->line, columns[c].name,
				     "this column is missing from the header");
			usable &= !columns[c].required;
		}
	return usable;
}

bool map_header_apply(struct map_load *load, const struct map_header *header,
		      const struct csv_row *row, struct map_line *line)
{
	const struct map_column *columns = load->file->columns;

	for (int c = 0; columns[c].name; c++)
		line->typed[c] = "";
	for (int i = 0; i < row->count && i < header->count; i++)
		if (header->column[i] >= 0)
			line->typed[header->column[i]] = row->cell[i];
	for (int i = 0; i < row->count; i++)
		if (*row->cell[i] && (i >= header->count || header->column[i] == -1))
			return map_complain(
				load, row->line, "",
				"\"%s\" stands in cell %d, but the header has"
				" only %d: does a cell that holds a comma or semicolon lack its"
				" quotes?",
				row->cell[i], i + 1, header->count);
	for (int i = row->count; i < header->count; i++) {
		int c = header->column[i];
		if (c >= 0 && columns[c].required)
			return map_complain(load, row->line, columns[c].name,
					    "the line ends after %d of %d cells, and"
					    " this one must not be empty",
					    row->count, header->count);
	}
	return true;
}
