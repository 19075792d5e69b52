#include "lib/governor.h"

#include <string.h>

#define LARGEST_QUOTA   1000000
#define SHORTEST_WINDOW 1000
#define LONGEST_WINDOW  60000 /* of those that the two document: 30 s and a minute */
#define LONGEST_BLOCK   600000
#define SOON_MS         50    /* ask again when an answer may change things at any moment */
#define PROBE_MS        10000 /* a first request unanswered for so long is no reason to wait longer */

/* What `end` rests on: nothing, the window before, an answer of this window. */
enum known { GUESSED, PREDICTED, TOLD };

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t assumed_quota(int64_t api)
{
	return api == BIGCOMMERCE ? 150 : 200;
}

void governor_window_reset(struct governor_window *w, enum api api)
{
	*w = (struct governor_window){
		.api = api,
		.length = api == BIGCOMMERCE ? 30000 : 60000,
		.quota = assumed_quota(api),
		.lowest = LARGEST_QUOTA,
	};
}

static bool in_range(int64_t value, int64_t low, int64_t high)
{
	return value >= low && value <= high;
}

/* A file of another machine, half an update, a clock set back: begin anew rather than wait for
 * ever. */
static bool sane(const struct governor_window *w, int64_t now)
{
	return in_range(w->length, SHORTEST_WINDOW, LONGEST_WINDOW) &&
	       in_range(w->quota, 1, LARGEST_QUOTA + 1) &&
	       in_range(w->lowest, -LARGEST_QUOTA, LARGEST_QUOTA) &&
	       in_range(w->answered, 0, w->used) && in_range(w->used, 0, LARGEST_QUOTA) &&
	       in_range(w->carried, 0, LARGEST_QUOTA) && in_range(w->start, 0, w->end) &&
	       in_range(w->most, 0, LARGEST_QUOTA + 1) && w->end - now <= 2 * w->length &&
	       w->blocked_until - now <= LONGEST_BLOCK;
}

static void make_sane(struct governor_window *w, int64_t now)
{
	int64_t number = w->number;

	if (sane(w, now))
		return;
	governor_window_reset(w, w->api == BRIGHTPEARL ? BRIGHTPEARL : BIGCOMMERCE);
	w->number = number + 1;
}

static void begin(struct governor_window *w, int64_t start, int64_t end, enum known known)
{
	w->number++;
	w->start = start;
	w->end = end;
	w->known = known;
	w->carried = w->used - w->answered;
	w->used = w->answered = 0;
	w->lowest = LARGEST_QUOTA;
	if (w->most)
		w->quota = greatest(w->most, assumed_quota(w->api));
	w->most = 0;
	w->others_before = w->others;
	w->others = 0;
}

/* By the clock: the next window follows at once, or after a pause begins somewhere, we shall see. */
static void advance(struct governor_window *w, int64_t now)
{
	if (now < w->end)
		return;
	bool next = now < w->end + w->length;
	begin(w, next ? w->end : now, (next ? w->end : now) + w->length,
	      next && w->known != GUESSED ? PREDICTED : GUESSED);
	if (!next)
		w->carried = 0;
}

static int64_t flying(const struct governor_window *w)
{
	return w->used - w->answered + w->carried;
}

/* When more may be possible: an answer under way can raise what we think is left. */
static int64_t again(const struct governor_window *w, int64_t now)
{
	return flying(w) ? least(SOON_MS, w->end - now) : w->end - now;
}

static bool must_probe(const struct governor_window *w, int64_t now)
{
	return (w->known == GUESSED || w->others_before) && w->used && !w->answered &&
	       now - w->taken_at < PROBE_MS;
}

int64_t governor_window_take(struct governor_window *w, int share, int64_t now,
			     struct governor_ticket *ticket)
{
	make_sane(w, now);
	if (now < w->blocked_until)
		return w->blocked_until - now;
	advance(w, now);
	int64_t allowed = w->quota * share / 100, left = least(w->lowest, w->quota - w->answered);
	left -= flying(w);
	if (allowed < 1)
		allowed = 1;
	/* others go on sending while our answer is under way */
	int64_t spare = w->used && (w->others || w->others_before) ? 2 + w->quota / 100 : 0;
	if (must_probe(w, now))
		return least(SOON_MS, w->end - now);
	if (w->used + w->carried >= allowed || left <= spare)
		return again(w, now);
	w->used++;
	w->taken_at = now;
	*ticket = (struct governor_ticket){.window = w->number, .sent_at = now};
	return 0;
}

static struct governor_told clamp(const struct governor_told *told, int64_t length)
{
	struct governor_told t = *told;

	if (!in_range(t.length_ms, SHORTEST_WINDOW, LONGEST_WINDOW))
		t.length_ms = length;
	if (!in_range(t.quota, 1, LARGEST_QUOTA))
		t.quota = -1;
	if (!in_range(t.left, 0, LARGEST_QUOTA))
		t.left = -1;
	if (!in_range(t.reset_ms, 0, LONGEST_WINDOW))
		t.reset_ms = -1;
	else
		t.reset_ms = least(t.reset_ms, t.length_ms);
	return t;
}

/* The answer of a request sent in an earlier window: did it count in this one?  Its window ended
 * between sent + reset and now + reset. */
static bool belongs(struct governor_window *w, const struct governor_ticket *ticket,
		    const struct governor_told *t)
{
	if (ticket->window == w->number - 1 && w->carried)
		w->carried--;
	if (t->reset_ms < 0 || ticket->sent_at + t->reset_ms <= w->start + w->length / 4)
		return false;
	w->used++;
	w->answered++;
	return true;
}

/* An answer tells where the window ends.  One that ends far after ours was counted in the next one:
 * theirs has begun, a little before we thought. */
static void place(struct governor_window *w, int64_t from, int64_t to)
{
	if (w->known != GUESSED && from > w->end + w->length / 4) {
		begin(w, to - w->length, to, TOLD);
		w->used = w->answered = 1;
	} else if (w->known != TOLD || to < w->end || from > w->end) {
		w->end = to;
		w->start = least(w->start, w->end);
	}
	w->known = TOLD;
}

/* Brightpearl tells no quota, only what is left, the request just answered being counted. */
static void learn_quota(struct governor_window *w, const struct governor_told *t)
{
	if (t->quota > 0) {
		w->quota = t->quota;
		w->most = 0;
	} else if (t->left >= 0) {
		w->most = greatest(w->most, t->left + 1);
		w->quota = greatest(w->quota, w->most);
	}
}

void governor_window_answered(struct governor_window *w, const struct governor_ticket *ticket,
			      const struct governor_told *told, int64_t now)
{
	make_sane(w, now);
	struct governor_told t = clamp(told, w->length);
	w->length = t.length_ms;
	learn_quota(w, &t);
	if (ticket->window == w->number)
		w->answered += w->answered < w->used;
	else if (!belongs(w, ticket, &t))
		return;
	if (t.reset_ms >= 0)
		place(w, ticket->sent_at + t.reset_ms, now + t.reset_ms);
	if (t.left < 0) {
		w->lowest--;
		return;
	}
	w->lowest = least(w->lowest, t.left);
	if (w->quota - t.left - w->used - w->carried > w->others)
		w->others = w->quota - t.left - w->used - w->carried;
}

void governor_window_lost(struct governor_window *w, const struct governor_ticket *ticket)
{
	if (ticket->window == w->number) {
		w->answered += w->answered < w->used;
		w->lowest--;
	}
}
