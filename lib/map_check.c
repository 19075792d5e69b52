#include "lib/map_parts.h"

#include "lib/die.h"
#include "lib/settings.h"

#include <stdlib.h>
#include <string.h>

/* Two lines for one thing.  sql gives (line, first line that says the same). */
static void check_duplicates(struct map_load *load, const char *column, const char *sql)
{
	STMT row = db_prepare(load->db, sql);

	while (stmt_row(row))
		map_complain(load, (int)col_int(row, 0), column,
			     "same key as line %d: delete one of the two", (int)col_int(row, 1));
}

/* Rows that were complained of do not count. */
static void drop_complained(struct map_load *load, const char *table)
{
	char *sql = xasprintf("DELETE FROM %s WHERE line IN (SELECT line FROM map_complaint"
			      " WHERE file = ? AND severity = 'complaint')",
			      table);
	db_run(load->db, sql, "t", load->file->name);
	free(sql);
}

/* A column of SKUs, and where the products are that it names. */
struct sku_column {
	const char *table, *column;    /* map_stock, sku */
	const char *system, *products; /* bigcommerce, ref_bc_product */
	const char *setting;           /* which says what the key is; NULL = it is the SKU */
};

static char *unknown_sku_query(const struct sku_column *c, const char *key)
{
	/* the folded SKU is there already; other keys are folded as the query runs */
	char *folded = strcmp(key, "sku") ? xasprintf("fold(%s)", key) : xstrdup("sku_fold");
	char *sql = xasprintf(
		"WITH known AS MATERIALIZED (SELECT %s AS k, %s AS shown FROM %s WHERE %s <> ''),"
		" bare AS MATERIALIZED (SELECT ltrim(k, '0') AS b, min(shown) AS shown FROM known"
		"  WHERE k LIKE '0%%' GROUP BY b)"
		" SELECT m.line, m.%s, bare.shown FROM %s m LEFT JOIN bare ON bare.b = "
		"ltrim(m.%s_fold, '0')"
		"  AND length(bare.shown) > length(m.%s_fold)"
		" WHERE m.%s_fold NOT IN (SELECT k FROM known) ORDER BY m.line",
		folded, key, c->products, key, c->column, c->table, c->column, c->column,
		c->column);
	free(folded);
	return sql;
}

static void check_skus(struct map_load *load, const struct sku_column *c)
{
	const char *side = strcmp(c->system, "bigcommerce") ? "Brightpearl" : "BigCommerce";

	if (!db_int(load->db, 0,
		    "SELECT 1 FROM ref_read WHERE system = ? AND list = 'product'"
		    " AND unavailable IS NULL",
		    "t", c->system))
		return;
	char *key = c->setting ? setting_text(load->db, c->setting) : xstrdup("sku");
	char *sql = unknown_sku_query(c, key);
	STMT row = db_prepare(load->db, sql);
	free(sql);
	while (stmt_row(row)) {
		int line = (int)col_int(row, 0);
		if (col_null(row, 2))
			map_warn(load, line, c->column,
				 "no product at %s has the %s \"%s\": this line does nothing", side,
				 key, col_text(row, 1));
		else
			map_complain(load, line, c->column,
				     "\"%s\" is no %s at %s, but \"%s\" is: a spreadsheet has "
				     "dropped the zeros"
				     " in front; format the column as text and write it in full",
				     col_text(row, 1), key, side, col_text(row, 2));
	}
	free(key);
}

static void check_stock(struct map_load *load)
{
	check_duplicates(
		load, "sku",
		"SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY sku_fold,"
		" coalesce(location_id, fold(location))) AS first FROM map_stock) WHERE line > "
		"first");
	check_skus(load,
		   &(struct sku_column){"map_stock", "sku", "bigcommerce", "ref_bc_product", NULL});
	drop_complained(load, "map_stock");
}

static void check_sku_keys(struct map_load *load)
{
	check_duplicates(
		load, "bigcommerce",
		"SELECT line, first FROM (SELECT line, min(line) OVER"
		" (PARTITION BY bigcommerce_fold) AS first FROM map_sku_keys) WHERE line > first");
	check_skus(load, &(struct sku_column){"map_sku_keys", "bigcommerce", "bigcommerce",
					      "ref_bc_product", "products.bigcommerce_key"});
	check_skus(load, &(struct sku_column){"map_sku_keys", "brightpearl", "brightpearl",
					      "ref_bp_product", "products.brightpearl_key"});
	drop_complained(load, "map_sku_keys");
}

