/* Foreign bytes through everything that reads an answer of the APIs: the JSON check (it accepts nothing
 * that SQLite refuses), amounts, dates, entities, and the texts of refusals. */
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/entity.h"
#include "lib/fold.h"
#include "lib/money.h"
#include "lib/wellformed.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void compare_json(const char *text, size_t size)
{
	static sqlite3 *db;
	static sqlite3_stmt *valid;

	if (!db && (sqlite3_open(":memory:", &db) ||
		    sqlite3_prepare_v2(db, "SELECT json_valid(?)", -1, &valid, NULL)))
		bug("cannot open the comparison");
	if (memchr(text, 0, size) || !wellformed(text, size))
		return;
	sqlite3_bind_text(valid, 1, text, (int)size, SQLITE_STATIC);
	if (sqlite3_step(valid) != SQLITE_ROW || !sqlite3_column_int(valid, 0))
		bug("accepted what SQLite refuses: %.*s", (int)size, text);
	sqlite3_reset(valid);
}

static void read_values(const char *text)
{
	int64_t number;
	char written[MONEY_TEXT], iso[CLOCK_TEXT];

	if (money_parse(text, &number)) {
		int64_t again;
		if (!money_parse(money_write(written, number), &again) || again != number)
			bug("%s is not %s", text, written);
	}
	money_invert(text, written);
	if (clock_parse(text, &number) && number > 0 && number < INT64_C(4102444800)) {
		int64_t again;
		if (!clock_parse(clock_iso(iso, number), &again) || again != number)
			bug("%s is not %s", text, iso);
	}
	char *plain = entity_decode(text), *folded = fold(text);
	if (strlen(plain) > strlen(text))
		bug("decoding made it longer: %s", text);
	free(plain);
	free(folded);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1);

	memcpy(text, bytes, size);
	text[size] = 0;
	compare_json(text, size);
	read_values(text);
	free(text);
	return 0;
}
