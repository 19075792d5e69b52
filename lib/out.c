#include "lib/out.h"

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/settings.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_UP_GAP 30 /* seconds between two look-ups that count as two */

static int64_t now(void)
{
	return clock_now() / 1000;
}

/* "UPDATE table SET change WHERE key = :key", with :text and :number if the change names them. */
static void change(struct job *job, const char *table, const char *set, const char *key,
		   const char *text, int64_t number)
{
	char *sql = xasprintf("UPDATE %s SET %s WHERE key = :key", table, set);
	{
		STMT st = db_prepare(job->db, sql);
		bind(st, ":key", key);
		if (sqlite3_bind_parameter_index(st, ":text"))
			bind(st, ":text", text);
		if (sqlite3_bind_parameter_index(st, ":number"))
			bind(st, ":number", number);
		stmt_run(st);
		if (!db_changes(job->db))
			bug("%s has no row %s", table, key);
	}
	free(sql);
}

void out_claim(struct job *job, const char *table, const char *key)
{
	change(job, table,
	       "state = 'claimed', sent = body, attempts = attempts + 1, claimed_at = :number,"
	       " looked_up_at = NULL, look_ups = 0, message = NULL",
	       key, NULL, now());
}

void out_done(struct job *job, const char *table, const char *key, int64_t remote_id)
{
	change(job, table, "state = 'done', remote_id = :number, message = NULL", key, NULL,
	       remote_id);
}

void out_count_came(struct job *job, const char *how, int64_t rows)
{
	job->counts.done += rows;
	if (strcmp(how, "found") == 0)
		job->counts.already_there += rows;
	else if (strcmp(how, "changed") == 0)
		job->counts.changed_there += rows;
	else if (strcmp(how, "short") == 0)
		job->counts.short_there += rows;
}

void out_came(struct job *job, const char *table, const char *key, const char *how)
{
	change(job, table, "how = coalesce(:text, iif(how IS NULL, 'created', 'changed'))", key,
	       how, 0);
	char *sql = xasprintf("SELECT how FROM %s WHERE key = ?", table);
	char *came = db_text(job->db, sql, "t", key);
	out_count_came(job, came, 1);
	free(came);
	free(sql);
}

void out_reject(struct job *job, const char *table, const char *key, const char *message)
{
	change(job, table, "state = 'rejected', message = :text", key, message, 0);
}

void out_release(struct job *job, const char *table, const char *key, const char *message)
{
	change(job, table, "state = 'pending', message = :text", key, message, 0);
}

void out_doubt(struct job *job, const char *table, const char *key, const char *message)
{
	change(job, table, "message = :text", key, message, 0);
}

bool out_absent(struct job *job, const char *table, const char *key, bool refuses_repeats)
{
	int64_t patience = 60 * setting_int(job->db, "api.in_doubt_minutes", 15);

	change(job, table,
	       "look_ups = look_ups + (looked_up_at IS NULL OR looked_up_at <= :number - 30),"
	       " looked_up_at = iif(looked_up_at IS NULL OR looked_up_at NOT BETWEEN :number - 29 AND"
	       " :number, :number, looked_up_at),"
	       " claimed_at = min(claimed_at, :number)", /* our clock was set back: wait anew */
	       key, NULL, now());
	_Static_assert(LOOK_UP_GAP == 30, "the SQL above says 30");
	char *sql = xasprintf("SELECT look_ups >= 2 AND claimed_at <= ? FROM %s WHERE key = ?",
			      table);
	bool safe = refuses_repeats || db_int(job->db, 0, sql, "it", now() - patience, key);
	free(sql);
	if (safe)
		out_release(job, table, key, NULL);
	return safe;
}

int64_t out_count(struct job *job, const char *table, const char *where)
{
	char *sql = xasprintf("SELECT count(*) FROM %s WHERE %s", table, where);
	int64_t count = db_int(job->db, 0, sql, "");

	free(sql);
	return count;
}
