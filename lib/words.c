#include "lib/words.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/fold.h"
#include "lib/nearest.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *words_spoken(const char *words)
{
	struct buf text = buf_new(2 * strlen(words) + 10);

	for (const char *p = words; *p; p++)
		if (*p != '|')
			buf_add(&text, p, 1);
		else
			buf_text(&text, strchr(p + 1, '|') ? ", " : " or ");
	return buf_take(&text);
}

char *words_find(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = words; length && *p;) {
		size_t width = strcspn(p, "|");
		if (width == length && !strncasecmp(p, word, length))
			return xasprintf("%.*s", (int)width, p);
		p += width + (p[width] == '|');
	}
	return NULL;
}

char *words_suggest(const char *words, const char *typed)
{
	char *folded = fold(typed), *copy = xstrdup(words), *rest = copy;
	struct nearest search = nearest_begin(folded);

	for (char *word; (word = strsep(&rest, "|"));) {
		char *other = fold(word);
		nearest_offer(&search, other, word);
		free(other);
	}
	free(copy);
	free(folded);
	return search.best[0] ? xasprintf(" (did you mean \"%s\"?)", search.best) : xstrdup("");
}
