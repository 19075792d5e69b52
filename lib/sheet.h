/* What spreadsheets do to keys such as SKUs when they take them for numbers or dates.
 *
 *   501        was 00501, 501.0 or 501.00: equal as a number
 *   1914310000010100000   was 1914310000010100016: a spreadsheet keeps 15 digits
 *   5.01E+12   was a long number, or 1E5 was written out
 *   10-Mar     was 3/10, MAR10 or MARCH10
 *   #N/A       a formula's error: it may have been anything
 */
#ifndef LIB_SHEET_H
#define LIB_SHEET_H

#include <stdbool.h>

enum sheet_damage {
	SHEET_NONE,
	SHEET_NUMBER,  /* may have lost zeros, or its digits after the 15th */
	SHEET_SHORTER, /* 5.01E+12 */
	SHEET_DATE,
	SHEET_ERROR,
};

/* What may have been done to a cell; cell is folded. */
enum sheet_damage sheet_damage(const char *cell);

/* May a cell with that damage stand for the key?  Both are folded. */
bool sheet_may_mean(const char *cell, enum sheet_damage, const char *key);

#endif
