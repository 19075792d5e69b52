/* One CSV file as a spreadsheet program leaves it, record by record (libcsv underneath, strict).
 *
 *   struct csv *csv = csv_open(bytes, size);       takes over bytes
 *   struct csv_row row;
 *   while (csv_next(csv, &row))
 *       ... row.line, row.cell[0 .. row.count - 1]
 *   if (csv_problem(csv)) ...                      the file ends here because it is damaged
 *   csv_close(csv);
 *
 * Taken as they come: a byte order mark; CRLF, LF or CR; comma, semicolon or tab, told from the
 * first line or by a line "sep=;" before it; quoted cells with line breaks.  Cells are trimmed, and lose the
 * apostrophe that keeps a spreadsheet from taking them for a formula;
 * records of nothing but empty cells are left out.  Refused: anything but UTF-8, control
 * characters, more than CSV_MAX_BYTES, quotes in the wrong place.  Records before the problem have
 * been delivered by then, so a caller must be able to undo what it did with them.
 */
#ifndef LIB_CSV_H
#define LIB_CSV_H

#include <stdbool.h>
#include <stddef.h>

#define CSV_MAX_BYTES (16 << 20)
#define CSV_MAX_CELLS 1000 /* in one record */

struct csv;
struct csv_row {
	int line; /* of the file, where the record begins; the first is 1 */
	int count;
	char *const *cell; /* valid until the next call */
};

struct csv *csv_open(char *bytes, size_t size);
void csv_close(struct csv *);                  /* NULL is fine */
bool csv_next(struct csv *, struct csv_row *); /* false: the end, or a problem */

/* What is wrong with the file and what to do about it, NULL = nothing so far; and in which line,
 * 0 = the whole file. */
const char *csv_problem(const struct csv *);
int csv_problem_line(const struct csv *);

/* A whole file, malloc'ed and NUL-terminated; NULL with errno for file_why(), EFBIG above CSV_MAX_BYTES. */
char *csv_slurp(const char *path, size_t *size);

#endif
