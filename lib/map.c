#define _GNU_SOURCE
#include "lib/map.h"

#include "lib/clock.h"
#include "lib/csv.h"
#include "lib/die.h"
#include "lib/file.h"
#include "lib/map_parts.h"
#include "lib/settings.h"
#include "lib/sha256.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_MESSAGE 600 /* bytes; a cell quoted in it may be of any length */

/* One line of text, whatever the cell that it quotes holds. */
static char *message(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		bug("no memory for a message");
	if (strlen(text) > LONGEST_MESSAGE) {
		size_t end = LONGEST_MESSAGE - 3;
		while (end && ((unsigned char)text[end] & 0xC0) == 0x80)
			end--; /* not in the middle of a letter */
		memcpy(text + end, "...", 4);
	}
	for (char *p = text; *p; p++)
		if (*p == '\n' || *p == '\r' || *p == '\t')
			*p = ' ';
	return text;
}

static void record(struct map_load *load, int line, const char *column, const char *severity,
		   const char *text)
{
	db_run(load->db,
	       "INSERT INTO map_complaint(file, line, \"column\", severity, message)"
	       " VALUES(?, ?, ?, ?, ?)",
	       "tittt", load->file->name, (int64_t)line, column, severity, text);
}

bool map_complain(struct map_load *load, int line, const char *column, const char *fmt, ...)
{
	va_list args;

	load->stops += !load->file->by_line || line <= load->header;
	if (++load->complaints > MAP_MAX_COMPLAINTS)
		return false;
	va_start(args, fmt);
	char *text = message(fmt, args);
	va_end(args);
	record(load, line, column, "complaint", text);
	free(text);
	return false;
}

void map_warn(struct map_load *load, int line, const char *column, const char *fmt, ...)
{
	va_list args;

	if (++load->warnings > MAP_MAX_COMPLAINTS)
		return;
	va_start(args, fmt);
	char *text = message(fmt, args);
	va_end(args);
	record(load, line, column, "warning", text);
	free(text);
}

void map_warn_once(struct map_load *load, int line, const char *column, const char *text)
{
	if (!db_int(load->db, 0,
		    "SELECT 1 FROM map_complaint WHERE file = ? AND message = ? LIMIT 1", "tt",
		    load->file->name, text))
		map_warn(load, line, column, "%s", text);
}

static char *table_name(const struct map_file *file)
{
	return xasprintf("map_%.*s", (int)strcspn(file->name, "."), file->name);
}

/* INSERT INTO map_statuses("line", "from", ...) VALUES(:line, :from, ...) */
static sqlite3_stmt *prepare_insert(struct db *db, const struct map_file *file)
{
	char *table = table_name(file);
	char *sql = db_text(
		db,
		"SELECT 'INSERT INTO ' || ?1 || '(\"' || group_concat(name, '\", \"') ||"
		" '\") VALUES(:' || group_concat(name, ', :') || ')' FROM pragma_table_info(?1)",
		"t", table);
	sqlite3_stmt *st = db_prepare(db, sql);
	free(sql);
	free(table);
	return st;
}

/* Bind X, X_id, ...: those that the table has. */
static void bind_part(sqlite3_stmt *st, const char *column, const char *suffix, const char *value)
{
	char name[64];

	snprintf(name, sizeof name, ":%s%s", column, suffix);
	if (sqlite3_bind_parameter_index(st, name))
		bind_text(st, name, value);
}

static void insert_line(sqlite3_stmt *put, const struct map_line *line, int64_t named)
{
	static const char *const others[] = {"_id", "_fold", "_units"};

	sqlite3_clear_bindings(put);
	bind(put, ":line", line->number);
	if (sqlite3_bind_parameter_index(put, ":named"))
		bind(put, ":named", named);
	for (int i = 0; line->columns[i].name; i++) {
		const struct map_cell *cell = line->cells + i;
		const char *column = line->columns[i].name;
		bind_part(put, column, "", cell->text);
		bind_part(put, column, "_like", cell->like);
		for (size_t o = 0; o < sizeof others / sizeof *others; o++)
			bind_part(put, column, others[o], cell->other);
		if (line->columns[i].type == MAP_PUBLISH)
			bind_part(put, "fixed", "", cell->other);
	}
	stmt_run(put);
}

static void empty_tables(struct db *db)
{
	db_script(
		db,
		"DELETE FROM map_file; DELETE FROM map_column; DELETE FROM map_complaint; DELETE FROM map_doubt;"
		" DELETE FROM map_missed");
	for (const struct map_file *file = map_files; file->name; file++) {
		char *table = table_name(file), *sql = xasprintf("DELETE FROM %s", table);
		db_script(db, sql);
		free(sql);
		free(table);
	}
}

static bool is_settings(const struct map_load *load)
{
	return load->file == map_files;
}

/* Reads the cells of a line; false when it has complaints.  *keys: those that select have none. */
static bool read_cells(struct map_load *load, struct map_line *line, bool whole, bool *keys)
{
	bool fine = true;

	*keys = true;
	for (int i = 0; line->columns[i].name; i++) {
		bool missing = !whole && line->columns[i].required && !*line->typed[i];
		bool read = !missing && map_cell_read(load, line, i);
		line->failed[i] = !read;
		fine &= read;
		*keys &= read || !line->columns[i].key;
		if (strcmp(line->columns[i].name, "from") != 0)
			continue;
		if (!read)
			return false; /* whose names the other cells hold is not known */
		line->from_brightpearl = !strcmp(line->cells[i].text, "brightpearl");
	}
	return map_line_check(load, line) && fine;
}

