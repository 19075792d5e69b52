#include "lib/bigcommerce/list.h"

#include "lib/bigcommerce/answer.h"
#include "lib/bigcommerce/list_page.h"
#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_AGAIN 3 /* times a list is begun anew before we give up for now */
#define SMALLEST   5 /* records of a page: where halving ends */
#define SURELY_ALLOWED                                                                             \
	50 /* the default limit; that a higher one is taken is not documented for every list */

void bc_date(struct buf *query, const char *name, int64_t epoch)
{
	char text[CLOCK_TEXT];

	clock_iso(text, epoch);
	text[19] = 0; /* the documented form has milliseconds and an offset */
	buf_printf(query, "&%s=", name);
	buf_query(query, text);
	buf_text(query, ".000%2B00%3A00");
}

/* One reading of a list, from its beginning. */
struct walk {
	struct job *job;
	const struct bc_list *list;
	struct bc_asked asked;
	struct call *first;
	struct bc_read *read;
	bool shrunk; /* to pages of fewer records: begun anew by number */
};

static char *address(const struct bc_list *list, const struct bc_asked *asked,
		     const struct bc_read *read)
{
	BUF path = buf_new(16384);
	const char *hole = strstr(list->path, "{}");
	char *more = list->query ? list->query(list->context, read) : NULL;
	bool v2 = !strncmp(list->path, "/v2/", 4);

	if (hole)
		buf_printf(&path, "%.*s%lld%s", (int)(hole - list->path), list->path,
			   (long long)list->order, hole + 2);
	else
		buf_text(&path, list->path);
	if (list->limit)
		buf_printf(&path, "%climit=%d", strchr(list->path, '?') ? '&' : '?', asked->limit);
	if (list->by_id)
		buf_printf(&path, v2 ? "&min_id=%lld" : "&id:greater=%lld",
			   (long long)asked->above + v2);
	else if (list->limit)
		buf_printf(&path, "&page=%lld", (long long)asked->page);
	if (more)
		buf_text(&path, more);
	free(more);
	return buf_take(&path);
}

static struct call *ask(struct job *job, const struct bc_list *list, const struct bc_asked *asked,
			const struct bc_read *read)
{
	char *path = address(list, asked, read);
	struct call *call = http_submit(
		job->http, &(struct http_request){.api = BIGCOMMERCE,
						  .method = "GET",
						  .path = path,
						  .max_bytes = list->max_bytes,
						  .may_be_absent = list->may_be_forbidden});
	free(path);
	return call;
}

static struct bc_asked from_the_start(const struct bc_list *list, int limit)
{
	return (struct bc_asked){.limit = limit, .page = 1, .above = list->above};
}

struct call *bc_list_ask(struct job *job, const struct bc_list *list)
{
	struct bc_asked asked = from_the_start(list, list->limit);

	return ask(job, list, &asked, &(struct bc_read){.total = -1});
}

static bool is_answer(const struct bc_list *list, int status)
{
	return status == 404   ? list->may_be_absent
	       : status == 403 ? list->may_be_forbidden
			       : status / 100 == 4 && list->may_be_refused;
}

/* A refusal that is an answer; else it is noted. */
static enum bc_end refused(struct walk *w, const struct reply *r)
{
	if (r->outcome == HTTP_REFUSED && is_answer(w->list, r->status)) {
		w->read->absent = r->status == 404;
		w->read->refused = !w->read->absent;
		snprintf(w->read->message, sizeof w->read->message, "%s", r->message);
		return BC_LAST;
	}
	char *name = bc_list_name(w->list);
	bc_failed(w->job, name, w->list->setting, r);
	free(name);
	return BC_FAILED;
}

/* A page that is too large, or too long for them, is asked for in smaller ones; those by number begin anew. */
static bool shrink(struct walk *w, const struct reply *r)
{
	int *limit = &w->asked.limit;

	if (r->outcome != HTTP_REFUSED)
		return false;
	if (r->status == 413 && *limit > SURELY_ALLOWED)
		*limit = SURELY_ALLOWED;
	else if (r->status == 200 && *limit > SMALLEST)
		*limit /= 2;
	else
		return false;
	w->shrunk = !w->list->by_id;
	return true;
}

