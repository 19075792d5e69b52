#include "lib/nearest.h"

#include <stdio.h>
#include <string.h>

#define LONGEST   63
#define MIN(a, b) ((a) < (b) ? (a) : (b))

int nearest_distance(const char *a, const char *b)
{
	int rows[3][LONGEST + 1]; /* of the usual table, only the last three rows are looked at */
	int *before = rows[0], *last = rows[1], *row = rows[2];
	int height = (int)strnlen(a, LONGEST), width = (int)strnlen(b, LONGEST);

	for (int x = 0; x <= width; x++)
		before[x] = last[x] = x;
	for (int y = 1; y <= height; y++) {
		row[0] = y;
		for (int x = 1; x <= width; x++) {
			int cost = a[y - 1] != b[x - 1];
			row[x] = MIN(MIN(last[x] + 1, row[x - 1] + 1), last[x - 1] + cost);
			if (y > 1 && x > 1 && a[y - 1] == b[x - 2] && a[y - 2] == b[x - 1])
				row[x] = MIN(row[x], before[x - 2] + 1);
		}
		int *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[width];
}

struct nearest nearest_begin(const char *typed_folded)
{
	/* a third of the word may be wrong, one letter of a short one */
	int most = (int)strnlen(typed_folded, LONGEST) / 3;
	return (struct nearest){.typed = typed_folded, .distance = most < 1 ? 2 : most + 1};
}

/* "start_date" for "orders.start_date", "ready" for "ready to ship". */
static bool is_part(const char *typed, const char *whole)
{
	const char *found = strlen(typed) >= 4 ? strstr(whole, typed) : NULL;
	if (!found)
		return false;
	char after = found[strlen(typed)];
	bool begins = found == whole || found[-1] == '.' || found[-1] == ' ';
	return begins && (!after || after == '.' || after == ' ');
}

void nearest_offer(struct nearest *search, const char *folded, const char *shown)
{
	int distance = nearest_distance(search->typed, folded);
	if (distance >= search->distance && !search->best[0] && is_part(search->typed, folded))
		distance = search->distance - 1;
	if (distance >= search->distance)
		return;
	search->distance = distance;
	snprintf(search->best, sizeof search->best, "%s", shown);
}
