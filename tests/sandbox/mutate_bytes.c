/* Mutations of an answer's text: what no parser should take, or take apart in another way. */
#include "mutate_p.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEP 3000

static char *joined(const char *a, size_t a_size, const char *b, const char *c)
{
	char *text = malloc(a_size + strlen(b) + strlen(c) + 1);

	memcpy(text, a, a_size);
	strcpy(text + a_size, b);
	strcat(text, c);
	return text;
}

/* The value of the first field that is a number: its place and length. */
static char *first_number(char *body, size_t *length)
{
	for (char *p = strchr(body, ':'); p; p = strchr(p + 1, ':'))
		if (isdigit((unsigned char)p[1])) {
			*length = strspn(p + 1, "0123456789.eE+-");
			return p + 1;
		}
	return NULL;
}

/* Behind the first letter of the first text that is a field's value. */
static char *first_text(char *body)
{
	for (char *p = strstr(body, ":\""); p; p = strstr(p + 1, ":\""))
		if (isalpha((unsigned char)p[2]))
			return p + 3;
	return NULL;
}

static char *nested(const char *body)
{
	char *text = malloc(strlen(body) + 2 * DEEP + 1);

	memset(text, '[', DEEP);
	strcpy(text + DEEP, body);
	size_t size = strlen(text);
	memset(text + size, ']', DEEP);
	text[size + DEEP] = '\0';
	return text;
}

/* Each object's first field a second time, as null. */
static char *doubled_names(const char *body)
{
	char *text = malloc(strlen(body) * 2 + 64), *to = text;

	for (const char *p = body; *p; p++) {
		*to++ = *p;
		const char *end = p[0] == '{' && p[1] == '"' ? strchr(p + 2, '"') : NULL;
		if (!end || end - p > 60 || end[1] != ':')
			continue;
		to += sprintf(to, "%.*s:null,", (int)(end - p), p + 1);
	}
	*to = '\0';
	return text;
}

static char *with_number(char *body, const char *number)
{
	size_t length;
	char *at = first_number(body, &length);

	return at ? joined(body, (size_t)(at - body), number, at + length) : NULL;
}

static char *with_text(char *body, const char *inserted)
{
	char *at = first_text(body);

	return at ? joined(body, (size_t)(at - body), inserted, at) : NULL;
}

static char *changed(char *body, const char *arg)
{
	size_t size = strlen(body);

	if (!strncmp(arg, "number=", 7))
		return with_number(body, arg + 7);
	if (!strncmp(arg, "text+", 5))
		return with_text(body, arg + 5);
	if (!strncmp(arg, "before=", 7))
		return joined(arg + 7, strlen(arg + 7), body, "");
	if (!strncmp(arg, "after=", 6))
		return joined(body, size, arg + 6, "");
	if (!strcmp(arg, "twice"))
		return joined(body, size, "\n", body);
	if (!strcmp(arg, "half"))
		return joined(body, size / 2, "", "");
	if (!strcmp(arg, "all but one"))
		return joined(body, size - 1, "", "");
	return !strcmp(arg, "deep") ? nested(body) : doubled_names(body);
}

bool bytes_change(char **body, const char *arg)
{
	char *new = *body &&**body ? changed(*body, arg) : NULL;

	if (!new)
		return false;
	free(*body);
	*body = new;
	return true;
}
