/* Requests kept in flight, their answers handed over in the order of the asking.
 *
 * The caller tells the next request, and takes its answer:
 *
 *   static struct call *ask(struct job *job, void *context, struct asked *about)
 *   {
 *           about->id = ...the next one after *context...;
 *           return about->id ? http_submit(job->http, &(struct http_request){...}) : NULL;
 *   }
 *   static bool take(struct job *job, void *context, const struct asked *about, struct call *call)
 *   {
 *           REPLY r = http_wait(job->http, call);
 *           ...
 *   }
 *   bool fine = pipeline_run(job, &(struct pipeline){.ask = ask, .take = take, .context = &last});
 *
 * What is next is looked up anew for each request, by what was asked last: no statement may stay open
 * while answers are written down.
 */
#ifndef LIB_PIPELINE_H
#define LIB_PIPELINE_H

#include "lib/stage.h"

#define PIPELINE_MOST 64

/* What a request is about; whatever the caller wants to know of it when its answer is there. */
struct asked {
	int64_t id;
	char *key; /* malloc'ed, freed after the answer; NULL is fine */
};

struct pipeline {
	int ahead;     /* requests asked for before they are needed; 0: 8.  http sends as many of
			  them at a time as settings allow */
	void *context; /* of both functions */
	/* The next request, submitted; NULL: there is none, now or after an answer that is still out. */
	struct call *(*ask)(struct job *, void *context, struct asked *);
	/* Waits for the answer.  False: nothing more is asked, what is in flight is read and forgotten. */
	bool (*take)(struct job *, void *context, const struct asked *, struct call *);
	const char *what; /* "sales orders", for progress; NULL: none is shown */
	int64_t total;    /* requests expected, for progress */
};

/* The next of temp.asked(id) after *last, at most so many, as "1001,1002"; *last becomes the highest.
 * malloc'ed; NULL when there are none. */
char *asked_next_ids(struct job *, int64_t *last, int most);

/* False: a take() said so. */
bool pipeline_run(struct job *, const struct pipeline *);

#endif
