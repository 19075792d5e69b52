/* V3 inventory items: every variant with every location, also where nothing was ever booked. */
#define _GNU_SOURCE
#include "bigcommerce.h"
#include "state.h"

#include <inttypes.h>

#define ITEMS_MAX 1000

static const char locations_sql[] =
	"SELECT json_group_array(json_object('location_id', l.id, 'location_code', l.code,"
	" 'location_name', l.label, 'available_to_sell', max(0, coalesce(s.onhand_seen - "
	"s.safety_stock, 0)),"
	" 'total_inventory_onhand', coalesce(s.onhand_seen, 0), 'location_enabled',"
	" json(iif(l.enabled, 'true', 'false')), 'settings', json_object('safety_stock',"
	" coalesce(s.safety_stock, 0), 'is_in_stock', json(iif(coalesce(s.onhand_seen - s.safety_stock, "
	"0) > 0,"
	" 'true', 'false')), 'warning_level', coalesce(s.warning_level, 0), 'bin_picking_number',"
	" coalesce(s.bin, ''))))"
	" FROM (SELECT * FROM bc_location ORDER BY id) l"
	" LEFT JOIN (SELECT s.*, coalesce(t.onhand, s.onhand) AS onhand_seen FROM bc_stock s"
	"   LEFT JOIN bc_stock_late t ON t.variant_id = s.variant_id AND t.location_id = s.location_id"
	"     AND t.until_ms > server_time()) s ON s.location_id = l.id AND s.variant_id = ?1"
	" WHERE (?2 IS NULL OR instr(',' || ?2 || ',', ',' || l.id || ','))"
	" AND (?3 IS NULL OR instr(',' || ?3 || ',', ',' || l.code || ','))";

/* A variant is listed when one of the wanted locations exists; which are shown is chosen above. */
static const struct filter filters[] = {
	{"sku:in", FILTER_TEXTS, "sku IN (SELECT value FROM json_each(?))"},
	{"variant_id:in", FILTER_INTEGERS, "id IN (SELECT value FROM json_each(?))"},
	{"product_id:in", FILTER_INTEGERS, "product_id IN (SELECT value FROM json_each(?))"},
	{"location_id:in", FILTER_INTEGERS,
	 "EXISTS (SELECT 1 FROM bc_location l WHERE l.id IN (SELECT value FROM json_each(?)))"},
	{"location_code:in", FILTER_TEXTS,
	 "EXISTS (SELECT 1 FROM bc_location l WHERE l.code IN (SELECT value FROM json_each(?)))"},
	{"page", FILTER_KNOWN, NULL},
	{"limit", FILTER_KNOWN, NULL},
	{NULL, FILTER_KNOWN, NULL},
};

static cJSON *item_record(sqlite3_stmt *variant, sqlite3_stmt *locations)
{
	cJSON *item = cJSON_CreateObject();

	cJSON_AddRawToObject(item, "identity", state_column_text(variant, 1));
	sqlite3_bind_int64(locations, 1, sqlite3_column_int64(variant, 0));
	sqlite3_step(locations);
	cJSON_AddRawToObject(item, "locations", state_column_text(locations, 0));
	sqlite3_reset(locations);
	return item;
}

static cJSON *read_items(struct list *list)
{
	cJSON *data = cJSON_CreateArray();
	sqlite3_stmt *locations = state_prepare(locations_sql);

	sqlite3_bind_text(locations, 2, call_param(list->call, "location_id:in"), -1,
			  SQLITE_STATIC);
	sqlite3_bind_text(locations, 3, call_param(list->call, "location_code:in"), -1,
			  SQLITE_STATIC);
	list_add(list, " ORDER BY id LIMIT %" PRId64 " OFFSET %" PRId64, list->limit,
		 (list->page - 1) * list->limit);
	sqlite3_stmt *q = list_prepare(list, NULL);
	while (sqlite3_step(q) == SQLITE_ROW)
		cJSON_AddItemToArray(data, item_record(q, locations));
	sqlite3_finalize(q);
	sqlite3_finalize(locations);
	return data;
}

void inventory_items(const struct call *call, struct answer *answer, char *const arg[4])
{
	struct list list;

	(void)arg;
	if (!list_begin(
		    &list, call, answer,
		    "SELECT id, json_object('sku', sku, 'variant_id', id, 'product_id', product_id,"
		    " 'sku_id', iif(is_base, NULL, 900000 + id)) FROM bc_variant WHERE 1",
		    filters))
		return;
	if (!list_paging(&list, ITEMS_MAX))
		return;
	if (switch_int("bc_items_page") && list.limit > switch_int("bc_items_page"))
		list.limit = switch_int("bc_items_page");
	int64_t total = list_count(&list);
	cJSON *data = read_items(&list);
	list_envelope(&list, data, total);
}
