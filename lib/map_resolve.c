#include "lib/map_resolve.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/map_lists.h"

#include <stdlib.h>
#include <string.h>

void map_thing_free(struct map_thing *thing)
{
	free(thing->id);
	free(thing->name);
	free(thing->message);
	*thing = (struct map_thing){0};
}

/* One question to one list. */
struct query {
	struct db *db;
	const char *system, *list;
	const char *typed; /* as written */
	char *folded;
	bool target;
};

static struct map_thing wrong(char *message)
{
	return (struct map_thing){.found = MAP_WRONG, .message = message};
}

static bool is_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return digits && digits <= 18 && !text[digits];
}

/* What follows "id:", NULL when the cell does not begin so. */
static const char *forced_id(const char *folded)
{
	if (strncmp(folded, "id:", 3) != 0)
		return NULL;
	return folded + 3 + (folded[3] == ' ');
}

char *map_bare_id(const char *typed)
{
	char *folded = fold(typed);
	const char *id = forced_id(folded);
	if (!id)
		id = folded;
	char *result = is_number(id) ? xstrdup(id) : NULL;
	free(folded);
	return result;
}

/* NULL = the list can be looked at; else the outcome without it. */
static struct map_thing *without_list(const struct query *q, struct map_thing *thing)
{
	const char *many = map_list_title(q->list)->many, *side = map_system_title(q->system);
	const char *id = forced_id(q->folded);

	STMT read = q->db ? db_prepare(q->db,
				       "SELECT unavailable FROM ref_read WHERE system = :system"
				       " AND list = :list")
			  : NULL;
	if (read) {
		bind(read, ":system", q->system);
		bind(read, ":list", q->list);
	}
	if (read && stmt_row(read)) {
		if (col_null(read, 0))
			return NULL;
		*thing = wrong(xasprintf(
			"%s's list of %s could not be read (%s), so \"%s\" cannot be looked"
			" up: write its id, as in %s",
			side, many, col_text(read, 0), q->typed,
			map_list_title(q->list)->codes ? "id:CODE" : "id:7"));
	} else {
		if (q->db &&
		    db_int(q->db, 0, "SELECT 1 FROM ref_list WHERE system = ? AND list = ? LIMIT 1",
			   "tt", q->system, q->list))
			return NULL;
		*thing = (struct map_thing){
			.found = MAP_UNCHECKED,
			.message = xasprintf("not checked: %s's list of %s was never read", side,
					     many)};
	}
	if (id) {
		map_thing_free(thing);
		thing->id = fold_trim(
			xstrdup(strchr(q->typed, ':') + 1)); /* codes keep their case */
	}
	return thing;
}

/* The things that the cell may mean, summed up. */
struct match {
	int by_name, by_id; /* things of that name; a different thing of that id */
	bool usable;        /* so is the first */
	char *id, *name;    /* of the first */
	char *other_id;     /* of a second, or of the one meant by id */
	struct buf ids;     /* "id:4 or id:17" */
};

static void match_free(struct match *m)
{
	free(m->id);
	free(m->name);
	free(m->other_id);
	buf_free(&m->ids);
}

static void match_add(struct match *m, sqlite3_stmt *row)
{
	bool by_name = col_int(row, 3);

	m->by_name += by_name;
	m->by_id += !by_name;
	buf_printf(&m->ids, "%sid:%s", m->id ? " or " : "", col_text(row, 0));
	if (m->id) {
		free(m->other_id);
		m->other_id = xstrdup(col_text(row, 0));
		return;
	}
	m->id = xstrdup(col_text(row, 0));
	m->name = xstrdup(col_text(row, 1));
	m->usable = col_int(row, 2);
}

/* Things that cannot be used stand back when one that can be has the same name or id: a status may
 * be there once for sales and once, refused, for purchases. */
static struct match find_matches(const struct query *q, const char *name, const char *id)
{
	struct match m = {.ids = buf_new(2000)};

	/* a status of BigCommerce goes by the name that the store gave it, too */
	STMT row = db_prepare(
		q->db,
		"WITH thing AS (SELECT id, name, usable, fold(name) AS folded, CASE WHEN list = "
		"'status'"
		"  AND json_valid(detail) THEN fold(detail ->> '$.custom_label') END AS label"
		"  FROM ref_list WHERE system = :system AND list = :list),"
		" hit AS MATERIALIZED ("
		"  SELECT id, name, usable, coalesce(:name IN (folded, label), 0) AS by_name"
		"  FROM thing WHERE :name = folded OR :name = label OR :id = fold(id))"
		" SELECT id, name, usable, by_name FROM hit WHERE usable = (SELECT max(usable) "
		"FROM hit)"
		" ORDER BY by_name DESC, length(id), id");
	bind(row, ":system", q->system);
	bind(row, ":list", q->list);
	bind_text(row, ":name", name);
	bind_text(row, ":id", id);
	while (stmt_row(row))
		match_add(&m, row);
	return m;
}

static struct map_thing found(const struct match *m)
{
	return (struct map_thing){.id = xstrdup(m->id), .name = fold(m->name)};
}

