#include "lib/map_parts.h"

#include "lib/die.h"
#include "lib/settings.h"

#include <stdlib.h>
#include <string.h>

/* Two lines for one thing.  sql gives (line, first line that says the same). */
void map_check_duplicates(struct map_load *load, const char *column, const char *sql)
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

static void check_warehouses(struct map_load *load)
{
	map_check_duplicates(
		load, "warehouse",
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

/* Without a bank account in the currency Brightpearl takes the payment, but makes no journal. */
static void check_payments(struct map_load *load)
{
	STMT row = db_prepare(
		load->db,
		"WITH method AS MATERIALIZED (SELECT id, json_extract(detail, '$.bankAccounts') AS "
		"accounts"
		"  FROM ref_list WHERE system = 'brightpearl' AND list = 'payment_method' AND"
		"  CASE WHEN json_valid(detail) THEN json_type(detail, '$.bankAccounts') END = "
		"'array')"
		" SELECT m.line, m.becomes, iif(m.currency = '*', '', ' in ' || m.currency)"
		"  FROM map_payments m JOIN method ON method.id = m.becomes_id"
		" WHERE NOT EXISTS (SELECT 1 FROM json_each(method.accounts) b"
		"  WHERE b.type = 'object' AND (m.currency = '*' OR"
		"  upper(coalesce(json_extract(b.value, '$.currencyIsoCode'), m.currency)) = "
		"m.currency))");
	while (stmt_row(row))
		map_warn(load, (int)col_int(row, 0), "becomes",
			 "Brightpearl's payment method \"%s\" has no bank account%s: its payments "
			 "are sent, but Brightpearl makes no journal of them",
			 col_text(row, 1), col_text(row, 2));
}

/* Such a line cannot tell zero-rated goods from a shop that forgot to charge tax. */
static void check_zero_rates(struct map_load *load)
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

/* 0.2 is 20 % as a spreadsheet keeps it; a rate that low counts only where Brightpearl's code has
 * it. */
static void check_low_rates(struct map_load *load)
{
	STMT row = db_prepare(
		load->db,
		"SELECT m.line, m.rate, printf('%g', m.rate_units / 100.0) FROM map_taxes m"
		" LEFT JOIN ref_list r ON r.system = 'brightpearl' AND r.list = 'tax_code'"
		"  AND r.id = m.becomes_id"
		" WHERE m.rate_units > 0 AND m.rate_units < 10000 AND instr(m.rate, '%') = 0"
		"  AND round(CAST(coalesce(r.rate, '0') AS REAL) * 10000) <> m.rate_units");
	while (stmt_row(row))
		map_complain(
			load, (int)col_int(row, 0), "rate",
			"\"%s\" means %s %%: a spreadsheet keeps %s %% so; write %s, or \"%s %%\""
			" if that is what you mean",
			col_text(row, 1), col_text(row, 1), col_text(row, 2), col_text(row, 2),
			col_text(row, 1));
	/* until then it stands for the rate that was most likely meant */
	db_script(load->db, "UPDATE map_taxes SET rate_units = rate_units * 100 WHERE line IN"
			    " (SELECT line FROM map_complaint WHERE file = 'taxes.csv'"
			    "   AND \"column\" = 'rate' AND severity = 'complaint')"
			    " AND rate_units > 0 AND rate_units < 10000");
}

static void check_taxes(struct map_load *load)
{
	check_low_rates(load);
	check_zero_rates(load);
}

/* A line that names a status and says nothing of what becomes of it follows the line of *, which
 * Incomplete never matches. */
static void fall_to_star(struct map_load *load)
{
	db_script(load->db,
		  "UPDATE map_statuses AS m SET becomes = s.becomes, becomes_id = s.becomes_id,"
		  " becomes_line = s.line FROM map_statuses s"
		  " WHERE m.becomes = '' AND m.status <> '*' AND s.status = '*'"
		  "   AND s.\"from\" = m.\"from\" AND s.becomes <> ''"
		  "   AND NOT (m.\"from\" = 'bigcommerce' AND m.status_id IS 0)");
	STMT row = db_prepare(load->db, "SELECT line, becomes_line, becomes FROM map_statuses"
					" WHERE becomes_line IS NOT NULL AND becomes_id IS NOT NULL"
					"   AND (sync OR \"from\" = 'bigcommerce') ORDER BY line");
	while (stmt_row(row))
		map_warn(
			load, (int)col_int(row, 0), "becomes",
			"is empty, so it says what line %d says (\"%s\"); write (leave) to leave the"
			" status alone",
			(int)col_int(row, 1), col_text(row, 2));
}

/* Also what is right in form, but nothing could ever be imported. */
static void check_statuses(struct map_load *load)
{
	fall_to_star(load);
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
		{"stock.csv", NULL, map_check_stock},
		{"sku_keys.csv", NULL, map_check_sku_keys},
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