static void check_warehouses(struct map_load *load)
{
	check_duplicates(load, "warehouse",
			 "SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY"
			 " coalesce(warehouse_id, fold(warehouse))) AS first FROM map_warehouses) "
			 "WHERE line > first");
	STMT row = db_prepare(
		load->db,
		"SELECT line, first, reserve FROM (SELECT line, reserve, min(line) OVER"
		" (PARTITION BY reserve) AS first FROM map_warehouses WHERE reserve IS NOT NULL)"
		" WHERE line > first");
	while (stmt_row(row))
		map_complain(load, (int)col_int(row, 0), "reserve",
			     "%d is already the number of line %d: give every warehouse a number "
			     "of its own",
			     (int)col_int(row, 2), (int)col_int(row, 1));
	drop_complained(load, "map_warehouses");
	if (load->complaints)
		return;
	if (!db_int(load->db, 0, "SELECT count(*) FROM map_warehouses WHERE reserve IS NOT NULL",
		    ""))
		map_warn(load, 0, "reserve",
			 "no warehouse has a number here: nothing will be reserved for orders");
	if (!db_int(load->db, 0, "SELECT count(*) FROM map_warehouses WHERE publish", ""))
		map_warn(load, 0, "publish",
			 "no warehouse says yes: there is no stock to show in the shop");
}

/* A payment method takes only the currencies that it has a bank account for. */
static void check_payments(struct map_load *load)
{
	STMT row = db_prepare(
		load->db,
		"WITH method AS MATERIALIZED (SELECT id, json_extract(detail, '$.bankAccounts') AS "
		"accounts"
		"  FROM ref_list WHERE system = 'brightpearl' AND list = 'payment_method' AND"
		"  CASE WHEN json_valid(detail) THEN json_type(detail, '$.bankAccounts') END = "
		"'array')"
		" SELECT m.line, m.becomes, m.currency FROM map_payments m"
		"  JOIN method ON method.id = m.becomes_id WHERE m.currency <> '*' AND NOT EXISTS "
		"(SELECT 1 "
		"FROM json_each(method.accounts) b"
		"  WHERE b.type = 'object' AND"
		"  upper(coalesce(json_extract(b.value, '$.currencyIsoCode'), m.currency)) = "
		"m.currency)");
	while (stmt_row(row))
		map_complain(load, (int)col_int(row, 0), "becomes",
			     "Brightpearl's payment method \"%s\" has no bank account in %s: "
			     "choose another,"
			     " or give it one in Brightpearl",
			     col_text(row, 1), col_text(row, 2));
	drop_complained(load, "map_payments");
}

/* Such a line cannot tell zero-rated goods from a shop that forgot to charge tax. */
static void check_taxes(struct map_load *load)
{
	STMT row = db_prepare(
		load->db,
		"SELECT line, country FROM map_taxes m WHERE rate_units = 0 AND country_like <> '%'"
		"   AND region_like = '%' AND customer_group_like = '%' AND item_like = '%'"
		"   AND tax_class_like = '%' AND EXISTS (SELECT 1 FROM map_taxes o"
		"       WHERE o.country_like = m.country_like AND o.rate_units > 0)");
	while (stmt_row(row))
		map_warn(
			load, (int)col_int(row, 0), "rate",
			"takes every order to %s on which no tax was charged, by mistake too: name "
			"the tax class, item or customer group that it is for",
			col_text(row, 1));
}

/* Right in form, but nothing could ever be imported. */
static void check_statuses(struct map_load *load)
{
	if (load->lines && !load->complaints &&
	    !db_int(load->db, 0,
		    "SELECT count(*) FROM map_statuses WHERE \"from\" = 'bigcommerce' AND sync",
		    ""))
		map_warn(load, 0, "sync",
			 "no line from BigCommerce says yes: no order will be imported");
}

void map_check_file(struct map_load *load)
{
	static const struct {
		const char *file, *without_lines;
		void (*check)(struct map_load *);
	} checks[] = {
		{"statuses.csv", "no order will be imported", check_statuses},
		{"sales.csv", "no order will be imported", NULL},
		{"taxes.csv", "no order will be imported", check_taxes},
		{"payments.csv", NULL, check_payments},
		{"warehouses.csv", NULL, check_warehouses},
		{"stock.csv", NULL, check_stock},
		{"sku_keys.csv", NULL, check_sku_keys},
	};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		if (strcmp(checks[i].file, load->file->name) != 0)
			continue;
		if (!load->lines && !load->complaints && checks[i].without_lines)
			map_warn(load, 0, "", "has no lines under its header: %s",
				 checks[i].without_lines);
		if (checks[i].check)
			checks[i].check(load);
	}
}
