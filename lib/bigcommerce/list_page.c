#include "lib/bigcommerce/list_page.h"

#include "lib/bigcommerce/answer.h"
#include "lib/die.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

void bc_page_begin(struct job *job)
{
	db_script(job->db, "DROP TABLE IF EXISTS temp.page; DROP TABLE IF EXISTS temp.page_seen;"
			   "DROP TABLE IF EXISTS temp.page_nameless;"
			   "CREATE TEMP TABLE page(payload TEXT, id INTEGER, order_id INTEGER);"
			   "CREATE TEMP TABLE page_seen(id INTEGER PRIMARY KEY);"
			   "CREATE TEMP TABLE page_nameless(payload TEXT)");
}

char *bc_list_name(const struct bc_list *list)
{
	return list->order ? xasprintf("the %s of order %lld", list->what, (long long)list->order)
			   : xstrdup(list->what);
}

static bool is_v3(const struct bc_list *list)
{
	return !strncmp(list->path, "/v3/", 4);
}

static bool odd(struct job *job, const struct bc_list *list, const struct reply *r, const char *why)
{
	char *name = bc_list_name(list);

	bc_odd(job, name, r, why);
	free(name);
	return false;
}

/* An error that came as a success is no list, whatever else stands beside it. */
static bool has_envelope(struct job *job, const struct bc_list *list, const struct reply *r)
{
	static const char v2[] = "SELECT json_type(?1) = 'array'";
	static const char v3[] =
		"SELECT json_type(?1) = 'object' AND coalesce(json_type(?1, '$.data'), '') IN ('array', ?2)"
		" AND coalesce(nullif(json(?1 -> '$.errors'), '{}'), '[]') IN ('[]', 'null')"
		" AND coalesce(whole(?1 -> '$.status'), 200) < 300"
		" AND coalesce(json_type(?1, '$.meta.pagination'), 'object') IN ('object', 'array', 'null')";

	if (r->status != 200)
		return odd(job, list, r, "neither 200 nor 204");
	if (is_v3(list)
		    ? !db_int(job->db, 0, v3, "tt", r->body, list->null_is_none ? "null" : "array")
		    : !db_int(job->db, 0, v2, "t", r->body))
		return odd(job, list, r, is_v3(list) ? "no {\"data\": [...]}" : "no list");
	return true;
}

/* Every element, in the order of the list; those that are no objects have no id and fit nothing. */
static void split(struct job *job, const struct bc_list *list, const struct reply *r)
{
	char *sql = xasprintf(
		"INSERT INTO temp.page_row SELECT key, iif(type = 'object', %s, NULL),"
		" iif(type = 'object', value -> '$.order_id', NULL),"
		" coalesce(iif(type = 'object', %s, 0), 0), value FROM json_each(?, '%s')"
		" WHERE typeof(key) = 'integer'",
		list->id ? list->id : "whole(value -> '$.id')",
		list->shape ? list->shape : "json_type(value, '$.name') IS NOT NULL",
		is_v3(list) ? "$.data" : "$");

	db_script(job->db,
		  "DROP TABLE IF EXISTS temp.page_row; CREATE TEMP TABLE page_row"
		  "(position INTEGER, id INTEGER, of_order TEXT, fits INTEGER, payload TEXT)");
	db_run(job->db, sql, "t", r->body);
	db_script(job->db, "UPDATE temp.page_row SET id = NULL WHERE id < 0");
	free(sql);
}

static int64_t count(struct job *job, const char *where)
{
	char *sql = xasprintf("SELECT count(*) FROM temp.page_row WHERE %s", where);
	int64_t rows = db_int(job->db, 0, sql, "");

	free(sql);
	return rows;
}

static bool rows_fit(struct job *job, const struct bc_list *list, const struct bc_asked *asked,
		     const struct reply *r, struct bc_page *page)
{
	if (asked->limit && page->rows > asked->limit)
		return odd(job, list, r, "more records than were asked for");
	if (page->rows && (!count(job, "fits") || (list->each && count(job, "NOT fits"))))
		return odd(job, list, r, "records of another kind");
	/* nothing to go on from, and more may follow */
	if (list->by_id && page->rows >= asked->limit && page->rows == page->nameless)
		return odd(job, list, r, "ids that cannot be read");
	if (page->nameless && !list->nameless)
		return odd(job, list, r, "a record without an id that can be read");
	if (list->order &&
	    db_int(job->db, 0,
		   "SELECT EXISTS (SELECT 1 FROM temp.page_row WHERE of_order <> 'null'"
		   " AND whole(of_order) IS NOT ?)",
		   "i", list->order))
		return odd(job, list, r, "a record of another order");
	return true;
}

/* By ids each is above the one before it: else some might have been passed over. */
static bool ids_ascend(struct job *job, const struct bc_asked *asked)
{
	return db_int(
		job->db, 0,
		"SELECT NOT EXISTS (SELECT 1 FROM (SELECT id, lag(id, 1, ?) OVER (ORDER BY position)"
		" AS before FROM temp.page_row WHERE id IS NOT NULL) WHERE id <= before)",
		"i", asked->above);
}

