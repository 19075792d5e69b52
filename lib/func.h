/* SQL functions for reading what the APIs send; extract scripts use them, transforms do not (they
 * see typed columns, and run in any sqlite3 shell).  Each gives NULL for what it cannot read.
 *
 *   money(x)    ten-thousandths from a decimal, as text or as JSON ('"12.30"', '12.3')
 *   whole(x)    a whole number from text, JSON or a number
 *   flag(x)     1 or 0 from true, false, 1, 0, as JSON or as text in any case
 *   instant(x)  epoch seconds from a date (clock.h)
 *   fold(x)     trimmed, inner white space as one blank, lower case (fold.h)
 *   tidy(x)     on one line, trimmed, nothing invisible, accents composed (fold.h)
 *   plain(x)    HTML entities decoded, once; control characters but line breaks as blanks; accents
 *               composed, U+FFFD for what is no text
 *   single(x)   tidy(plain(x))
 *   torn(x)     1 = JSON or text with bytes that are no UTF-8, or half a surrogate pair; else 0
 *   bare(x)     as two systems' texts are compared (echo.h)
 *   query(x)    percent-encoded, for a part of an address
 *   sha256(x)   hex digest
 *   iso2(a, b), iso3(a, b)  the country that a, else b, names by code or English name: 'GB', 'GBR'
 *   invert(x)   1/x with six decimals, as text (money.h)
 */
#ifndef LIB_FUNC_H
#define LIB_FUNC_H

#include <sqlite3.h>

void func_register(sqlite3 *);

#endif
