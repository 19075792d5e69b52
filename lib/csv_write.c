#include "lib/csv_write.h"

#include "lib/buf.h"
#include "lib/paste.h"
#include "lib/plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_formula(const char *text)
{
	text += strspn(text, "'"); /* what has one before it is told from what got one here */
	return *text && strchr("=+-@\t\r\n", *text);
}

/* The line breaks of the text become LF, whatever they were. */
static void add_quoted(struct buf *cell, const char *text)
{
	for (; *text; text++) {
		if (*text == '"')
			buf_text(cell, "\"");
		if (*text != '\r')
			buf_add(cell, text, 1);
		else if (text[1] != '\n')
			buf_text(cell, "\n");
	}
}

char *csv_cell(const char *text)
{
	struct buf cell = buf_new(SIZE_MAX / 2), plain = buf_new(SIZE_MAX / 2);
	size_t size = strlen(text);
	bool blank = size && (*text == ' ' || text[size - 1] == ' ');
	bool quoted = blank || strpbrk(text, ",;\"\r\n");

	buf_text(&cell, quoted ? "\"" : "");
	buf_text(&cell, is_formula(text) ? "'" : "");
	add_quoted(&cell, text);
	buf_text(&cell, quoted ? "\"" : "");
	plain_add(&plain, cell.data ? cell.data : "", cell.size, PLAIN_LINES);
	buf_free(&cell);
	return buf_take(&plain);
}

char *csv_uncell(char *cell)
{
	if (*cell == '\'' && is_formula(cell))
		memmove(cell, cell + 1, strlen(cell));
	return cell;
}

void csv_write_text(FILE *out, const char *text)
{
	char *said = text ? paste_commands(text) : NULL, *cell = said ? csv_cell(said) : NULL;

	fputs(cell ? cell : "", out);
	free(cell);
	free(said);
}

void csv_write_number(FILE *out, const char *text)
{
	fputs(text ? text : "", out);
}

void csv_write_next(FILE *out)
{
	putc(',', out);
}

void csv_write_end(FILE *out)
{
	fputs("\r\n", out);
}
