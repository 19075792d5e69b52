#define _GNU_SOURCE
#include "redress.h"

#include "sandbox.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 6 /* bytes that one may become */

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static const char *dressed(const char *p, const char *text, const char *how)
{
	if (*p == '\n' && strstr(how, "crlf") && (p == text || p[-1] != '\r'))
		return "\r\n";
	return strstr(how, "entities") ? entity(*p) : NULL;
}

char *redress(const char *text, const char *switch_name)
{
	char *how = state_text("SELECT value FROM switch WHERE name = ?", "t", switch_name);
	char *result = calloc(strlen(text) + 1, LONGEST), *out = result;
	bool trimmed = strstr(how, "trimmed");

	if (trimmed)
		text += strspn(text, " \t\r\n");
	for (const char *p = text; *p; p++) {
		const char *instead = dressed(p, text, how);
		if (instead)
			out = stpcpy(out, instead);
		else
			*out++ = *p;
	}
	while (trimmed && out > result && strchr(" \t\r\n", out[-1]))
		*--out = 0;
	free(how);
	return result;
}
