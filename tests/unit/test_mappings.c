/* The shipped mapping files, what datapackage.json says of them, and what README.md explains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/csv.h"
#include "lib/die.h"
#include "lib/map.h"
#include "lib/settings.h"
#include "lib/words.h"

#include <cjson/cJSON.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *package;
static char *readme;

static int begin(void **unused)
{
	size_t size;

	(void)unused;
	char *text = csv_slurp("mappings/datapackage.json", &size);
	assert_non_null(text);
	package = cJSON_ParseWithOpts(text, NULL, true);
	assert_non_null(package);
	readme = csv_slurp("mappings/README.md", &size);
	assert_non_null(readme);
	free(text);
	return 0;
}

static int end(void **unused)
{
	(void)unused;
	cJSON_Delete(package);
	free(readme);
	return 0;
}

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
	if (!text)
		fail_msg("no text \"%s\" in datapackage.json", name);
	return text;
}

static const cJSON *resource_of(const struct map_file *file)
{
	const cJSON *resource;

	cJSON_ArrayForEach (resource, cJSON_GetObjectItem(package, "resources"))
		if (!strcmp(text_of(resource, "path"), file->name))
			return resource;
	fail_msg("datapackage.json does not tell of %s", file->name);
	return NULL;
}

static const cJSON *fields_of(const cJSON *resource)
{
	return cJSON_GetObjectItem(cJSON_GetObjectItem(resource, "schema"), "fields");
}

static bool is_required(const cJSON *field)
{
	return cJSON_IsTrue(
		cJSON_GetObjectItem(cJSON_GetObjectItem(field, "constraints"), "required"));
}

/* The words of a choice, and "*" where that may stand instead. */
static void compare_words(const struct map_column *column, const cJSON *field)
{
	const cJSON *list = cJSON_GetObjectItem(cJSON_GetObjectItem(field, "constraints"), "enum"),
		    *word;
	int stars = 0;

	if (column->type != MAP_CHOICE) {
		assert_true(!list || column->type == MAP_SETTING);
		return;
	}
	cJSON_ArrayForEach (word, list) {
		char *found = words_find(column->words, word->valuestring);
		stars += !strcmp(word->valuestring, "*");
		if (found)
			assert_string_equal(found, word->valuestring);
		else
			assert_string_equal(word->valuestring, "*");
		free(found);
	}
	int words = 1;
	for (const char *p = column->words; *p; p++)
		words += *p == '|';
	assert_int_equal(stars, column->exact ? 0 : 1);
	assert_int_equal(cJSON_GetArraySize(list), words + stars);
}

static void package_and_program_agree(void **unused)
{
	int files = 0;

	(void)unused;
	for (const struct map_file *file = map_files; file->name; file++, files++) {
		const cJSON *resource = resource_of(file), *fields = fields_of(resource);
		const cJSON *schema = cJSON_GetObjectItem(resource, "schema");
		const cJSON *keys = cJSON_GetObjectItem(schema, "primaryKey");
		const cJSON *missing = cJSON_GetObjectItem(schema, "missingValues");
		int count = 0, key = 0;
		assert_int_equal(cJSON_GetArraySize(missing), 1);
		assert_string_equal(cJSON_GetArrayItem(missing, 0)->valuestring, "");
		for (const struct map_column *c = file->columns; c->name; c++, count++) {
			const cJSON *field = cJSON_GetArrayItem(fields, count);
			assert_non_null(field);
			assert_string_equal(text_of(field, "name"), c->name);
			assert_string_equal(text_of(field, "type"),
					    c->type == MAP_COUNT ? "integer" : "string");
			assert_true(*text_of(field, "description"));
			assert_int_equal(is_required(field), c->required);
			compare_words(c, field);
			if (c->key)
				assert_string_equal(cJSON_GetArrayItem(keys, key++)->valuestring,
						    c->name);
		}
		assert_int_equal(cJSON_GetArraySize(fields), count);
		assert_int_equal(cJSON_GetArraySize(keys), key);
	}
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(package, "resources")), files);
}

static void package_lists_every_setting(void **unused)
{
	const cJSON *field = cJSON_GetArrayItem(fields_of(resource_of(map_files)), 0);
	const cJSON *list = cJSON_GetObjectItem(cJSON_GetObjectItem(field, "constraints"), "enum");
	int count = 0;

	(void)unused;
	for (; settings[count].name; count++)
		assert_string_equal(cJSON_GetArrayItem(list, count)->valuestring,
				    settings[count].name);
	assert_int_equal(cJSON_GetArraySize(list), count);
}

