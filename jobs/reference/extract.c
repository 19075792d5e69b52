/* The live lists of both systems, when they are due: older than api.reference_hours, or a mapping
 * was edited since (it may name something new). */
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/clock.h"
#include "lib/map.h"

#include <stdlib.h>
#include <string.h>

static bool due(struct job *job, const char *system, const char *list, int64_t hours)
{
	int64_t read_at = db_int(job->db, 0,
				 "SELECT read_at FROM ref_read WHERE system = ? AND list = ?", "tt",
				 system, list);
	int64_t age = clock_now() / 1000 - read_at;

	return age >= hours * 3600 || age < 0; /* our clock was set back */
}

static bool mappings_edited(struct job *job)
{
	char *folder = xasprintf("%s/mappings", job->store), *digest = map_digest(folder);
	char *known = db_text(job->db, "SELECT value FROM map_settings WHERE setting = '(digest)'",
			      "");
	bool edited = !known || strcmp(known, digest) != 0;

	free(folder);
	free(digest);
	free(known);
	return edited;
}

/* A name was not found, or its list could not be read: the other side may have been mended since. */
static bool name_missed(struct job *job)
{
	return db_int(job->db, 0, "SELECT count(*) FROM map_file WHERE complaints > 0", "") > 0;
}

/* The first time that both systems answered by these credentials: from now on the database is theirs
 * alone.  A mistyped store or account never comes so far. */
static void bind_database(struct job *job)
{
	db_begin(job->db);
	db_run(job->db,
	       "INSERT INTO binding(id, store_hash, account) VALUES(1, ?, ?) ON CONFLICT DO NOTHING",
	       "tt", job->config->store_hash, job->config->account);
	db_commit(job->db);
}

bool reference_extract(struct job *job)
{
	int64_t hours = setting_int(job->db, "api.reference_hours", 24);
	bool again = mappings_edited(job) || name_missed(job);

	if ((again || due(job, "brightpearl", "configuration", hours)) && !lists_read(job))
		return false;
	bind_database(job);
	if (due(job, "brightpearl", "product", hours) && !products_read(job, true))
		return false;
	return !due(job, "bigcommerce", "product", hours) || catalog_read(job);
}
