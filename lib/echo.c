#include "lib/echo.h"

#include "lib/die.h"
#include "lib/entity.h"
#include "lib/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static char *decode_all(const char *text)
{
	char *inner = entity_decode(text);

	for (bool again = true; again;) {
		char *next = entity_decode(inner);
		again = strlen(next) < strlen(inner); /* an entity is longer than its text */
		free(inner);
		inner = next;
	}
	return inner;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Without blanks before a line break, at the beginning and at the end; in place. */
static void trim_lines(char *text)
{
	char *out = text;

	for (const char *in = text + strspn(text, " \t\n"); *in; in++) {
		if (*in == '\n')
			while (out > text && (out[-1] == ' ' || out[-1] == '\t'))
				out--;
		*out++ = *in;
	}
	while (out > text && is_blank(out[-1]))
		out--;
	*out = 0;
}

char *echo_bare(const char *text)
{
	char *broken = xstrdup(text);

	for (char *p = broken; (p = strchr(p, '\r'));)
		if (p[1] == '\n')
			memmove(p, p + 1, strlen(p));
		else
			*p = '\n';
	char *decoded = decode_all(broken), *bare = fold_text(decoded);
	free(broken);
	free(decoded);
	trim_lines(bare);
	return bare;
}
