/* How a value of settings.csv is read: one function per type. */
#include "lib/settings.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/map_resolve.h"
#include "lib/money.h"
#include "lib/words.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is read, and what comes of it. */
struct reading {
	struct db *db;
	const struct setting *setting;
	const char *typed;
	char *folded;
	char *value, *complaint, *warning;
};

static void read_choice(struct reading *r)
{
	static const char *const yesno[][2] = {
		{"true", "yes"}, {"1", "yes"}, {"false", "no"}, {"0", "no"}};
	const char *words = r->setting->words, *word = r->folded;

	for (size_t i = 0; i < sizeof yesno / sizeof *yesno; i++)
		if (!strcmp(word, yesno[i][0]))
			word = yesno[i][1];
	r->value = words_find(words, word);
	if (r->value)
		return;
	char *allowed = words_spoken(words), *near = words_suggest(words, r->typed);
	r->complaint = xasprintf("must be %s, not \"%s\"%s", allowed, r->typed, near);
	free(allowed);
	free(near);
}

static void read_reference(struct reading *r)
{
	size_t length = strlen(r->typed);

	for (const char *p = r->typed; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_./#", *p)) {
			r->complaint = xasprintf(
				"\"%s\" may hold only letters, digits and - _ . / #, as in BC-",
				r->typed);
			return;
		}
	if (length > 20)
		r->complaint = xasprintf(
			"\"%s\" is longer than 20 characters: write a short prefix, as in BC-",
			r->typed);
	else
		r->value = xstrdup(r->typed);
}

static void read_count(struct reading *r)
{
	const char *range = strstr(r->setting->words, "..");
	const char *begin = range;
	while (begin > r->setting->words && isdigit((unsigned char)begin[-1]))
		begin--;
	int64_t least = strtoimax(begin, NULL, 10),
		most = range[2] ? strtoimax(range + 2, NULL, 10) : INT32_MAX;
	size_t digits = strspn(r->folded, "0123456789");
	int64_t number = digits && digits < 12 ? strtoimax(r->folded, NULL, 10) : -1;

	r->value = words_find(r->setting->words, r->folded);
	if (r->value)
		return;
	if (!r->folded[digits] && number >= least && number <= most) {
		r->value = xasprintf("%" PRId64, number);
		return;
	}
	char *word = begin > r->setting->words
			     ? xasprintf("%.*s or ", (int)(begin - 1 - r->setting->words),
					 r->setting->words)
			     : xstrdup("");
	char *limit = range[2] ? xasprintf(" to %s", range + 2) : xstrdup(" on");
	r->complaint = xasprintf("must be %sa whole number from %" PRId64 "%s, not \"%s\"", word,
				 least, limit, r->typed);
	free(word);
	free(limit);
}

static void read_amount(struct reading *r)
{
	char *text = xstrdup(r->folded), *comma = strchr(text, ',');
	int64_t units;

	if (comma && !strchr(text, '.'))
		*comma = '.'; /* 0,05 */
	if (isdigit((unsigned char)*text) && !strpbrk(text, "e") && money_parse(text, &units))
		r->value = xasprintf("%" PRId64, units);
	else
		r->complaint = xasprintf("must be an amount like 0.05, not \"%s\"", r->typed);
	free(text);
}

/* Without an offset nobody can tell which moment a date means. */
static bool has_offset(const char *text)
{
	size_t length = strlen(text);
	const char *time = strpbrk(text, "Tt ");

	if (!time || length < 17)
		return false;
	return strpbrk(time, "Zz+-") != NULL;
}

#define FIRST 1230768000 /* 2009: there was no BigCommerce before */
#define AHEAD 3600       /* seconds that clocks may differ by */

/* A date that a typing error has moved far away. */
static bool is_likely(struct reading *r, int64_t epoch)
{
	if (epoch < FIRST)
		r->complaint = xasprintf(
			"\"%s\" is before 2009, when no shop of BigCommerce had an order yet: is the"
			" year right?%s",
			r->typed, r->setting->words ? " Write everything for all orders" : "");
	else if (epoch > AHEAD + db_int(r->db, 0,
					"SELECT max(?, coalesce(max(date), 0)) FROM server_clock",
					"i", clock_now() / 1000))
		r->complaint = xasprintf("\"%s\" is in the future: is the year right?", r->typed);
	return !r->complaint;
}