static struct map_thing not_found(const struct query *q)
{
	char *more = map_list_suggest(q->db, q->system, q->list, q->folded, q->target);
	struct map_thing thing = wrong(xasprintf("%s has no %s \"%s\"%s",
						 map_system_title(q->system),
						 map_list_title(q->list)->one, q->typed, more));
	free(more);
	db_run(q->db, "INSERT OR IGNORE INTO map_missed(system, list) VALUES(?, ?)", "tt",
	       q->system, q->list);
	return thing;
}

static struct map_thing ambiguous(const struct query *q, const struct match *m)
{
	const struct map_list *title = map_list_title(q->list);
	const char *side = map_system_title(q->system);

	if (m->by_name > 1)
		return wrong(xasprintf("%s has %d %s named \"%s\": write %s", side, m->by_name,
				       title->many, q->typed, m->ids.data));
	return wrong(xasprintf(
		"\"%s\" is the name of one %s and the id of another: write id:%s for the one"
		" named so, id:%s for the other",
		q->typed, title->one, m->id, m->other_id));
}

/* The thing that the cell meant when it last resolved, if it still exists. */
static struct match find_known(const struct query *q)
{
	char *id = db_text(
		q->db, "SELECT id FROM map_known WHERE system = ? AND list = ? AND name_fold = ?",
		"ttt", q->system, q->list, q->folded);
	char *folded = id ? fold(id) : NULL;
	struct match m = folded ? find_matches(q, NULL, folded) : (struct match){0};
	free(id);
	free(folded);
	return m;
}

static void remember(const struct query *q, const char *id)
{
	db_run(q->db,
	       "INSERT INTO map_known(system, list, name_fold, id) VALUES(?, ?, ?, ?)"
	       " ON CONFLICT DO UPDATE SET id = excluded.id",
	       "tttt", q->system, q->list, q->folded, id);
}

/* Found by name, but the name may have wandered from one thing to another since. */
static struct map_thing named(const struct query *q, const struct match *m)
{
	struct match known = find_known(q);
	struct map_thing thing;

	if (known.id && strcmp(known.id, m->id) != 0)
		thing = wrong(xasprintf(
			"\"%s\" used to be %s %s, which is now called \"%s\"; today it is the name"
			" of %s: write id:%s or id:%s",
			q->typed, map_list_title(q->list)->one, known.id, known.name, m->id,
			known.id, m->id));
	else {
		thing = found(m);
		remember(q, m->id);
	}
	match_free(&known);
	return thing;
}

static struct map_thing renamed_or_absent(const struct query *q, bool *usable)
{
	struct match known = find_known(q);
	struct map_thing thing;

	if (known.id) {
		thing = found(&known);
		thing.message = xasprintf(
			"\"%s\" was renamed to \"%s\" at %s: still understood, but"
			" write the new name",
			q->typed, known.name, map_system_title(q->system));
		*usable = known.usable;
	} else
		thing = not_found(q);
	match_free(&known);
	return thing;
}

static struct map_thing look_up(const struct query *q)
{
	const char *id = forced_id(q->folded);
	struct match m = find_matches(q, id ? NULL : q->folded, id ? id : q->folded);
	bool usable = m.usable;
	struct map_thing thing;

	if (!m.id)
		thing = id ? not_found(q) : renamed_or_absent(q, &usable);
	else if (m.by_name + m.by_id > 1)
		thing = ambiguous(q, &m);
	else
		thing = m.by_name ? named(q, &m) : found(&m);
	match_free(&m);
	if (thing.found == MAP_FOUND && q->target && !usable) {
		map_thing_free(&thing);
		thing = wrong(xasprintf(
			"%s lists the %s \"%s\" but refuses it here (hidden, disabled or of"
			" another kind): choose another",
			map_system_title(q->system), map_list_title(q->list)->one, q->typed));
	}
	return thing;
}

static bool is_bare(const struct query *q)
{
	const char *id = forced_id(q->folded);

	return is_number(id ? id : q->folded);
}

/* A number of a list that is not told in full: taken as it is where the list has no such thing. */
static struct map_thing bare(const struct query *q)
{
	const char *id = forced_id(q->folded);
	struct map_thing thing;
	bool unread = without_list(q, &thing);

	if (unread)
		map_thing_free(&thing);
	id = id ? id : q->folded;
	if (!unread) {
		struct match m = find_matches(q, NULL, id);
		bool listed = m.id;
		match_free(&m);
		if (listed)
			return look_up(q);
	}
	return (struct map_thing){
		.found = MAP_FOUND,
		.id = xstrdup(id),
		.name = xstrdup(id),
		.message = unread ? NULL
				  : xasprintf("%s lists no %s %s: it is sent as it is",
					      map_system_title(q->system),
					      map_list_title(q->list)->one, id)};
}

struct map_thing map_resolve(struct db *db, const char *system, const char *list, const char *typed,
			     bool target)
{
	struct query q = {db, system, list, typed, fold(typed), target};
	const char *id = forced_id(q.folded);
	struct map_thing thing;

	if (map_list_title(list)->bare && is_bare(&q))
		thing = bare(&q);
	else if (id && (!*id || (!map_list_title(list)->codes && !is_number(id))))
		thing = wrong(xasprintf("\"%s\" is no id: write %s", typed,
					map_list_title(list)->codes
						? "id: and its code"
						: "id: and a number, as in id:7"));
	else if (!without_list(&q, &thing))
		thing = look_up(&q);
	free(q.folded);
	return thing;
}
