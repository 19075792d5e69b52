#define _GNU_SOURCE
#include "lib/csv.h"

#include "lib/csv_write.h"
#include "lib/die.h"
#include "lib/file.h"
#include "lib/fold.h"
#include "lib/utf8.h"

#include <csv.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct csv {
	struct csv_parser parser;
	char *bytes;
	size_t size, at;
	int line;        /* of the byte at `at` */
	int record_line; /* where the record being read began */
	int quote_line;  /* where the quoted cell being read began */
	bool in_record, in_quotes, row_ready, ended;
	char **cells; /* of the record; malloc'ed one by one */
	int count, room;
	char *problem;
	int problem_line;
};

static void complain(struct csv *csv, int line, char *message)
{
	if (csv->problem) {
		free(message);
		return;
	}
	csv->problem = message;
	csv->problem_line = line;
}

static bool is_control(uint32_t code)
{
	bool allowed = code == '\t' || code == '\n' || code == '\r';
	return (code < 0x20 && !allowed) || (code >= 0x7F && code <= 0x9F);
}

static bool line_ends(const struct csv *csv, size_t at)
{
	const char *p = csv->bytes + at;
	return *p == '\n' || (*p == '\r' && (at + 1 == csv->size || p[1] != '\n'));
}

static bool begins(const struct csv *csv, const char *magic, size_t size)
{
	return csv->size >= size && !memcmp(csv->bytes, magic, size);
}

/* What a file is that was renamed to .csv; NULL = it may be one. */
static const char *other_kind(const struct csv *csv)
{
	if (begins(csv, "PK\3\4", 4) || begins(csv, "PK\5\6", 4))
		return memmem(csv->bytes, csv->size < 200 ? csv->size : 200, "opendocument", 12)
			       ? "a workbook of LibreOffice or OpenOffice (.ods)"
		       : memmem(csv->bytes, csv->size, "xl/", 3) ? "an Excel workbook (.xlsx)"
								 : "a zip archive or a workbook";
	if (begins(csv, "\xD0\xCF\x11\xE0", 4))
		return "an Excel workbook (.xls)";
	if (begins(csv, "%PDF", 4))
		return "a PDF";
	if (begins(csv, "<?xml", 5) || begins(csv, "<html", 5) || begins(csv, "<!DOCTYPE", 9) ||
	    begins(csv, "\xEF\xBB\xBF<", 4))
		return "a web page or an XML workbook";
	return NULL;
}

static void check_text(struct csv *csv)
{
	const unsigned char *p = (const unsigned char *)csv->bytes;
	uint32_t code;
	int line = 1;

	if (csv->size >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF))) {
		complain(csv, 0,
			 xstrdup("the file is UTF-16, not UTF-8: save it as \"CSV UTF-8\""));
		return;
	}
	for (size_t i = 0, length; i < csv->size && !csv->problem; i += length) {
		length = utf8_letter(p + i, csv->size - i, &code);
		if (!length)
			complain(
				csv, line,
				xasprintf("not UTF-8 (byte 0x%02X): save the file as \"CSV UTF-8\"",
					  p[i]));
		else if (!code)
			complain(csv, line,
				 xstrdup("holds a NUL byte, so it is no CSV file in UTF-8:"
					 " save it as \"CSV UTF-8\""));
		else if (is_control(code))
			complain(csv, line,
				 xasprintf("holds a control character (0x%02X), which no"
					   " spreadsheet shows: delete it",
					   (unsigned)code));
		line += line_ends(csv, i);
	}
}

static void check_bytes(struct csv *csv)
{
	const char *kind = other_kind(csv);

	if (kind) {
		complain(csv, 0,
			 xasprintf("the file is %s, only its name ends in .csv: open it in a"
				   " spreadsheet program and save it as \"CSV UTF-8\"",
				   kind));
		return;
	}
	check_text(csv);
}

static const char delimiters[] = ",;\t";

/* How often each delimiter stands in the line that begins at `at`, outside quotes. */
static void count_delimiters(const struct csv *csv, size_t at, int counts[3])
{
	bool quoted = false;

	memset(counts, 0, 3 * sizeof *counts);
	for (; at < csv->size; at++) {
		char c = csv->bytes[at];
		if (!quoted && (c == '\n' || c == '\r'))
			return;
		quoted ^= c == '"';
		for (int i = 0; i < 3 && !quoted; i++)
			counts[i] += c == delimiters[i];
	}
}

static size_t next_line(const struct csv *csv, size_t at)
{
	while (at < csv->size && !line_ends(csv, at))
		at++;
	return at < csv->size ? at + 1 : at;
}

/* `sep=;` as first line, perhaps quoted and padded by a program that took it for data. */
static char take_sep_line(struct csv *csv)
{
	const char *p = csv->bytes + csv->at;

	p += *p == '"';
	if (strncasecmp(p, "sep=", 4) != 0)
		return 0;
	char delimiter = p[4];
	csv->at = next_line(csv, csv->at);
	csv->line++;
	if (!delimiter || !strchr(delimiters, delimiter)) {
		complain(csv, 1,
			 xstrdup("\"sep=\" must be followed by a comma, a semicolon or a tab"));
		return 0;
	}
	return delimiter;
}