static bool more_are_told(const struct walk *w, const struct bc_page *page)
{
	if (w->list->by_id)
		return page->total > page->rows;
	return page->pages >= 0 ? w->asked.page < page->pages : w->read->count < page->total;
}

static bool more_pages(struct walk *w, const struct bc_page *page)
{
	const struct bc_list *list = w->list;

	if (!page->rows || !list->limit)
		return false;
	if (page->rows >= w->asked.limit)
		return page->total < 0 || more_are_told(w, page);
	if (page->total >= 0 || page->pages >= 0)
		return more_are_told(w, page);
	/* V2 tells no total: by ids only an empty page is surely the last */
	if (!list->enough)
		return list->by_id && !strncmp(list->path, "/v2/", 4);
	return !list->enough(w->job, list->context);
}

/* The page into temp.page, or to the caller. */
static enum bc_end take(struct walk *w, const struct reply *r, struct bc_page *page)
{
	const struct bc_list *list = w->list;
	struct bc_read *read = w->read;

	db_begin(w->job->db);
	if (list->keep)
		db_script(w->job->db, "DELETE FROM temp.page");
	enum bc_end end = bc_page_take(w->job, list, &w->asked, r, page);
	if (end == BC_MORE && !list->by_id && read->total >= 0 && page->total >= 0 &&
	    read->total != page->total)
		end = BC_SHIFTED;
	if (end == BC_MORE) {
		read->count += page->rows;
		read->nameless += page->nameless;
		if (page->last > read->last)
			read->last = page->last;
		if (page->total >= 0)
			read->total = page->total;
		if (!read->pages++)
			read->date = r->date;
		if (list->keep)
			list->keep(w->job, list->context, read);
	}
	db_commit(w->job->db);
	return end;
}

/* The next page: BC_MORE = another one follows. */
static enum bc_end step_on(struct walk *w)
{
	struct bc_page page;
	REPLY r = http_wait(w->job->http,
			    w->first ? w->first : ask(w->job, w->list, &w->asked, w->read));

	w->first = NULL;
	if (shrink(w, &r))
		return w->list->by_id ? BC_MORE : BC_SHIFTED;
	if (r.outcome != HTTP_OK)
		return refused(w, &r);
	enum bc_end end = take(w, &r, &page);
	if (end != BC_MORE) {
		w->read->odd = true;
		return end;
	}
	bool more = more_pages(w, &page);
	if (w->list->page_bytes && r.size > w->list->page_bytes && w->asked.limit > SMALLEST)
		w->asked.limit /= 2;
	w->asked.page++;
	if (page.last > w->asked.above)
		w->asked.above = page.last;
	else if (w->list->by_id)
		more = false; /* records without ids alone: nothing to go on from */
	return more ? BC_MORE : BC_LAST;
}

/* Whether it gave what it counts. */
static bool adds_up(const struct bc_list *list, const struct bc_read *read)
{
	return list->by_id || list->uncounted || read->absent || read->refused || read->total < 0 ||
	       read->total == read->count;
}

static enum bc_end read_once(struct walk *w)
{
	enum bc_end end;

	*w->read = (struct bc_read){.total = -1};
	w->shrunk = false;
	w->asked = from_the_start(w->list, w->asked.limit);
	bc_page_begin(w->job);
	do
		end = step_on(w);
	while (end == BC_MORE);
	return end == BC_LAST && !adds_up(w->list, w->read) ? BC_SHIFTED : end;
}

bool bc_list_read(struct job *job, const struct bc_list *list, struct call *first,
		  struct bc_read *read)
{
	struct walk w = {
		.job = job, .list = list, .first = first, .read = read, .asked.limit = list->limit};
	enum bc_end end = BC_SHIFTED;
	char *name = bc_list_name(list);

	for (int again = 0; end == BC_SHIFTED && again < READ_AGAIN; again += !w.shrunk)
		end = read_once(&w);
	if (end == BC_LAST)
		bc_page_tell_nameless(job, list);
	read->odd &= end != BC_LAST;
	if (end == BC_SHIFTED) {
		read->odd = true;
		job_note(
			job, EX_TEMPFAIL,
			"BigCommerce: reading %s: the list kept changing while it was read, or counts"
			" other records than it gives (%lld given, %lld counted)",
			name, (long long)read->count, (long long)read->total);
	}
	free(name);
	return end == BC_LAST;
}
