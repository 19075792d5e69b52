#include "lib/brightpearl/entries.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

/* Goods that move between warehouses are no order's. */
#define NO_TRANSFER "NOT coalesce(iif(e.type = 'object', flag(e.value ->> '$.transfer'), 0), 0)"

/* temp.get_entry(key, value, id, of_id, fine): the entries as they came; id NULL: it tells none. */
static void list_entries(struct job *job, const struct get *get, const char *body)
{
	char *id = get->id ? xasprintf("whole(iif(e.type = 'object', e.value -> '%s', NULL))",
				       get->id)
			   : xstrdup("whole(e.key)");
	char *of = get->of ? xasprintf("whole(iif(e.type = 'object', e.value -> '%s', NULL))",
				       get->of)
			   : xstrdup(id);
	char *sql = xasprintf(
		"INSERT INTO temp.get_entry SELECT e.key, CASE e.type WHEN 'text' THEN json_quote(e.value)"
		"  WHEN 'null' THEN 'null' WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE e.value END,"
		" iif(%s > 0, %s, NULL), %s,"
		" coalesce((%d OR e.type = 'object') AND %s > 0 AND iif(e.type = 'object', %s, 1), 0)"
		" FROM json_each(?, '$.response') e WHERE %s",
		id, id, of, get->judged_by_keep, of, get->entry ? get->entry : "1",
		get->of ? NO_TRANSFER : "1");

	db_script(job->db, "DROP TABLE IF EXISTS temp.get_entry; CREATE TEMP TABLE get_entry("
			   "key TEXT, value TEXT, id INTEGER, of_id INTEGER, fine INTEGER)");
	db_run(job->db, sql, "t", body);
	free(sql);
	free(of);
	free(id);
}

/* The record itself stands where a map with it may stand. */
static char *wrap(struct job *job, const char *id, const char *body)
{
	return db_text(
		job->db,
		"SELECT iif(json_type(?2, '$.response') = 'object' AND"
		"            json_type(?2, '$.response.' || json_quote(?1)) IS NULL,"
		"           json_object('response', json_object(?1, json(?2 -> '$.response'))), ?2)",
		"tt", id, body);
}

static char *check_envelope(struct job *job, const struct get *get, const char *body)
{
	char *type = db_text(job->db, "SELECT json_type(?, '$.response')", "t", body);
	bool empty = type && !strcmp(type, "array") &&
		     db_int(job->db, 0, "SELECT json_array_length(?, '$.response')", "t", body) ==
			     0;
	bool fits = type && (empty || !strcmp(type, get->id ? "array" : "object"));

	free(type);
	return fits ? NULL : xasprintf("it holds no %s of records", get->id ? "list" : "map");
}

static char *check_ids(struct job *job, const struct get *get, const char *ids)
{
	char *id = db_text(job->db,
			   "SELECT min(of_id) FROM temp.get_entry WHERE of_id > 0 AND of_id NOT IN"
			   " (SELECT value FROM json_each('[' || ? || ']'))",
			   "t", ids);
	char *odd = id ? xasprintf("it holds %s%s%s, which was not asked for",
				   get->of ? "a note of" : get->called, get->of ? " order " : " ",
				   id)
		       : NULL;

	free(id);
	if (odd)
		return odd;
	id = db_text(job->db,
		     "SELECT min(id) FROM (SELECT id FROM temp.get_entry WHERE id > 0"
		     " GROUP BY id HAVING count(*) > 1)",
		     "");
	odd = id ? xasprintf("it holds %s %s more than once", get->called, id) : NULL;
	free(id);
	if (!odd &&
	    db_int(job->db, 0, "SELECT count(*) > 0 AND count(id) = 0 FROM temp.get_entry", ""))
		return xstrdup("no entry of it has an id");
	return odd;
}

/* --- what cannot be read --------------------------------------------------------------------- */

static char *job_of(const struct job *job)
{
	char *name = xstrdup(job->stage);

	name[strcspn(name, ".")] = 0;
	return name;
}

void entries_reject(struct job *job, const struct get *get, const char *id, const char *why)
{
	char *name = job_of(job), *record = xasprintf("%s%s", get->record, id);
	char *said = quote_answer(why);
	char *message = xasprintf("Brightpearl's %s %s cannot be read: %s", get->called, id, said);
	bool own = !job->db->begun_at;

	if (own)
		db_begin(job->db);
	reject_open(
		job, name, record, "unreadable", message,
		"the others were read, and this one stays as it was; look at it in Brightpearl: it is"
		" asked for again, and this closes when it can be read");
	if (own)
		db_commit(job->db);
	free(message);
	free(said);
	free(record);
	free(name);
}

static void reject_unreadable(struct job *job, const struct get *get)
{
	char *list = db_text(
		job->db,
		"SELECT group_concat(id, ',') FROM temp.get_entry WHERE NOT fine AND id > 0", "");

	for (char *rest = list, *id; rest && (id = strsep(&rest, ","));) {
		char *value = db_text(job->db, "SELECT value FROM temp.get_entry WHERE id = ?", "i",
				      (int64_t)strtoll(id, NULL, 10));
		entries_reject(job, get, id, value);
		free(value);
	}
	free(list);
	char *nameless = db_text(job->db,
				 "SELECT value FROM temp.get_entry WHERE id IS NULL LIMIT 1", "");
	if (nameless)
		entries_reject(job, get, "(without an id)", nameless);
	free(nameless);
}

