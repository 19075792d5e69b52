/* Countries: ISO 3166-1 codes and English names, all 249.
 *
 * Each takes an alpha-2 code, an alpha-3 code, the English name or a common other name ("UK",
 * "USA"), in any case, and gives a constant, or NULL when it knows no such country.
 */
#ifndef LIB_COUNTRY_H
#define LIB_COUNTRY_H

const char *country_iso2(const char *name_or_code); /* "GB" */
const char *country_iso3(const char *name_or_code); /* "GBR" */

char *country_nearest(const char *typed); /* for "did you mean", malloc'ed; NULL: nothing is near */

#endif
