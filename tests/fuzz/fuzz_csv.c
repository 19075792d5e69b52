/* Foreign bytes through the CSV reader alone, and its cells through everything that reads a cell
 * without a database.  Build as fuzz_map.c says. */
#include "lib/country.h"
#include "lib/csv.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void use_cell(const char *cell, int number)
{
	char *folded = fold(cell), *value;
	int count = 0;

	if (strlen(folded) > strlen(cell))
		bug("folded text is longer: %s", cell);
	free(folded);
	while (settings[count].name)
		count++;
	char *complaint = setting_read(NULL, settings + number % count, cell, &value);
	if (!complaint == !value)
		bug("%s: neither a value nor a complaint", cell);
	free(complaint);
	free(value);
	if (number == 0)
		free(country_nearest(cell));
	country_iso2(cell);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *copy = xcalloc(1, size + 1);
	struct csv_row row;
	int last = 0, number = 0;

	if (size)
		memcpy(copy, bytes, size);
	struct csv *csv = csv_open(copy, size);
	while (csv_next(csv, &row)) {
		if (row.line <= last || !row.count)
			bug("line %d after %d", row.line, last);
		last = row.line;
		for (int i = 0; i < row.count && number < 20; i++)
			use_cell(row.cell[i], number++);
	}
	csv_close(csv);
	return 0;
}
