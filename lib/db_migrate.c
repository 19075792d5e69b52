#include "lib/db_migrate.h"

#include "lib/die.h"
#include "lib/sha256.h"

#include <stdlib.h>
#include <string.h>

extern const char sql_lib_schema[];

/* A database in memory shaped by schema.sql alone, to compare with. */
static sqlite3 *open_model(void)
{
	sqlite3 *model;

	if (sqlite3_open(":memory:", &model) != SQLITE_OK ||
	    sqlite3_exec(model, sql_lib_schema, NULL, NULL, NULL) != SQLITE_OK) {
		if ((sqlite3_errcode(model) & 0xff) == SQLITE_NOMEM)
			die(EX_OSERR, "out of memory");
		bug("schema.sql: %s", sqlite3_errmsg(model));
	}
	return model;
}

/* "ALTER TABLE ... ADD COLUMN" for one column of the model; names come from schema.sql. */
static void add_column(struct db *db, const char *table, sqlite3_stmt *column)
{
	const char *value = col_text(column, 4);
	char *sql = xasprintf("ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s%s%s%s", table,
			      col_text(column, 1), col_text(column, 2),
			      col_int(column, 3) ? " NOT NULL" : "", value ? " DEFAULT " : "",
			      value ? value : "");
	db_script(db, sql);
	free(sql);
}

static void add_missing_columns(struct db *db, sqlite3 *model, const char *table)
{
	struct db wanted = {.handle = model};
	STMT column = db_prepare(&wanted, "SELECT cid, name, type, \"notnull\", dflt_value"
					  " FROM pragma_table_info(:table)");

	bind(column, ":table", table);
	while (stmt_row(column))
		if (!db_int(db, 0, "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?", "tt",
			    table, col_text(column, 1)))
			add_column(db, table, column);
}

static void add_what_is_missing(struct db *db)
{
	sqlite3 *model = open_model();
	struct db wanted = {.handle = model};

	{
		STMT table = db_prepare(&wanted,
					"SELECT name FROM sqlite_schema WHERE type = 'table'");
		while (stmt_row(table))
			if (db_int(db, 0, "SELECT count(*) FROM sqlite_schema WHERE name = ?", "t",
				   col_text(table, 0)))
				add_missing_columns(db, model, col_text(table, 0));
	}
	sqlite3_close(model);
}

/* Reservations were kept by product, under its first row, and are kept by row now.  What was reserved
 * for a product on several rows is not known by row: those are read again, the others stand. */
static const char rows_before[] =
	"DROP TABLE IF EXISTS temp.reserved_before; CREATE TEMP TABLE reserved_before AS"
	" SELECT r.order_id, r.row_id, r.product_id, r.wanted, r.reserved, r.shipped, r.on_hand,"
	"        coalesce((SELECT w.quantity / 10000 FROM out_reservation x JOIN stg_bp_sale_row w"
	"          ON w.sale_id = x.sale_id AND w.id = r.row_id WHERE x.order_id = r.order_id), 0)"
	"        AS ordered"
	"   FROM out_reservation_row r;"
	"DROP TABLE out_reservation_row;";
static const char rows_after[] =
	"INSERT INTO out_reservation_row(order_id, row_id, product_id, wanted, shipped, reserved,"
	"       ordered, tried, on_hand)"
	" SELECT order_id, row_id, product_id, min(wanted, ordered), min(shipped, ordered),"
	"        min(reserved, ordered), ordered, wanted, on_hand FROM temp.reserved_before;"
	"UPDATE out_reservation AS x SET seen = (SELECT c.codes FROM sale_codes c WHERE c.id ="
	"       x.sale_id) WHERE order_id NOT IN (SELECT order_id FROM temp.reserved_before"
	"                                          WHERE wanted + shipped > ordered);"
	"DROP TABLE temp.reserved_before;";

static bool keeps_reservations_by_product(struct db *db)
{
	return db_int(db, 0,
		      "SELECT pk > 0 FROM pragma_table_info('out_reservation_row')"
		      " WHERE name = 'product_id'",
		      "");
}

/* A fingerprint of schema.sql, kept as application_id: views change without a new version. */
static int64_t fingerprint(void)
{
	char hex[SHA256_HEX];

	sha256_hex(hex, sql_lib_schema, strlen(sql_lib_schema));
	hex[7] = 0;
	return (int64_t)strtoul(hex, NULL, 16) + 1;
}

/* Names and SKUs are compared by their folded form, which an older Pearlbridge may have made in
 * another way.  Only other letters than ASCII's are folded differently. */
static void fold_again(struct db *db)
{
	db_script(
		db,
		"UPDATE ref_list SET name_fold = fold(name) WHERE name GLOB '*[^ -~]*';"
		"UPDATE ref_bp_product SET sku_fold = fold(sku) WHERE sku GLOB '*[^ -~]*';"
		"UPDATE ref_bp_product SET key_fold = fold(key_fold) WHERE key_fold GLOB '*[^ -~]*';"
		"UPDATE ref_bc_product SET sku_fold = fold(sku) WHERE sku GLOB '*[^ -~]*';"
		"UPDATE stg_bc_order_line SET sku_fold = fold(sku) WHERE sku GLOB '*[^ -~]*';");
}

/* Transactions that were read before their status was judged.  What was booked stays booked. */
static void judge_statuses(struct db *db)
{
	db_script(db,
		  "UPDATE stg_bc_transaction AS t SET strange_status = payload ->> '$.status'"
		  " WHERE strange_status IS NULL AND json_valid(payload)"
		  "   AND lower(coalesce(payload ->> '$.status', '')) NOT IN ('', 'ok', 'error')"
		  "   AND NOT EXISTS (SELECT 1 FROM out_payment x WHERE x.order_id = t.order_id"
		  "        AND x.part IN (CAST(t.id AS TEXT), 'A' || t.id)"
		  "        AND x.state IN ('claimed', 'done'))");
}

void db_migrate(struct db *db)
{
	int64_t version = db_int(db, 0, "PRAGMA user_version", "");

	if (version == DB_SCHEMA_VERSION &&
	    db_int(db, 0, "PRAGMA application_id", "") == fingerprint())
		return;
	if (version > DB_SCHEMA_VERSION)
		die(EX_CONFIG,
		    "the database was made by a newer Pearlbridge (schema %lld, this one knows %d):"
		    " install that version again",
		    (long long)version, DB_SCHEMA_VERSION);
	db_begin(db);
	bool by_product = keeps_reservations_by_product(db);
	if (by_product)
		db_script(db, rows_before);
	add_what_is_missing(db);
	db_script(db, sql_lib_schema);
	fold_again(db);
	judge_statuses(db);
	if (by_product)
		db_script(db, rows_after);
	char *sql = xasprintf("PRAGMA user_version = %d; PRAGMA application_id = %lld;",
			      DB_SCHEMA_VERSION, (long long)fingerprint());
	db_script(db, sql);
	free(sql);
	db_commit(db);
}
