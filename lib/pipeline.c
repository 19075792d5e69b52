#include "lib/pipeline.h"

#include "lib/die.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

#define USUAL 8

struct flight {
	struct {
		struct asked about;
		struct call *call;
	} ring[PIPELINE_MOST];
	int first, count, most;
};

static void ask_ahead(struct job *job, const struct pipeline *p, struct flight *f)
{
	while (f->count < f->most) {
		struct asked about = {0};
		struct call *call = p->ask(job, p->context, &about);
		if (!call) {
			free(about.key);
			return;
		}
		int slot = (f->first + f->count++) % f->most;
		f->ring[slot].about = about;
		f->ring[slot].call = call;
	}
}

/* The oldest leaves the ring before it is waited for: its taker may ask for more of the same. */
static bool take_oldest(struct job *job, const struct pipeline *p, struct flight *f, bool fine)
{
	struct asked about = f->ring[f->first].about;
	struct call *call = f->ring[f->first].call;

	f->first = (f->first + 1) % f->most;
	f->count--;
	if (fine)
		fine = p->take(job, p->context, &about, call);
	else
		http_discard(job->http, call);
	free(about.key);
	return fine;
}

bool pipeline_run(struct job *job, const struct pipeline *p)
{
	struct flight f = {.most = p->ahead ? p->ahead : USUAL};
	int64_t done = 0;
	bool fine = true;

	if (f.most > PIPELINE_MOST)
		bug("%d requests in flight, at most %d", f.most, PIPELINE_MOST);
	for (;;) {
		if (fine)
			ask_ahead(job, p, &f);
		if (!f.count)
			break;
		fine = take_oldest(job, p, &f, fine);
		if (p->what)
			log_progress(p->what, ++done, p->total);
	}
	if (p->what)
		log_progress_end();
	return fine;
}

char *asked_next_ids(struct job *job, int64_t *last, int most)
{
	char *ids = db_text(job->db,
			    "SELECT group_concat(id) FROM (SELECT id FROM temp.asked WHERE id > ?"
			    " ORDER BY id LIMIT ?)",
			    "ii", *last, (int64_t)most);

	if (ids) {
		const char *comma = strrchr(ids, ',');
		*last = strtoll(comma ? comma + 1 : ids, NULL, 10);
	}
	return ids;
}
