#define _GNU_SOURCE
#include "lib/retry.h"

#include "lib/buf.h"

#include <cjson/cJSON.h>
#include <string.h>

#define LARGEST_ERROR 262144
#define LONGEST_TEXT  400

static void add(struct buf *text, const char *name, const char *value)
{
	if (!*value)
		return;
	if (text->size)
		buf_text(text, "; ");
	if (name && *name)
		buf_printf(text, "%s: ", name);
	buf_text(text, value);
}

static const char *text_of(const cJSON *object, const char *name)
{
	const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
	return value ? value : "";
}

/* Every text inside, with its name: V3's "errors" are objects of texts, of arrays, of objects. */
static void add_all(struct buf *text, const char *name, const cJSON *item, int depth)
{
	const cJSON *child;

	if (cJSON_IsString(item))
		add(text, name, item->valuestring);
	if (depth < 4 && (cJSON_IsObject(item) || cJSON_IsArray(item)))
		cJSON_ArrayForEach (child, item)
			add_all(text, child->string ? child->string : name, child, depth + 1);
}

static void add_error(struct buf *text, const cJSON *error)
{
	add(text, NULL, text_of(error, "title"));
	add(text, NULL, text_of(error, "message"));
	add(text, NULL, text_of(error, "detail"));
	add(text, NULL, text_of(error, "error"));
	add(text, NULL, text_of(error, "error_description"));
	add(text, NULL, text_of(error, "response"));
}

/* Some answers wrap it: [{...}], {"data":[{...}]}, {"errors":[{...}]}, {"batch_errors":[{...}]}. */
static void add_document(struct buf *text, const cJSON *document, int depth)
{
	static const char *const wrapper[] = {"data", "errors", "batch_errors"};
	const cJSON *item;

	if (depth > 3)
		return;
	if (cJSON_IsArray(document)) {
		cJSON_ArrayForEach (item, document)
			add_document(text, item, depth + 1);
		return;
	}
	add_error(text, document);
	for (size_t i = 0; i < sizeof wrapper / sizeof *wrapper; i++) {
		item = cJSON_GetObjectItemCaseSensitive(document, wrapper[i]);
		if (cJSON_IsArray(item) && cJSON_IsObject(item->child))
			add_document(text, item, depth + 1);
		else if (i == 1)
			add_all(text, NULL, item, 0);
	}
}

/* At most size - 1 bytes, no half character at the end, no control characters. */
static void copy_line(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	if (length >= size)
		for (length = size - 1; length && ((unsigned char)from[length] & 0xc0) == 0x80;)
			length--;
	for (size_t i = 0; i < length; i++)
		to[i] = (unsigned char)from[i] < 0x20 || from[i] == 0x7f ? ' ' : from[i];
	to[length] = 0;
}

void retry_explain(const char *body, size_t size, char code[40], char text[500])
{
	*code = *text = 0;
	if (!size || size > LARGEST_ERROR)
		return;
	cJSON *document = cJSON_ParseWithLength(body, size);
	if (!document)
		return;
	BUF line = buf_new(LARGEST_ERROR);
	const cJSON *errors = cJSON_GetObjectItemCaseSensitive(document, "errors");
	if (cJSON_IsArray(errors) && errors->child)
		copy_line(code, 40, text_of(errors->child, "code"));
	add_document(&line, document, 0);
	if (line.size)
		copy_line(text, LONGEST_TEXT, line.data);
	cJSON_Delete(document);
}
