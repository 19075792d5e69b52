#define _GNU_SOURCE
#include "lib/config_file.h"

#include "lib/die.h"
#include "lib/file.h"
#include "lib/paste.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_FILE 65536
#define MOST_NAMES   32

struct config_file {
	char *path, *text; /* names and values point into text */
	size_t size;
	int count;
	struct {
		const char *name, *value;
	} entry[MOST_NAMES];
};

static void check_access(const char *path, const struct stat *st)
{
	if (st->st_mode & 077) {
		char *word = paste_word(path);
		die(EX_CONFIG, "%s holds credentials and others can read it: chmod 600 %s", path,
		    word);
	}
	if (st->st_uid != geteuid() && st->st_uid != 0)
		die(EX_CONFIG, "%s belongs to another user: chown it to yourself", path);
}

/* The bytes of a file, NUL-terminated; NULL when there is none. */
static char *read_whole(const char *path, bool private, size_t *size)
{
	struct stat st;
	char *text = file_read(path, LARGEST_FILE, size, &st);

	if (!text && errno == ENOENT)
		return NULL;
	if (!text && errno != EFBIG)
		die(EX_CONFIG, "%s: %s", path, file_why(path));
	if (!text || memchr(text, 0, *size))
		die(EX_CONFIG, "%s is too large or no text", path);
	if (private)
		check_access(path, &st);
	return text;
}

static void forget(char *text, size_t size)
{
	if (text)
		explicit_bzero(text, size);
	free(text);
}

static char *skip_blanks(char *p)
{
	return p + strspn(p, " \t");
}

/* The value at p, its end cut off in place; NULL when it is malformed. */
static char *read_value(char *p)
{
	p = skip_blanks(p);
	if (*p == '"' || *p == '\'') {
		char *end = strchr(p + 1, *p);
		if (!end)
			return NULL;
		char *rest = skip_blanks(end + 1);
		*end = 0;
		return *rest && *rest != '#' ? NULL : p + 1;
	}
	for (char *c = p; *c; c++)
		if (*c == '#' && (c == p || c[-1] == ' ' || c[-1] == '\t')) {
			*c = 0;
			break;
		}
	size_t size = strlen(p);
	while (size && (p[size - 1] == ' ' || p[size - 1] == '\t'))
		p[--size] = 0;
	return p;
}

static bool is_ours(const char *name)
{
	return !strncmp(name, "BIGCOMMERCE_", 12) || !strncmp(name, "BRIGHTPEARL_", 12) ||
	       config_knows(name);
}

static void add(struct config_file *file, int line, const char *name, const char *value)
{
	if (!is_ours(name))
		return;
	if (!config_knows(name))
		die(EX_CONFIG, "%s:%d: there is no variable %s", file->path, line, name);
	if (config_file_get(file, name))
		die(EX_CONFIG, "%s:%d: %s is set twice", file->path, line, name);
	file->entry[file->count].name = name;
	file->entry[file->count++].value = value;
}

static void read_line(struct config_file *file, int number, char *line)
{
	size_t size = strlen(line);

	if (size && line[size - 1] == '\r')
		line[size - 1] = 0;
	char *name = skip_blanks(line);
	if (!*name || *name == '#')
		return;
	if (!strncmp(name, "export", 6) && (name[6] == ' ' || name[6] == '\t'))
		name = skip_blanks(name + 6);
	char *end = name;
	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	char *equals = skip_blanks(end);
	if (end == name || isdigit((unsigned char)*name) || *equals != '=')
		die(EX_CONFIG, "%s:%d: not of the form NAME=value", file->path, number);
	*end = 0;
	const char *value = read_value(equals + 1);
	if (!value)
		die(EX_CONFIG, "%s:%d: %s: the quotes around the value do not match", file->path,
		    number, name);
	add(file, number, name, value);
}

struct config_file *config_file_open(const char *path)
{
	struct config_file *file = xcalloc(1, sizeof *file);
	int number = 0;

	file->path = xstrdup(path);
	file->text = read_whole(path, true, &file->size);
	char *next = file->text;
	if (next && !strncmp(next, "\xef\xbb\xbf", 3))
		next += 3;
	for (char *line; (line = strsep(&next, "\n"));)
		read_line(file, ++number, line);
	return file;
}

const char *config_file_get(const struct config_file *file, const char *name)
{
	for (int i = 0; i < file->count; i++)
		if (!strcmp(file->entry[i].name, name))
			return file->entry[i].value;
	return NULL;
}

void config_file_close(struct config_file *file)
{
	forget(file->text, file->size);
	free(file->path);
	free(file);
}

char *config_credential(const char *name)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	size_t size;

	if (!folder || !*folder)
		return NULL;
	char *path = xasprintf("%s/%s", folder, name);
	char *text = read_whole(path, false, &size);
	free(path);
	if (!text)
		return NULL;
	size_t held = size;
	while (size && (text[size - 1] == '\n' || text[size - 1] == '\r'))
		text[--size] = 0;
	char *value = size ? xstrdup(text) : NULL;
	forget(text, held);
	return value;
}
