/* CSV for spreadsheets, as RFC 4180 has it: comma, CRLF, quotes where they are needed.
 *
 * Text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line break)
 * gets an apostrophe before it: what stands in an order may have been typed by a stranger.  Our own
 * reader takes it away again.  What would act on a terminal is made plain. */
#ifndef LIB_CSV_WRITE_H
#define LIB_CSV_WRITE_H

#include <stdio.h>

char *csv_cell(const char *text); /* as a cell of a file; malloc'ed */
char *csv_uncell(char *cell);     /* in place: without the apostrophe before a formula */

/* NULL: an empty cell.  Commands in it can be pasted (paste.h). */
void csv_write_text(FILE *, const char *text);
void csv_write_number(FILE *, const char *text); /* a number of ours: as it is */
/* Between two cells, and after the last of a record. */
void csv_write_next(FILE *);
void csv_write_end(FILE *);

#endif
