/* Keys of products: stock.csv and sku_keys.csv against the products that both systems have. */
#include "lib/map_parts.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/settings.h"
#include "lib/sheet.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN 5 /* keys that may be meant */

/* A column of keys, and where the products are that it names. */
struct key_column {
	const char *table, *column;    /* map_stock, sku */
	const char *system, *products; /* bigcommerce, ref_bc_product */
	const char *setting;           /* which says what the key is; NULL = it is the SKU */
	const char *named;             /* SQL: the cell names a product by its number */
};

static const struct key_column stock_sku = {"map_stock",      "sku", "bigcommerce",
					    "ref_bc_product", NULL,  "0"};
static const struct key_column bigcommerce_key = {
	"map_sku_keys",
	"bigcommerce",
	"bigcommerce",
	"ref_bc_product",
	"products.bigcommerce_key",
	"bc_product IS NOT NULL OR bc_variant IS NOT NULL"};
static const struct key_column brightpearl_key = {"map_sku_keys",
						  "brightpearl",
						  "brightpearl",
						  "ref_bp_product",
						  "products.brightpearl_key",
						  "bp_product IS NOT NULL"};

static const char *side(const struct key_column *c)
{
	return strcmp(c->system, "bigcommerce") ? "Brightpearl" : "BigCommerce";
}

static bool products_known(struct map_load *load, const struct key_column *c)
{
	return db_int(load->db, 0,
		      "SELECT 1 FROM ref_read WHERE system = ? AND list = 'product'"
		      " AND unavailable IS NULL",
		      "t", c->system);
}

/* temp.known(k, shown): every key that a product has; those on lines of orders that still wait too,
 * whose product may be gone from the catalogue. */
static void collect_known(struct map_load *load, const struct key_column *c, const char *key)
{
	/* the folded SKU is there already; other keys are folded as the query runs */
	char *folded = strcmp(key, "sku") ? xasprintf("fold(%s)", key) : xstrdup("sku_fold");
	bool lines = !strcmp(c->table, "map_sku_keys") && !strcmp(c->system, "bigcommerce") &&
		     !strcmp(key, "sku");
	char *sql = xasprintf(
		"DROP TABLE IF EXISTS temp.known;"
		"CREATE TEMP TABLE known(k TEXT PRIMARY KEY, shown TEXT) WITHOUT ROWID;"
		"INSERT OR IGNORE INTO temp.known SELECT %s, %s FROM %s WHERE %s <> '';%s",
		folded, key, c->products, key,
		lines ? "INSERT OR IGNORE INTO temp.known SELECT l.sku_fold, l.sku FROM"
			" order_choice o JOIN stg_bc_order_line l ON l.order_id = o.id"
			" WHERE o.skipped IS NULL AND l.sku_fold <> '' AND EXISTS"
			" (SELECT 1 FROM map_sku_keys m WHERE m.bigcommerce_fold ="
			" l.sku_fold)"
		      : "");
	db_script(load->db, sql);
	free(sql);
	free(folded);
}

static void doubt(struct map_load *load, int line, const char *key)
{
	db_run(load->db, "INSERT OR IGNORE INTO map_doubt(file, key_fold, line) VALUES(?, ?, ?)",
	       "tti", load->file->name, key, (int64_t)line);
}

/* The keys that the cell may have been, listed for people; "" = none.  Doubts are noted of each. */
static char *may_mean(struct map_load *load, int line, const char *cell, enum sheet_damage damage,
		      bool selects)
{
	struct buf names = buf_new(4000);
	int count = 0;

	/* nothing is left of what an error stood for: the line speaks of no product, and is told */
	if (damage == SHEET_NONE || damage == SHEET_ERROR)
		return buf_take(&names);
	STMT known = db_prepare(load->db, "SELECT k, shown FROM temp.known ORDER BY k");
	while (stmt_row(known)) {
		if (!sheet_may_mean(cell, damage, col_text(known, 0)))
			continue;
		if (selects)
			doubt(load, line, col_text(known, 0));
		if (count++ < SHOWN)
			buf_printf(&names, "%s\"%.99s\"", names.size ? " or " : "",
				   col_text(known, 1));
	}
	if (count > SHOWN)
		buf_printf(&names, " or one of %d more", count - SHOWN);
	return buf_take(&names);
}

static void complain_damage(struct map_load *load, const struct key_column *c, int line,
			    const char *key, const char *cell, enum sheet_damage damage,
			    const char *names)
{
	static const char *const what[] = {
		[SHEET_NUMBER] =
			"a spreadsheet has taken it for a number and dropped zeros or digits",
		[SHEET_SHORTER] =
			"a spreadsheet has taken it for a long number and shortened it, its digits are lost",
		[SHEET_DATE] =
			"it looks like a date, which a spreadsheet has made of something else",
		[SHEET_ERROR] = "it is the error of a formula in a spreadsheet",
	};

	map_complain(
		load, line, c->column,
		"no product at %s has the %s \"%s\"%s%s: %s; format the column as text and write"
		" it in full",
		side(c), key, cell, *names ? ", did you mean " : "", names, what[damage]);
}

