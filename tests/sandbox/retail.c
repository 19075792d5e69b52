/* The Online Retail file as a shop.
 *
 * The rows go into a temporary table, so that the rules are SQL (retail.sql): which rows count,
 * what a SKU's first spelling is, which codes are shipping, which are in the catalogue.  Each
 * invoice then becomes one compact order for place_orders(), like any order of a scenario. */
#include "retail.h"
#include "money.h"
#include "place.h"
#include "retail_csv.h"
#include "sandbox.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char sql_sandbox_retail[];

/* clang-format off */
static const struct {
	const char *name, *iso2;
} countries[] = {
	{"United Kingdom", "GB"}, {"EIRE", "IE"},            {"Channel Islands", "JE"},
	{"RSA", "ZA"},            {"USA", "US"},             {"European Community", "BE"},
	{"Unspecified", "CH"},    {"Germany", "DE"},         {"France", "FR"},
	{"Norway", "NO"},         {"Portugal", "PT"},        {"Belgium", "BE"},
	{"Cyprus", "CY"},         {"Spain", "ES"},           {"Netherlands", "NL"},
	{"Japan", "JP"},          {"Switzerland", "CH"},     {"Italy", "IT"},
	{"Australia", "AU"},      {"Lithuania", "LT"},       {"Iceland", "IS"},
	{"Sweden", "SE"},         {"Denmark", "DK"},         {"Finland", "FI"},
	{"Austria", "AT"},        {"Poland", "PL"},          {"Israel", "IL"},
	{"Bahrain", "BH"},        {"Hong Kong", "HK"},       {"Singapore", "SG"},
	{"Lebanon", "LB"},        {"United Arab Emirates", "AE"}, {"Saudi Arabia", "SA"},
	{"Czech Republic", "CZ"}, {"Canada", "CA"},          {"Brazil", "BR"},
	{"Greece", "GR"},         {"Malta", "MT"},           {"Korea", "KR"},
	{"Thailand", "TH"},       {"Nigeria", "NG"},         {"Bermuda", "BM"},
	{"West Indies", "JM"},    {NULL, NULL},
};
/* clang-format on */

static const char *iso2_of(const char *country)
{
	for (int i = 0; countries[i].name; i++)
		if (!strcmp(countries[i].name, country))
			return countries[i].iso2;
	return "CH";
}

static void run_script(const char *sql)
{
	char *error;

	if (sqlite3_exec(state_db, sql, NULL, NULL, &error) == SQLITE_OK)
		return;
	fprintf(stderr, "sandbox: retail: %s\n", error);
	exit(70);
}

/* The invoice's first row tells who and when. */
static cJSON *order_of(sqlite3_stmt *row)
{
	const char *invoice = state_column_text(row, 0), *country = state_column_text(row, 4);
	bool cancelled = *invoice == 'C', home = !strcmp(country, "United Kingdom");
	const char *digits = invoice + cancelled;
	int64_t customer = sqlite3_column_int64(row, 3);
	cJSON *order = cJSON_CreateObject();
	char text[64];

	cJSON_AddNumberToObject(order, "id", atof(digits));
	cJSON_AddNumberToObject(order, "created", (double)sqlite3_column_int64(row, 2));
	cJSON_AddNumberToObject(order, "status_id", cancelled ? 5 : 11);
	cJSON_AddStringToObject(order, "currency", "GBP");
	cJSON_AddStringToObject(order, "payment_method", "Credit Card");
	cJSON_AddBoolToObject(order, "inclusive", home);
	cJSON_AddNumberToObject(order, "tax_rate", home ? 20 : 0);
	if (!cancelled)
		cJSON_AddTrueToObject(order, "paid");
	cJSON *c = cJSON_AddObjectToObject(order, "customer");
	cJSON_AddNumberToObject(c, "id", (double)customer);
	cJSON_AddStringToObject(c, "first_name", customer ? "Customer" : "Guest");
	cJSON_AddStringToObject(c, "last_name", customer ? state_column_text(row, 3) : digits);
	snprintf(text, sizeof text, "%s-%s@example.com", customer ? "customer" : "guest",
		 customer ? state_column_text(row, 3) : digits);
	cJSON_AddStringToObject(c, "email", text);
	cJSON *billing = cJSON_AddObjectToObject(order, "billing");
	cJSON_AddStringToObject(billing, "street_1", "1 High Street");
	cJSON_AddStringToObject(billing, "city", home ? "London" : "Town");
	cJSON_AddStringToObject(billing, "zip", home ? "N1 1AA" : "10000");
	cJSON_AddStringToObject(billing, "country", country);
	cJSON_AddStringToObject(billing, "country_iso2", iso2_of(country));
	return order;
}

