/* The settings of settings.csv: one table of names, defaults and allowed values.
 *
 * Read from map_settings, where map_load() has put a normalised value for every setting; asking for
 * a name that is not in the table is a bug.
 */
#ifndef LIB_SETTINGS_H
#define LIB_SETTINGS_H

#include "lib/db.h"

enum setting_type {
	SETTING_CHOICE,    /* words: "no|plan|yes" */
	SETTING_REFERENCE, /* prefix of order numbers */
	SETTING_COUNT,     /* whole number, words: "0..100" or "hold|1.." */
	SETTING_AMOUNT,    /* money, kept as ten-thousandths */
	SETTING_DATE,      /* date-time with offset, or a word of `words`; kept as epoch seconds */
	SETTING_THING,     /* one thing of a live list; words: "system list"; kept as its id */
	SETTING_LIST, /* names of a live list, split by |; words: "system list"; kept as |3|17| */
	SETTING_NOMINAL, /* a nominal code or empty */
	SETTING_KEYS,    /* texts split by |, or none; kept folded, as |a|b| */
};

struct setting {
	const char *name;
	enum setting_type type;
	const char *otherwise; /* default, normalised */
	const char *words;
	unsigned required : 1;
};
extern const struct setting settings[];               /* end: name NULL */
const struct setting *setting_find(const char *name); /* NULL: no such setting */
const char *setting_nearest(const char *name);        /* for "did you mean"; NULL: none is near */

/* Normalise a value as typed; empty means the default.  NULL when it is fine (*value then
 * malloc'ed), else the complaint (malloc'ed).  db is needed for SETTING_THING and SETTING_LIST only;
 * without it, or when that list was never read, their names come to nothing. */
char *setting_read(struct db *, const struct setting *, const char *typed, char **value);
/* The same, and *warning: what a person should know all the same, malloc'ed or NULL. */
char *setting_check(struct db *, const struct setting *, const char *typed, char **value,
		    char **warning);

char *setting_text(struct db *, const char *name); /* malloc'ed, "" when empty */
int64_t setting_int(struct db *, const char *name,
		    int64_t otherwise); /* otherwise: when empty or a word */
bool setting_is(struct db *, const char *name, const char *value);

#endif