static int64_t told(struct job *job, const struct reply *r, const char *field)
{
	return db_int(
		job->db, -1,
		"SELECT iif(json_type(?1) = 'object', whole(?1 -> ('$.meta.pagination.' || ?2)), NULL)",
		"tt", r->body, field);
}

static bool counts_fit(struct job *job, const struct bc_list *list, const struct bc_asked *asked,
		       const struct reply *r, struct bc_page *page)
{
	int64_t rows = told(job, r, "count"), number = told(job, r, "current_page");

	page->total = told(job, r, "total");
	page->pages = told(job, r, "total_pages");
	if (rows >= 0 && rows != page->rows)
		return odd(job, list, r, "it counts other records than it gives");
	if (!list->by_id && list->limit && number >= 0 && number != asked->page)
		return odd(job, list, r, "another page than was asked for");
	if (page->total >= 0 && page->total < page->rows)
		return odd(job, list, r, "it counts fewer records than it gives");
	if (list->by_id && !page->rows && page->total > 0)
		return odd(job, list, r, "it counts records and gives none");
	return true;
}

/* By pages: one whose records were all seen before brings nothing new, one of which some were has moved. */
static enum bc_end compare_seen(struct job *job, const struct bc_list *list, const struct reply *r)
{
	int64_t named = count(job, "id IS NOT NULL");
	int64_t new = db_int(job->db, 0,
			     "SELECT count(DISTINCT id) FROM temp.page_row"
			     " WHERE id NOT IN (SELECT id FROM temp.page_seen)",
			     "");

	if (new == named)
		return BC_MORE;
	if (new)
		return BC_SHIFTED;
	odd(job, list, r, "records that were on a page before it");
	return BC_FAILED;
}

static void add_rows(struct job *job, const struct bc_list *list)
{
	db_run(job->db,
	       "INSERT INTO temp.page SELECT payload, id, nullif(?, 0) FROM temp.page_row"
	       " WHERE id IS NOT NULL OR ? ORDER BY position",
	       "ii", list->order, (int64_t)(list->nameless && !*list->nameless));
	db_script(
		job->db,
		"INSERT OR IGNORE INTO temp.page_seen SELECT id FROM temp.page_row WHERE id IS NOT NULL;"
		"INSERT INTO temp.page_nameless SELECT payload FROM temp.page_row WHERE id IS NULL");
}

enum bc_end bc_page_take(struct job *job, const struct bc_list *list, const struct bc_asked *asked,
			 const struct reply *r, struct bc_page *page)
{
	*page = (struct bc_page){.total = -1, .pages = -1};
	if (r->status == 204)
		return BC_MORE;
	if (!has_envelope(job, list, r))
		return BC_FAILED;
	split(job, list, r);
	page->rows = count(job, "true");
	page->nameless = count(job, "id IS NULL");
	if (!rows_fit(job, list, asked, r, page) || !counts_fit(job, list, asked, r, page))
		return BC_FAILED;
	page->last = db_int(job->db, 0, "SELECT max(id) FROM temp.page_row", "");
	if (list->by_id && !ids_ascend(job, asked)) {
		odd(job, list, r, "ids that do not go up from the one asked for");
		return BC_FAILED;
	}
	enum bc_end end = list->by_id ? BC_MORE : compare_seen(job, list, r);
	if (end == BC_MORE)
		add_rows(job, list);
	return end;
}

/* Told only when each record is of the right kind, so its text is a record's. */
static void tell(struct job *job, const struct bc_list *list, const char *prefix)
{
	STMT st = db_prepare(job->db, "SELECT :prefix || substr(sha256(payload), 1, 8), payload"
				      "  FROM temp.page_nameless ORDER BY rowid LIMIT 50");

	bind(st, ":prefix", prefix);
	while (stmt_row(st)) {
		char *quote = quote_answer(col_text(st, 1)), *name = bc_list_name(list);
		char *message = xasprintf(
			"BigCommerce lists under %s a record without an id that can"
			" be read: %s",
			name, quote);
		reject_open(job, list->job, col_text(st, 0), "unreadable_id", message,
			    "look for it in BigCommerce by what is quoted; once its id can be read,"
			    " it is taken like any other");
		free(message);
		free(name);
		free(quote);
	}
}

void bc_page_tell_nameless(struct job *job, const struct bc_list *list)
{
	if (!list->nameless || !*list->nameless)
		return;
	char *prefix = list->order ? xasprintf("%s:%lld:unknown-", list->nameless,
					       (long long)list->order)
				   : xasprintf("%s:unknown-", list->nameless);
	db_begin(job->db);
	db_run(job->db,
	       "UPDATE reject SET closed_at = unixepoch() WHERE job = ?1 AND closed_at IS NULL"
	       " AND reason = 'unreadable_id' AND substr(key, 1, length(?2)) = ?2 AND key NOT IN"
	       " (SELECT ?2 || substr(sha256(payload), 1, 8) FROM temp.page_nameless)",
	       "tt", list->job, prefix);
	tell(job, list, prefix);
	db_commit(job->db);
	free(prefix);
}