/* whole: it has as many cells as it should have. */
static void load_line(struct map_load *load, struct map_line *line, sqlite3_stmt *put, bool whole)
{
	load->lines++;
	if (is_settings(load)) {
		map_settings_line(load, line);
		return;
	}
	bool keys, fine = read_cells(load, line, whole, &keys);
	if (!fine && load->file->by_line)
		map_line_patch(line);
	int64_t named = keys || load->file->by_line ? map_tie_named(line) : 0;
	if ((fine && whole) || load->file->by_line)
		insert_line(put, line, named);
	if (keys && sqlite3_bind_parameter_index(put, ":named"))
		map_tie_add(load, line, named);
	map_line_free(line);
}

/* A file this wrong, or this long, is not read to its end. */
static bool is_enough(struct map_load *load, int line)
{
	if (load->selector_count > MAP_MAX_SELECTING)
		return true;
	if (load->complaints < MAP_MAX_COMPLAINTS)
		return false;
	char *text = xasprintf("%d complaints so far: the lines from here on were not read",
			       load->complaints);
	record(load, line, "", "complaint", text);
	load->stops++;
	free(text);
	return true;
}

static void note_columns(struct map_load *load, const struct map_header *header)
{
	for (int c = 0; load->file->columns[c].name; c++)
		if (header->has[c])
			db_run(load->db, "INSERT INTO map_column(file, name) VALUES(?, ?)", "tt",
			       load->file->name, load->file->columns[c].name);
}

static void load_lines(struct map_load *load, struct csv *csv)
{
	struct map_header header = {0};
	struct csv_row row;

	STMT put = prepare_insert(load->db, load->file);
	load->header = INT_MAX;
	if (csv_next(csv, &row) && map_header_read(load, &row, &header)) {
		load->header = row.line;
		note_columns(load, &header);
		while (csv_next(csv, &row) && !is_enough(load, row.line)) {
			struct map_line line = {.number = row.line, .columns = load->file->columns};
			bool whole = map_header_apply(load, &header, &row, &line);
			if (whole || load->file->by_line)
				load_line(load, &line, put, whole);
		}
	}
	if (csv_problem(csv)) {
		load->header = INT_MAX; /* the lines after it are not known */
		map_complain(load, csv_problem_line(csv), "", "%s", csv_problem(csv));
	} else if (!header.count) {
		char *wanted = map_header_wanted(load->file);
		map_complain(load, 0, "", "the file is empty: its first line must be %s", wanted);
		free(wanted);
	}
}

static void complain_of_file(struct map_load *load, const char *path)
{
	if (errno == ENOENT)
		map_complain(load, 0, "",
			     "the file is missing: run ./run.sh init, or copy it from the mappings/"
			     " that Pearlbridge was shipped with");
	else if (errno == EFBIG)
		map_complain(load, 0, "", "larger than %d MB: no mapping file needs that",
			     CSV_MAX_BYTES >> 20);
	else
		map_complain(load, 0, "", "cannot be read: %s", file_why(path));
}

static void finish_file(struct map_load *load, const char *sha256)
{
	db_run(load->db,
	       "INSERT INTO map_file(file, sha256, loaded_at, complaints, stops)"
	       " VALUES(?, ?, ?, ?, ?)",
	       "ttiii", load->file->name, sha256, clock_now() / 1000, (int64_t)load->complaints,
	       (int64_t)load->stops);
}

/* What was said of a line that is kept all the same. */
static void mark_bad(struct map_load *load)
{
	char *table = table_name(load->file);
	char *sql = xasprintf(
		"UPDATE %s SET bad = (SELECT iif(c.\"column\" = '', '', c.\"column\" || ': ') ||"
		" c.message FROM map_complaint c WHERE c.file = ?1 AND c.line = %s.line"
		"  AND c.severity = 'complaint' ORDER BY c.rowid LIMIT 1)"
		" WHERE line IN (SELECT line FROM map_complaint WHERE file = ?1"
		"  AND severity = 'complaint')",
		table, table);

	db_run(load->db, sql, "t", load->file->name);
	free(sql);
	free(table);
}

static int load_file(struct map_load *load, const char *folder)
{
	char *path = xasprintf("%s/%s", folder, load->file->name), hex[SHA256_HEX] = "";
	size_t size = 0;

	load->lines = load->complaints = load->warnings = load->stops = 0;
	load->header = INT_MAX;
	char *bytes = csv_slurp(path, &size);
	if (!bytes)
		complain_of_file(load, path);
	else {
		sha256_hex(hex, bytes, size);
		struct csv *csv = csv_open(bytes, size);
		load_lines(load, csv);
		csv_close(csv);
	}
	map_tie_check(load);
	if (is_settings(load))
		map_settings_end(load);
	map_check_file(load);
	if (load->file->by_line)
		mark_bad(load);
	finish_file(load, hex);
	free(path);
	return load->complaints;
}

int map_load(struct db *db, const char *folder)
{
	struct map_load load = {.db = db, .file = map_files};
	int complaints = 0, count = 0;

	while (settings[count].name)
		count++;
	load.setting_lines = xcalloc((size_t)count, sizeof *load.setting_lines);
	empty_tables(db);
	for (; load.file->name; load.file++)
		complaints += load_file(&load, folder);
	free(load.setting_lines);
	return complaints;
}
