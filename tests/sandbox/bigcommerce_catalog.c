/* V3 catalogue: products and variants. */
#define _GNU_SOURCE
#include "bigcommerce.h"
#include "state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_PAGE 10 /* include=options or modifiers cuts the page */

#define INCLUDES                                                                                   \
	"variants|options|modifiers|images|primary_image|custom_fields|bulk_pricing_rules|"        \
	"channels|parent_relations|reviews|videos"

/* clang-format off */
static const struct filter product_filters[] = {
	{"id", FILTER_INTEGER, "id = ?"},
	{"id:in", FILTER_INTEGERS, "id IN (SELECT value FROM json_each(?))"},
	{"id:not_in", FILTER_INTEGERS, "id NOT IN (SELECT value FROM json_each(?))"},
	{"id:min", FILTER_INTEGER, "id >= ?"}, {"id:max", FILTER_INTEGER, "id <= ?"},
	{"id:greater", FILTER_INTEGER, "id > ?"}, {"id:less", FILTER_INTEGER, "id < ?"},
	{"sku", FILTER_TEXT, "sku = ?"},
	{"sku:in", FILTER_TEXTS, "sku IN (SELECT value FROM json_each(?))"},
	{"name", FILTER_TEXT, "name = ?"}, {"upc", FILTER_TEXT, "upc = ?"},
	{"mpn", FILTER_TEXT, "mpn = ?"}, {"price", FILTER_MONEY, "price = ?"},
	{"type", FILTER_TEXT, "type = ?"}, {"availability", FILTER_TEXT, "availability = ?"},
	{"is_visible", FILTER_BOOLEAN, "is_visible = ?"},
	{"keyword", FILTER_TEXT, "instr(lower(name || ' ' || sku), lower(?))"},
	{"date_modified", FILTER_DATE, "date_modified = ?"},
	{"date_modified:min", FILTER_DATE, "date_modified >= ?"},
	{"date_modified:max", FILTER_DATE, "date_modified <= ?"},
	{"inventory_level", FILTER_INTEGER, "level = ?"},
	{"inventory_level:min", FILTER_INTEGER, "level >= ?"},
	{"inventory_level:max", FILTER_INTEGER, "level <= ?"},
	{"inventory_level:greater", FILTER_INTEGER, "level > ?"},
	{"inventory_level:less", FILTER_INTEGER, "level < ?"},
	{"inventory_level:in", FILTER_INTEGERS, "level IN (SELECT value FROM json_each(?))"},
	{"inventory_level:not_in", FILTER_INTEGERS,
	 "level NOT IN (SELECT value FROM json_each(?))"},
	{"channel_id:in", FILTER_INTEGERS, "1 IN (SELECT value FROM json_each(?))"},
	{"sort", FILTER_WORD, "id|name|sku|price|date_modified|inventory_level|is_visible"},
	{"direction", FILTER_WORD, "asc|desc"},
	{"include", FILTER_KNOWN, NULL}, {"include_fields", FILTER_KNOWN, NULL},
	{"exclude_fields", FILTER_KNOWN, NULL}, {"page", FILTER_KNOWN, NULL},
	{"limit", FILTER_KNOWN, NULL}, {NULL, FILTER_KNOWN, NULL},
};

static const struct filter variant_filters[] = {
	{"id", FILTER_INTEGER, "id = ?"}, {"sku", FILTER_TEXT, "sku = ?"},
	{"upc", FILTER_TEXT, "upc = ?"},
	{"product_id:in", FILTER_INTEGERS, "product_id IN (SELECT value FROM json_each(?))"},
	{"include_fields", FILTER_KNOWN, NULL}, {"exclude_fields", FILTER_KNOWN, NULL},
	{"page", FILTER_KNOWN, NULL}, {"limit", FILTER_KNOWN, NULL}, {NULL, FILTER_KNOWN, NULL},
};

/* clang-format on */

static cJSON *merged(sqlite3_stmt *q)
{
	cJSON *record = cJSON_Parse(state_column_text(q, 1));

	record_merge(record, state_column_text(q, 2));
	return record;
}

static void add_variants(cJSON *product, int64_t id)
{
	cJSON *variants = cJSON_AddArrayToObject(product, "variants");
	sqlite3_stmt *q = state_prepare(
		"SELECT id, record, body FROM bc_variant_view WHERE product_id = ? ORDER BY id");

	sqlite3_bind_int64(q, 1, id);
	while (sqlite3_step(q) == SQLITE_ROW)
		cJSON_AddItemToArray(variants, merged(q));
	sqlite3_finalize(q);
}

static void add_includes(cJSON *product, int64_t id, const struct call *call)
{
	static const char *const lists[] = {
		"options",  "modifiers",        "images",  "custom_fields", "bulk_pricing_rules",
		"channels", "parent_relations", "reviews", "videos"};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (include_has(call, lists[i]) && !cJSON_HasObjectItem(product, lists[i]))
			cJSON_AddArrayToObject(product, lists[i]);
		else if (!include_has(call, lists[i]))
			cJSON_DeleteItemFromObjectCaseSensitive(product, lists[i]);
	if (include_has(call, "primary_image"))
		cJSON_AddNullToObject(product, "primary_image");
	if (include_has(call, "variants"))
		add_variants(product, id);
}

/* Records are made row by row; fields= are checked against the first. */
static void answer_records(struct list *list, int64_t total, bool products)
{
	cJSON *data = cJSON_CreateArray();
	bool good = true;

	list_add(list, " LIMIT %" PRId64 " OFFSET %" PRId64, list->limit,
		 (list->page - 1) * list->limit);
	sqlite3_stmt *q = list_prepare(list, NULL);
	while (good && sqlite3_step(q) == SQLITE_ROW) {
		cJSON *record = merged(q);
		if (products)
			add_includes(record, sqlite3_column_int64(q, 0), list->call);
		if (!cJSON_GetArraySize(data))
			good = fields_allowed(list->call, list->answer, record);
		fields_pick(list->call, record);
		cJSON_AddItemToArray(data, record);
	}
	sqlite3_finalize(q);
	if (good) {
		list_envelope(list, data, total);
		return;
	}
	cJSON_Delete(data);
	list_release(list);
}

static void add_order(struct list *list)
{
	const char *sort = call_param(list->call, "sort");
	const char *direction = call_param(list->call, "direction");

	if (!sort)
		sort = "id";
	if (!strcmp(sort, "inventory_level"))
		sort = "level";
	list_add(list, " ORDER BY %s %s, id", sort, direction ? direction : "asc");
}

void products_list(const struct call *call, struct answer *answer, char *const arg[4])
{
	struct list list;

	(void)arg;
	if (!include_allowed(call, answer, INCLUDES) ||
	    !list_begin(&list, call, answer, "SELECT id, record, body FROM bc_product_view WHERE 1",
			product_filters))
		return;
	int64_t total = list_count(&list);
	add_order(&list);
	if (!list_paging(&list, 250))
		return;
	if ((include_has(call, "options") || include_has(call, "modifiers")) &&
	    list.limit > OPTIONS_PAGE)
		list.limit = OPTIONS_PAGE;
	answer_records(&list, total, true);
}

void variants_list(const struct call *call, struct answer *answer, char *const arg[4])
{
	struct list list;

	(void)arg;
	if (!list_begin(&list, call, answer, "SELECT id, record, body FROM bc_variant_view WHERE 1",
			variant_filters))
		return;
	int64_t total = list_count(&list);
	list_add(&list, " ORDER BY id");
	if (list_paging(&list, 250))
		answer_records(&list, total, false);
}