static void add_line(cJSON *lines, sqlite3_stmt *row)
{
	cJSON *line = cJSON_CreateObject();
	char price[MONEY_TEXT];

	cJSON_AddStringToObject(line, "sku", state_column_text(row, 0));
	cJSON_AddStringToObject(line, "name", state_column_text(row, 1));
	cJSON_AddNumberToObject(line, "quantity", sqlite3_column_int(row, 2));
	cJSON_AddStringToObject(line, "price", money_text(price, sqlite3_column_int64(row, 3)));
	cJSON_AddItemToArray(lines, line);
}

static void add_lines(cJSON *order, const char *invoice, int64_t *count)
{
	char shipping[MONEY_TEXT];
	sqlite3_stmt *q = state_prepare(
		"SELECT s.sku, coalesce(nullif(k.description, ''), nullif(s.name, "
		"''), s.sku), abs(quantity),"
		" abs(k.price) FROM retail_kept k JOIN retail_sku s ON s.sku = k.sku"
		" WHERE invoice = ? AND NOT is_shipping ORDER BY n");
	cJSON *lines = cJSON_AddArrayToObject(order, "lines");

	sqlite3_bind_text(q, 1, invoice, -1, SQLITE_STATIC);
	while (sqlite3_step(q) == SQLITE_ROW)
		add_line(lines, q);
	sqlite3_finalize(q);
	*count += cJSON_GetArraySize(lines);
	int64_t cost = state_int(0,
				 "SELECT sum(abs(quantity) * abs(price)) FROM retail_kept"
				 " WHERE invoice = ? AND is_shipping",
				 "t", invoice);
	cJSON_AddStringToObject(order, "shipping_cost", money_text(shipping, cost));
}

static void place_invoices(void)
{
	int64_t orders = 0, cancelled = 0, lines = 0;
	char *error;
	sqlite3_stmt *q = state_prepare(
		"SELECT invoice, min(n), at, customer, country FROM retail_kept"
		" GROUP BY invoice ORDER BY min(n)");

	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *invoice = state_column_text(q, 0);
		cJSON *order = order_of(q);
		add_lines(order, invoice, &lines);
		place_orders(order, false, &error);
		cJSON_Delete(order);
		orders++;
		cancelled += *invoice == 'C';
	}
	sqlite3_finalize(q);
	fprintf(stderr, "sandbox: %lld orders, %lld of them cancelled, %lld lines, %lld SKUs\n",
		(long long)orders, (long long)cancelled, (long long)lines,
		(long long)state_int(0, "SELECT sum(in_catalogue) FROM retail_sku", ""));
}

void retail_load(const char *path)
{
	state_begin();
	run_script("CREATE TEMP TABLE retail_row (n INTEGER PRIMARY KEY, invoice TEXT, sku TEXT "
		   "COLLATE"
		   " NOCASE, description TEXT, quantity INTEGER, at INTEGER, price INTEGER,"
		   " customer INTEGER, country TEXT);");
	retail_csv_read(path);
	run_script(sql_sandbox_retail);
	place_invoices();
	run_script("DROP VIEW retail_kept; DROP TABLE retail_row; DROP TABLE retail_sku;");
	state_commit();
}
