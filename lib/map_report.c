#include "lib/map.h"

#include "lib/buf.h"
#include "lib/csv.h"
#include "lib/die.h"
#include "lib/map_lists.h"
#include "lib/sha256.h"

#include <stdlib.h>
#include <string.h>

#define MOST (64 << 20) /* nine files' complaints, all of them at their longest, are far below */

char *map_digest(const char *folder)
{
	struct buf all = buf_new(10000);
	char hex[SHA256_HEX];

	for (const struct map_file *file = map_files; file->name; file++) {
		char *path = xasprintf("%s/%s", folder, file->name);
		size_t size = 0;
		char *bytes = csv_slurp(path, &size);
		buf_printf(&all, "%s %s\n", file->name, bytes ? sha256_hex(hex, bytes, size) : "-");
		free(bytes);
		free(path);
	}
	sha256_hex(hex, all.data, all.size);
	buf_free(&all);
	return xstrdup(hex);
}

char *map_complaints(struct db *db)
{
	struct buf text = buf_new(MOST);

	STMT row = db_prepare(db,
			      "SELECT file, line, severity, \"column\", message FROM map_complaint"
			      " ORDER BY file, line, severity, rowid");
	while (stmt_row(row)) {
		int line = (int)col_int(row, 1);
		buf_printf(&text, "mappings/%s", col_text(row, 0));
		if (line)
			buf_printf(&text, ":%d", line);
		buf_printf(&text, ": %s", strcmp(col_text(row, 2), "warning") ? "" : "warning: ");
		if (*col_text(row, 3))
			buf_printf(&text, "%s: ", col_text(row, 3));
		buf_printf(&text, "%s\n", col_text(row, 4));
	}
	return buf_take(&text);
}

char *map_names(struct db *db)
{
	struct buf text = buf_new(MOST);

	STMT row = db_prepare(db, "SELECT system, list FROM map_missed ORDER BY system, list");
	while (stmt_row(row)) {
		const char *system = col_text(row, 0), *list = col_text(row, 1);
		char *names = map_list_columns(db, system, list);
		buf_printf(&text, "%s's %s:\n%s", map_system_title(system),
			   map_list_title(list)->many, names);
		free(names);
	}
	return buf_take(&text);
}

char *map_unusable(struct db *db, const char *files)
{
	struct buf names = buf_new(1000);
	char *copy = xstrdup(files), *rest = copy;

	for (char *name; (name = strsep(&rest, " "));)
		/* a file that was never loaded is not usable either */
		if (*name && db_int(db, 1, "SELECT stops FROM map_file WHERE file = ?", "t", name))
			buf_printf(&names, "%s%s", names.size ? " " : "", name);
	free(copy);
	char *text = names.size ? buf_take(&names) : NULL;
	buf_free(&names);
	return text;
}