static void choose_dialect(struct csv *csv)
{
	int counts[3], best = 0;

	if (csv->size >= 3 && !memcmp(csv->bytes, "\xEF\xBB\xBF", 3))
		csv->at = 3;
	char told = take_sep_line(csv);
	size_t header = csv->at;
	while (header < csv->size && strchr(" \t\r\n", csv->bytes[header]))
		header++;
	count_delimiters(csv, header, counts);
	/* what "sep=" tells is believed if the header agrees: a spreadsheet may have changed it */
	for (int i = 0; i < 3; i++)
		if (delimiters[i] == told && counts[i])
			counts[i] = CSV_MAX_BYTES + 1;
	for (int i = 0; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	csv_set_delim(&csv->parser, (unsigned char)delimiters[best]);
}

struct csv *csv_open(char *bytes, size_t size)
{
	struct csv *csv = xcalloc(1, sizeof *csv);

	csv->bytes = xrealloc(bytes, size + 1);
	csv->bytes[size] = 0;
	csv->size = size;
	csv->line = 1;
	if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL))
		bug("csv_init refused its options");
	if (size > CSV_MAX_BYTES)
		complain(csv, 0,
			 xasprintf("larger than %d MB: no mapping file needs that",
				   CSV_MAX_BYTES >> 20));
	else
		check_bytes(csv);
	if (!csv->problem)
		choose_dialect(csv);
	return csv;
}

static void drop_cells(struct csv *csv)
{
	while (csv->count)
		free(csv->cells[--csv->count]);
}

void csv_close(struct csv *csv)
{
	if (!csv)
		return;
	drop_cells(csv);
	csv_free(&csv->parser);
	free(csv->cells);
	free(csv->bytes);
	free(csv->problem);
	free(csv);
}

static void cell_read(void *bytes, size_t size, void *context)
{
	struct csv *csv = context;
	(void)size;

	csv->in_quotes = false;
	if (csv->count == CSV_MAX_CELLS) {
		complain(csv, csv->record_line,
			 xasprintf("more than %d cells in one line", CSV_MAX_CELLS));
		return;
	}
	if (csv->count == csv->room) {
		csv->room = csv->room ? csv->room * 2 : 16;
		csv->cells = xrealloc(csv->cells, (size_t)csv->room * sizeof *csv->cells);
	}
	csv->cells[csv->count++] = csv_uncell(fold_trim(xstrdup(bytes ? bytes : "")));
}

static void row_read(int end, void *context)
{
	struct csv *csv = context;
	(void)end;

	csv->row_ready = true;
	csv->in_record = false;
}

/* Why libcsv stopped at the line reached. */
static void complain_quotes(struct csv *csv, bool at_end)
{
	if (at_end)
		complain(csv, csv->quote_line,
			 xstrdup("a quote (\") opens a cell here that is never closed"));
	else if (csv->in_quotes && csv->quote_line != csv->line)
		complain(csv, csv->line,
			 xasprintf("text follows the closing quote of the cell that was opened in "
				   "line %d:"
				   " a quote (\") is missing, or one inside a cell is not doubled "
				   "(\"\")",
				   csv->quote_line));
	else
		complain(csv, csv->line,
			 xstrdup("a quote (\") in the middle of a cell: put the whole cell"
				 " in quotes and double the one inside (\"\")"));
}

/* libcsv tells no line numbers, so it gets one byte at a time and we count. */
static void feed_byte(struct csv *csv)
{
	char c = csv->bytes[csv->at];
	bool blank = c == ' ' || c == '\n' || c == '\r';

	if (!csv->in_record && !blank) {
		csv->in_record = true;
		csv->record_line = csv->line;
	}
	if (c == '"' && !csv->in_quotes) {
		csv->in_quotes = true;
		csv->quote_line = csv->line;
	}
	if (csv_parse(&csv->parser, &c, 1, cell_read, row_read, csv) != 1)
		complain_quotes(csv, false);
	csv->line += line_ends(csv, csv->at);
	csv->at++;
}

static bool all_empty(const struct csv *csv)
{
	for (int i = 0; i < csv->count; i++)
		if (*csv->cells[i])
			return false;
	return true;
}

bool csv_next(struct csv *csv, struct csv_row *row)
{
	do {
		drop_cells(csv);
		csv->row_ready = false;
		while (!csv->problem && !csv->row_ready && csv->at < csv->size)
			feed_byte(csv);
		if (!csv->problem && !csv->row_ready && !csv->ended) {
			csv->ended = true;
			if (csv_fini(&csv->parser, cell_read, row_read, csv))
				complain_quotes(csv, true);
		}
		if (csv->problem || !csv->row_ready)
			return false;
	} while (all_empty(csv));
	row->line = csv->record_line;
	row->count = csv->count;
	row->cell = csv->cells;
	return true;
}

const char *csv_problem(const struct csv *csv)
{
	return csv->problem;
}

int csv_problem_line(const struct csv *csv)
{
	return csv->problem_line;
}

char *csv_slurp(const char *path, size_t *size)
{
	return file_read(path, CSV_MAX_BYTES, size, NULL);
}
