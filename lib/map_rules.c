#include "lib/map_parts.h"

#include "lib/die.h"
#include "lib/fold.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <strings.h>

const char *map_line_cell(const struct map_line *line, const char *column)
{
	for (int i = 0; line->columns[i].name; i++)
		if (!strcmp(line->columns[i].name, column))
			return line->typed[i];
	bug("no mapping column %s", column);
}

void map_line_free(struct map_line *line)
{
	for (int i = 0; i < MAP_MAX_COLUMNS; i++)
		map_cell_free(line->cells + i);
}

void map_line_patch(struct map_line *line)
{
	for (int i = 0; line->columns[i].name; i++) {
		const struct map_column *column = line->columns + i;
		struct map_cell *cell = line->cells + i;
		if (!line->failed[i])
			continue;
		map_cell_free(cell);
		if (column->type != MAP_COUNT)
			cell->text = xstrdup(column->key && column->exact && !column->required
						     ? "" /* any place */
						     : line->typed[i]);
		if (column->type == MAP_SKU)
			cell->other = fold(line->typed[i]);
		if (!map_cell_selects(column))
			continue;
		cell->like = xstrdup("%");
		cell->match = MAP_EXACT;
		cell->matches = fold(line->typed[i]);
	}
}

static bool check_status(struct map_load *load, const struct map_line *line)
{
	if (line->from_brightpearl && *map_line_cell(line, "owes_goods"))
		return map_complain(
			load, line->number, "owes_goods",
			"only lines from BigCommerce say what owes goods: leave it empty here");
	if (line->from_brightpearl && !strcasecmp(map_line_cell(line, "becomes"), "(hold)"))
		return map_complain(load, line->number, "becomes",
				    "only orders from BigCommerce can be held: write"
				    " (leave), or sync = no");
	return true;
}

/* {tracking} is the only thing that may stand in braces. */
static bool check_link(struct map_load *load, const struct map_line *line)
{
	const char *link = map_line_cell(line, "tracking_link"), *brace = strpbrk(link, "{}");

	if (!*link)
		return true;
	if (strncmp(link, "https://", 8) != 0 && strncmp(link, "http://", 7) != 0)
		return map_complain(load, line->number, "tracking_link",
				    "\"%s\" is no link: it must begin with"
				    " https://, as in https://example.com/track?id={tracking}",
				    link);
	while (brace && !strncmp(brace, "{tracking}", 10))
		brace = strpbrk(brace + 10, "{}");
	if (brace)
		return map_complain(load, line->number, "tracking_link",
				    "\"%s\": only {tracking} may stand in"
				    " braces, it becomes the tracking number",
				    link);
	return true;
}

static bool check_shipping(struct map_load *load, const struct map_line *line)
{
	static const char *const of_shipments[] = {"carrier", "tracking_carrier", "tracking_link",
						   "tracked"};

	for (int i = 0; i < 4 && !line->from_brightpearl; i++)
		if (*map_line_cell(line, of_shipments[i]))
			map_warn(load, line->number, of_shipments[i],
				 "does nothing here: it is for lines from Brightpearl");
	return check_link(load, line);
}

/* An order needs a channel, unless it is left out or held; a line for one channel that names none is
 * understood as holding its orders. */
static bool check_sales(struct map_load *load, struct map_line *line)
{
	const char *channel = map_line_cell(line, "channel");
	struct map_cell *sync = line->cells;

	for (int i = 0; line->columns[i].name; i++)
		if (line->columns[i].type == MAP_SYNC)
			sync = line->cells + i;
	if (*map_line_cell(line, "order_channel") || !sync->text || !strcmp(sync->text, "no") ||
	    !strcmp(sync->text, "hold"))
		return true;
	if (!*channel || !strcmp(channel, "*") || *sync->text)
		return map_complain(
			load, line->number, "order_channel",
			"must not be empty where orders are imported: name Brightpearl's"
			" channel, or write no or hold in the column sync");
	map_warn(load, line->number, "order_channel",
		 "is empty, so orders of \"%s\" are held: name Brightpearl's channel, or write no"
		 " in the column sync to leave them out",
		 channel);
	free(sync->text);
	sync->text = xstrdup("hold");
	return true;
}

/* A line that a reject offered, put into the file as it was. */
static bool check_sku_keys(struct map_load *load, const struct map_line *line)
{
	const char *key = map_line_cell(line, "brightpearl");

	if (strcasecmp(key, "THE_KEY_IN_BRIGHTPEARL") != 0)
		return true;
	return map_complain(load, line->number, "brightpearl",
			    "\"%s\" only keeps the place: write the key that the product has in"
			    " Brightpearl, or its number there, as in id:1001",
			    key);
}

bool map_line_check(struct map_load *load, struct map_line *line)
{
	if (!strcmp(load->file->name, "sales.csv"))
		return check_sales(load, line);
	if (!strcmp(load->file->name, "statuses.csv"))
		return check_status(load, line);
	if (!strcmp(load->file->name, "shipping.csv"))
		return check_shipping(load, line);
	if (!strcmp(load->file->name, "sku_keys.csv"))
		return check_sku_keys(load, line);
	return true;
}