static void close_readable(struct job *job, const struct get *get, bool all)
{
	db_run(job->db,
	       "UPDATE reject SET closed_at = ?1 WHERE closed_at IS NULL AND reason = 'unreadable'"
	       " AND (key IN (SELECT ?2 || id FROM temp.get_entry WHERE fine)"
	       "      OR key = ?2 || '(without an id)' AND ?3)",
	       "iti", clock_now() / 1000, get->record, (int64_t)all);
}

static void settle_rejects(struct job *job, const struct get *get)
{
	bool all = db_int(job->db, 0, "SELECT count(*) = count(id) FROM temp.get_entry", "");

	if (!db_int(job->db, 0,
		    "SELECT EXISTS (SELECT 1 FROM temp.get_entry WHERE NOT fine) OR EXISTS (SELECT 1 FROM reject"
		    "  WHERE closed_at IS NULL AND reason = 'unreadable' AND key GLOB ? || '*')",
		    "t", get->record))
		return;
	db_begin(job->db);
	reject_unreadable(job, get);
	close_readable(job, get, all);
	db_commit(job->db);
}

/* --- what is handed over --------------------------------------------------------------------- */

/* temp.get_verdict(id, entry): of each id, whether it was answered, is not there, is to be asked for again;
 * those that cannot be read, or may be one that cannot, are left out. */
static void judge_ids(struct job *job, const struct get *get, const char *ids, bool again)
{
	char *sql = xasprintf(
		"DROP TABLE IF EXISTS temp.get_verdict; CREATE TEMP TABLE get_verdict AS"
		" SELECT id, CASE WHEN id IN (SELECT of_id FROM temp.get_entry WHERE NOT fine) THEN 'unread'"
		"   WHEN id IN (SELECT of_id FROM temp.get_entry) THEN 'there'"
		"   WHEN EXISTS (SELECT 1 FROM temp.get_entry WHERE id IS NULL OR of_id IS NULL) THEN 'unread'"
		"   WHEN %d AND (%s) THEN 'left out' ELSE 'absent' END AS verdict"
		" FROM (SELECT value AS id FROM temp.get_asked)",
		!again, get->twice ? get->twice : "0");

	db_script(job->db, "DROP TABLE IF EXISTS temp.get_asked;"
			   "CREATE TEMP TABLE get_asked(value INTEGER PRIMARY KEY)");
	db_run(job->db, "INSERT INTO temp.get_asked SELECT value FROM json_each('[' || ? || ']')",
	       "t", ids);
	db_script(job->db, sql);
	free(sql);
}

static char *ids_with(struct job *job, const char *verdicts)
{
	char *sql = xasprintf(
		"SELECT coalesce(group_concat(id), '') FROM (SELECT id FROM temp.get_verdict"
		" WHERE verdict IN (%s) ORDER BY id)",
		verdicts);
	char *ids = db_text(job->db, sql, "");

	free(sql);
	return ids;
}

static char *body_of(struct job *job, const struct get *get)
{
	return db_text(
		job->db,
		get->id ? "SELECT json_object('response', json_group_array(json(value)))"
			  " FROM temp.get_entry WHERE of_id IN"
			  " (SELECT id FROM temp.get_verdict WHERE verdict = 'there')"
			: "SELECT json_object('response', json_group_object(key, json(value)))"
			  " FROM temp.get_entry WHERE of_id IN"
			  " (SELECT id FROM temp.get_verdict WHERE verdict = 'there')",
		"");
}

/* Nothing of several that were told before: not all of them are gone at once. */
static bool holds_none(struct job *job, const struct get *get, const char *ids)
{
	char *sql = xasprintf(
		"SELECT NOT EXISTS (SELECT 1 FROM temp.get_entry) AND EXISTS (SELECT 1"
		" FROM (SELECT value AS id FROM json_each('[' || ? || ']')) WHERE %s)",
		get->twice);
	bool none = strchr(ids, ',') && db_int(job->db, 0, sql, "t", ids);

	free(sql);
	return none;
}

struct entries entries_read(struct job *job, const struct get *get, const char *ids, bool again,
			    const char *body)
{
	char *wrapped = get->bare ? wrap(job, ids, body) : xstrdup(body);
	struct entries e = {.odd = check_envelope(job, get, wrapped)};

	if (!e.odd) {
		list_entries(job, get, wrapped);
		e.odd = check_ids(job, get, ids);
	}
	if (!e.odd && get->never_none && !again && holds_none(job, get, ids))
		e.odd = xstrdup("it holds none of what was asked for");
	if (!e.odd) {
		settle_rejects(job, get);
		judge_ids(job, get, ids, again);
		e.ids = ids_with(job, "'there', 'absent'");
		e.left_out = ids_with(job, "'left out'");
		e.body = body_of(job, get);
	}
	free(wrapped);
	return e;
}

void entries_free(struct entries *e)
{
	free(e->odd);
	free(e->ids);
	free(e->body);
	free(e->left_out);
	*e = (struct entries){0};
}
