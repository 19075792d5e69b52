/* A cell that names a thing of one of the other systems' lists: which thing is it?
 *
 * By name (case and white space do not matter), by id, or by "id:7" where only the id may count.
 * What a name meant is remembered in map_known, so that a thing renamed over there is still found.
 */
#ifndef LIB_MAP_RESOLVE_H
#define LIB_MAP_RESOLVE_H

#include "lib/db.h"

enum map_found {
	MAP_FOUND,     /* id is set; message is a warning or NULL */
	MAP_UNCHECKED, /* the list was never read: id is NULL, message a warning */
	MAP_WRONG,     /* message is the complaint */
};

struct map_thing {
	enum map_found found;
	char *id;   /* NULL unless found */
	char *name; /* the thing's name today, folded; NULL when not known */
	char *message;
};
void map_thing_free(struct map_thing *);

/* db NULL = no list can be looked at.  target: the thing is to be set, not just matched, so it must
 * be one that the other side accepts. */
struct map_thing map_resolve(struct db *, const char *system, const char *list, const char *typed,
			     bool target);

/* "7" or "id:7" of a list that cannot be looked at; NULL when it is no such thing. */
char *map_bare_id(const char *typed);

#endif
