/* The mapping files: read, checked against the live lists, loaded into map_*.
 *
 * map_load() reads the nine files of STORE/mappings, resolves names and ids against ref_list,
 * fills the map_ tables and map_complaint, and returns how many complaints (not warnings) there
 * are.  A file with complaints keeps the rows that are fine, but map_file.stops tells jobs that
 * read it to stop (map_unusable).  In sku_keys, stock and taxes a bad line is kept too, with what is
 * wrong with it in column `bad`: the records that it speaks of wait.  All in the caller's
 * transaction.
 *
 * The columns of each file, their types and the lists that they name stand in one table, map_files
 * (map_files.c); mappings/datapackage.json says the same for other programs and a test compares.
 */
#ifndef LIB_MAP_H
#define LIB_MAP_H

#include "lib/db.h"

enum map_type {
	MAP_TEXT,     /* free text */
	MAP_YESNO,    /* yes/no, true/false, 1/0 */
	MAP_COUNT,    /* whole number >= 0 */
	MAP_RATE,     /* 20, 20 %, 20,0; empty or * = any */
	MAP_LIST,     /* a name or id of the live list named */
	MAP_CHOICE,   /* one of the words named */
	MAP_COUNTRY,  /* ISO alpha-2 or English name */
	MAP_CURRENCY, /* three letters */
	MAP_SKU,      /* told when a spreadsheet damaged it */
	MAP_ID,       /* 7 or id:7, of a list that the API does not offer */
	/* columns with rules of their own: */
	MAP_SYNC,     /* yes, no or hold */
	MAP_UPDATE,   /* a value of customers.update, empty = as the rule says */
	MAP_RESERVE,  /* 1, 2, ... or no */
	MAP_PUBLISH,  /* yes, no or a whole number */
	MAP_STATUSES, /* BigCommerce statuses, split by | */
	MAP_SETTING,  /* setting name */
	MAP_VALUE,    /* setting value */
};

struct map_column {
	const char *name;
	enum map_type type;
	/* MAP_LIST.  system "from" = that of the row's `from`, "to" = the other one; list then holds
	 * BigCommerce's and Brightpearl's list, "status|order_status", empty = free text there. */
	const char *system, *list;
	/* MAP_CHOICE: "a|b"; MAP_COUNT: what an empty cell means; others: special words allowed */
	const char *words;
	unsigned key : 1;      /* selects records; part of the unique key; "*" allowed */
	unsigned exact : 1;    /* a key that takes no "*" */
	unsigned required : 1; /* the cell may not be empty */
	unsigned optional : 1; /* files made before it was there do without it */
};

struct map_file {
	const char *name;                 /* statuses.csv; the table is map_statuses */
	const char *empty_becomes;        /* what an empty `becomes` means, printed by the check */
	const struct map_column *columns; /* end: name NULL */
	bool by_line; /* a bad line stops the records that it speaks of, not the jobs that read it */
};
extern const struct map_file map_files[]; /* end: name NULL */

int map_load(struct db *, const char *folder);

/* SHA-256 over the nine files' bytes, hex, malloc'ed: has anything been edited? */
char *map_digest(const char *folder);

/* One line per complaint and warning: "mappings/statuses.csv:7: becomes: Brightpearl has no ...".
 * Returns the text, malloc'ed, "" when there is none. */
char *map_complaints(struct db *);

/* What there is of each list of which something was named that is not there, in columns; malloc'ed,
 * "" when nothing was. */
char *map_names(struct db *);

/* Names of the files among `files` ("settings.csv statuses.csv") that have complaints, malloc'ed,
 * NULL when all are usable; bad lines of a by_line file do not count. */
char *map_unusable(struct db *, const char *files);

#endif