/* A number is damaged only when some product's key may have become it. */
static void judge(struct map_load *load, const struct key_column *c, int line, const char *cell,
		  const char *folded)
{
	enum sheet_damage damage = sheet_damage(folded);
	char *key = c->setting ? setting_text(load->db, c->setting) : xstrdup("sku");
	char *names = may_mean(load, line, folded, damage, strcmp(c->column, "brightpearl") != 0);

	if (damage == SHEET_NONE || (damage == SHEET_NUMBER && !*names))
		map_warn(load, line, c->column, "no product at %s has the %s \"%s\": %s", side(c),
			 key, cell,
			 strcmp(c->column, "brightpearl") != 0
				 ? "this line does nothing"
				 : "orders for what this line names wait until there is one");
	else
		complain_damage(load, c, line, key, cell, damage, names);
	free(names);
	free(key);
}

/* Whatever products there are. */
static bool is_damaged_for_certain(const char *folded)
{
	enum sheet_damage damage = sheet_damage(folded);

	return damage == SHEET_SHORTER || damage == SHEET_ERROR;
}

static void check_keys(struct map_load *load, const struct key_column *c)
{
	bool known = products_known(load, c);
	char *key = c->setting ? setting_text(load->db, c->setting) : xstrdup("sku");
	collect_known(load, c, key);
	free(key);
	char *sql = xasprintf("SELECT line, %s, %s_fold FROM %s m WHERE NOT (%s) AND %s_fold <> ''"
			      " AND %s_fold NOT IN (SELECT k FROM temp.known) ORDER BY line",
			      c->column, c->column, c->table, c->named, c->column, c->column);
	STMT row = db_prepare(load->db, sql);
	free(sql);
	while (stmt_row(row))
		if (known || is_damaged_for_certain(col_text(row, 2)))
			judge(load, c, (int)col_int(row, 0), col_text(row, 1), col_text(row, 2));
}

void map_check_stock(struct map_load *load)
{
	map_check_duplicates(
		load, "sku",
		"SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY sku_fold,"
		" coalesce(location_id, fold(location))) AS first FROM map_stock) WHERE line > "
		"first");
	check_keys(load, &stock_sku);
}

/* product:7, variant:9 and id:1001 name one thing for certain. */
static void read_numbers(struct map_load *load)
{
	static const char *const forms[][3] = {
		{"bc_product", "bigcommerce_fold", "product:"},
		{"bc_variant", "bigcommerce_fold", "variant:"},
		{"bp_product", "brightpearl_fold", "id:"},
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		char *sql = xasprintf(
			"UPDATE map_sku_keys SET %s = CAST(trim(substr(%s, %d)) AS INTEGER) WHERE"
			" %s GLOB '%s*' AND trim(substr(%s, %d)) GLOB '[1-9]*'"
			" AND trim(substr(%s, %d)) NOT GLOB '*[^0-9]*' AND length(%s) < 26",
			forms[i][0], forms[i][1], (int)strlen(forms[i][2]) + 1, forms[i][1],
			forms[i][2], forms[i][1], (int)strlen(forms[i][2]) + 1, forms[i][1],
			(int)strlen(forms[i][2]) + 1, forms[i][1]);
		db_script(load->db, sql);
		free(sql);
	}
}

/* Numbers of products that are not there. */
static void check_numbers(struct map_load *load)
{
	if (products_known(load, &brightpearl_key)) {
		STMT row = db_prepare(
			load->db,
			"SELECT line, bp_product FROM map_sku_keys WHERE bp_product NOT IN"
			" (SELECT id FROM ref_bp_product) ORDER BY line");
		while (stmt_row(row))
			map_complain(load, (int)col_int(row, 0), "brightpearl",
				     "Brightpearl has no product %lld", (long long)col_int(row, 1));
	}
	if (!products_known(load, &bigcommerce_key))
		return;
	STMT row = db_prepare(
		load->db,
		"SELECT line, bigcommerce FROM map_sku_keys WHERE"
		" bc_product NOT IN (SELECT product_id FROM ref_bc_product)"
		" OR bc_variant NOT IN (SELECT variant_id FROM ref_bc_product) ORDER BY 1");
	while (stmt_row(row))
		map_warn(load, (int)col_int(row, 0), "bigcommerce",
			 "BigCommerce's catalogue has no %s: this line does nothing but for orders"
			 " that name it",
			 col_text(row, 1));
}

void map_check_sku_keys(struct map_load *load)
{
	map_check_duplicates(
		load, "bigcommerce",
		"SELECT line, first FROM (SELECT line, min(line) OVER"
		" (PARTITION BY bigcommerce_fold) AS first FROM map_sku_keys) WHERE line > first");
	read_numbers(load);
	check_numbers(load);
	check_keys(load, &bigcommerce_key);
	check_keys(load, &brightpearl_key);
}
