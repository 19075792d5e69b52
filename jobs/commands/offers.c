#include "jobs/commands/offers.h"
#include "lib/show.h"

#include <stdio.h>

extern const char sql_commands_offers[];

void offers_print(struct db *db, const struct options *o)
{
	db_script(db, sql_commands_offers);
	STMT st = db_prepare(db, "SELECT line, text FROM temp.offer ORDER BY place");
	bool any = false;

	while (stmt_row(st)) {
		if (!any)
			show("  if statuses shall follow each other, these lines fit:\n");
		any = true;
		show("  offer  %s/mappings/statuses.csv: ", o->store);
		if (!col_null(st, 0))
			show("instead of line %lld: ", (long long)col_int(st, 0));
		show("%s\n", col_text(st, 1));
	}
}