static struct csv *open_shipped(const struct map_file *file)
{
	char *path = xasprintf("mappings/%s", file->name);
	size_t size;
	char *bytes = csv_slurp(path, &size);

	if (!bytes)
		fail_msg("%s cannot be read", path);
	free(path);
	return csv_open(bytes, size);
}

static void check_cell(const char *file, int line, const cJSON *field, const char *cell)
{
	const cJSON *rules = cJSON_GetObjectItem(field, "constraints"), *word;
	const char *pattern = cJSON_GetStringValue(cJSON_GetObjectItem(rules, "pattern"));
	const cJSON *words = cJSON_GetObjectItem(rules, "enum");
	bool listed = !words || !*cell;

	if (is_required(field) && !*cell)
		fail_msg("%s:%d: %s is empty", file, line, text_of(field, "name"));
	cJSON_ArrayForEach (word, words)
		listed |= !strcmp(word->valuestring, cell);
	if (!listed)
		fail_msg("%s:%d: %s: \"%s\" is not in the enum", file, line, text_of(field, "name"),
			 cell);
	if (!pattern || !*cell)
		return;
	regex_t regex;
	char *whole = xasprintf("^(%s)$", pattern);
	assert_int_equal(regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB), 0);
	if (regexec(&regex, cell, 0, NULL, 0))
		fail_msg("%s:%d: %s: \"%s\" does not match %s", file, line, text_of(field, "name"),
			 cell, pattern);
	regfree(&regex);
	free(whole);
}

/* Other programs that go by datapackage.json accept the shipped files as well. */
static void shipped_files_fit_the_package(void **unused)
{
	(void)unused;
	for (const struct map_file *file = map_files; file->name; file++) {
		const cJSON *fields = fields_of(resource_of(file));
		struct csv *csv = open_shipped(file);
		struct csv_row row;
		assert_true(csv_next(csv, &row));
		assert_int_equal(row.count, cJSON_GetArraySize(fields));
		for (int i = 0; i < row.count; i++)
			assert_string_equal(row.cell[i],
					    text_of(cJSON_GetArrayItem(fields, i), "name"));
		while (csv_next(csv, &row)) {
			assert_int_equal(row.count, cJSON_GetArraySize(fields));
			for (int i = 0; i < row.count; i++)
				check_cell(file->name, row.line, cJSON_GetArrayItem(fields, i),
					   row.cell[i]);
		}
		assert_null(csv_problem(csv));
		csv_close(csv);
	}
}

/* Still read in files of earlier versions; another setting says the same better. */
static bool is_outdated(const struct setting *s)
{
	return !strcmp(s->name, "fulfillment.require_tracking");
}

/* Every setting stands in the shipped file, in order, with its default: but for the switches, which
 * are on plan, and the two that everybody must decide. */
static void shipped_settings_are_the_defaults(void **unused)
{
	struct csv *csv = open_shipped(map_files);
	struct csv_row row;
	const struct setting *s = settings;

	(void)unused;
	assert_true(csv_next(csv, &row));
	for (; csv_next(csv, &row); s++) {
		char *value;
		while (s->name && is_outdated(s))
			s++;
		assert_non_null(s->name);
		assert_string_equal(row.cell[0], s->name);
		assert_null(setting_read(NULL, s, row.cell[1], &value));
		if (strstr(s->name, ".enabled"))
			assert_string_equal(value, "plan");
		else if (!strcmp(s->name, "orders.start_date"))
			assert_string_equal(row.cell[1], "");
		else if (!strcmp(s->name, "orders.reference"))
			assert_string_equal(value, "BC-");
		else
			assert_string_equal(value, s->otherwise);
		free(value);
	}
	assert_null(s->name);
	csv_close(csv);
}

static void readme_has(const char *file, const char *name)
{
	char text[200];

	snprintf(text, sizeof text, "`%s`", name);
	if (!strstr(readme, text))
		fail_msg("%s: mappings/README.md does not explain %s", file, text);
}

static void readme_explains_everything(void **unused)
{
	(void)unused;
	for (const struct map_file *file = map_files; file->name; file++)
		for (const struct map_column *c = file->columns; c->name; c++)
			readme_has(file->name, c->name);
	for (const struct setting *s = settings; s->name; s++)
		readme_has("settings.csv", s->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(package_and_program_agree),
		cmocka_unit_test(package_lists_every_setting),
		cmocka_unit_test(shipped_files_fit_the_package),
		cmocka_unit_test(shipped_settings_are_the_defaults),
		cmocka_unit_test(readme_explains_everything),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