static void read_date(struct reading *r)
{
	int64_t epoch;

	r->value = r->setting->words ? words_find(r->setting->words, r->folded) : NULL;
	if (r->value)
		return;
	const char *word = r->setting->words;
	const char *more = word ? ", or the word " : "";
	bool is_date = strspn(r->typed, "0123456789") == 4 && clock_parse(r->typed, &epoch);
	if (is_date && has_offset(r->typed) && !is_likely(r, epoch))
		return;
	if (is_date && has_offset(r->typed))
		r->value = xasprintf("%" PRId64, epoch);
	else if (is_date)
		r->complaint = xasprintf(
			"\"%s\" could mean several moments: add the time and its offset from UTC,"
			" as in %.10sT00:00:00Z or %.10sT00:00:00+01:00%s%s",
			r->typed, r->typed, r->typed, more, word ? word : "");
	else
		r->complaint = xasprintf("must be a date and time with its offset from UTC, as in"
					 " 2026-01-01T00:00:00Z%s%s, not \"%s\"",
					 more, word ? word : "", r->typed);
}

/* Resolve one name of "system list"; NULL = it came to nothing. */
static char *read_name(struct reading *r, const char *typed)
{
	char *system = xstrdup(r->setting->words), *list = strchr(system, ' ');
	*list++ = 0;

	struct map_thing thing = map_resolve(r->db, system, list, typed, true);
	char *id = thing.id;
	thing.id = NULL;
	char **into = thing.found == MAP_WRONG ? &r->complaint : &r->warning;
	if (thing.message && !*into) {
		*into = thing.message;
		thing.message = NULL;
	}
	map_thing_free(&thing);
	free(system);
	return id;
}

static void read_thing(struct reading *r)
{
	char *id = read_name(r, r->typed);
	if (!r->complaint)
		r->value = id ? xstrdup(id) : xstrdup("");
	free(id);
}

static void read_list(struct reading *r)
{
	struct buf ids = buf_new(10000);
	char *names = xstrdup(r->typed), *rest = names;

	for (char *name; (name = strsep(&rest, "|"));) {
		char *id = *fold_trim(name) ? read_name(r, name) : NULL;
		if (id)
			buf_printf(&ids, "%s%s|", ids.size ? "" : "|", id);
		free(id);
	}
	free(names);
	r->value = buf_take(&ids);
}

static void read_nominal(struct reading *r)
{
	size_t length = strlen(r->typed);
	bool fine = length <= 10;

	for (const char *p = r->typed; *p; p++)
		fine = fine && isalnum((unsigned char)*p);
	if (fine)
		r->value = xstrdup(r->typed);
	else
		r->complaint = xasprintf(
			"\"%s\" is no nominal code: write the code of the account as Brightpearl"
			" shows it, as in 4000, or leave it empty",
			r->typed);
}

static void read_keys(struct reading *r)
{
	struct buf keys = buf_new(10000);
	char *texts = xstrdup(r->folded), *rest = texts;

	for (char *one; strcmp(r->folded, "none") != 0 && (one = strsep(&rest, "|"));)
		if (*fold_trim(one))
			buf_printf(&keys, "%s%s|", keys.size ? "" : "|", one);
	free(texts);
	r->value = buf_take(&keys);
}

char *setting_check(struct db *db, const struct setting *setting, const char *typed, char **value,
		    char **warning)
{
	static void (*const readers[])(struct reading *) = {
		[SETTING_CHOICE] = read_choice, [SETTING_REFERENCE] = read_reference,
		[SETTING_COUNT] = read_count,   [SETTING_AMOUNT] = read_amount,
		[SETTING_DATE] = read_date,     [SETTING_THING] = read_thing,
		[SETTING_LIST] = read_list,     [SETTING_NOMINAL] = read_nominal,
		[SETTING_KEYS] = read_keys,
	};
	char *trimmed = fold_trim(xstrdup(typed));
	struct reading r = {.db = db, .setting = setting, .typed = trimmed, .folded = fold(typed)};

	if (*trimmed)
		readers[setting->type](&r);
	else if (setting->required)
		r.complaint = xstrdup("must not be empty");
	else
		r.value = xstrdup(setting->otherwise);
	if (r.complaint) {
		free(r.value);
		r.value = NULL;
	}
	free(trimmed);
	free(r.folded);
	*value = r.value;
	*warning = r.warning;
	return r.complaint;
}

char *setting_read(struct db *db, const struct setting *setting, const char *typed, char **value)
{
	char *warning;
	char *complaint = setting_check(db, setting, typed, value, &warning);
	free(warning);
	return complaint;
}
