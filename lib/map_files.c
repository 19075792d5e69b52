#include "lib/map.h"

#include <stddef.h>

static const struct map_column settings_columns[] = {
	{"setting", .type = MAP_SETTING, .key = 1, .exact = 1, .required = 1},
	{"value", .type = MAP_VALUE},
	{"note", .type = MAP_TEXT},
	{0},
};

static const struct map_column statuses_columns[] = {
	{"from", .type = MAP_CHOICE, .words = "BigCommerce|Brightpearl", .key = 1, .exact = 1,
	 .required = 1},
	{"status", .type = MAP_LIST, .system = "from", .list = "status|order_status", .key = 1,
	 .required = 1},
	{"sync", .type = MAP_YESNO, .required = 1},
	{"owes_goods", .type = MAP_YESNO},
	{"becomes", .type = MAP_LIST, .system = "to", .list = "status|order_status",
	 .words = "(leave)|(hold)"},
	{"note", .type = MAP_TEXT},
	{0},
};

static const struct map_column sales_columns[] = {
	{"channel", .type = MAP_LIST, .system = "bigcommerce", .list = "channel", .key = 1},
	{"customer_group", .type = MAP_LIST, .system = "bigcommerce", .list = "customer_group",
	 .words = "(guest)", .key = 1},
	{"currency", .type = MAP_CURRENCY, .key = 1},
	{"country", .type = MAP_COUNTRY, .key = 1},
	{"order_channel", .type = MAP_LIST, .system = "brightpearl", .list = "channel"},
	{"price_list", .type = MAP_LIST, .system = "brightpearl", .list = "price_list"},
	{"warehouse", .type = MAP_LIST, .system = "brightpearl", .list = "warehouse"},
	{"lead_source", .type = MAP_LIST, .system = "brightpearl", .list = "lead_source"},
	{"project", .type = MAP_LIST, .system = "brightpearl", .list = "project"},
	{"team", .type = MAP_ID},
	{"staff_owner", .type = MAP_ID},
	{"note", .type = MAP_TEXT},
	{"sync", .type = MAP_SYNC, .optional = 1},
	{"contact_update", .type = MAP_UPDATE, .optional = 1},
	{0},
};

static const struct map_column shipping_columns[] = {
	{"from", .type = MAP_CHOICE, .words = "BigCommerce|Brightpearl", .key = 1, .exact = 1,
	 .required = 1},
	{"method", .type = MAP_LIST, .system = "from", .list = "|shipping_method", .key = 1,
	 .required = 1},
	{"sync", .type = MAP_YESNO, .required = 1},
	{"becomes", .type = MAP_LIST, .system = "to", .list = "|shipping_method",
	 .words = "(same)|(leave)|(hold)"},
	{"carrier", .type = MAP_TEXT},
	{"tracking_carrier", .type = MAP_TEXT},
	{"tracking_link", .type = MAP_TEXT},
	{"note", .type = MAP_TEXT},
	{"tracked", .type = MAP_YESNO, .optional = 1},
	{0},
};

static const struct map_column payments_columns[] = {
	{"method", .type = MAP_TEXT, .key = 1, .required = 1},
	{"gateway", .type = MAP_TEXT, .key = 1},
	{"currency", .type = MAP_CURRENCY, .key = 1},
	{"sync", .type = MAP_YESNO, .required = 1},
	{"paid_at", .type = MAP_STATUSES, .system = "bigcommerce", .list = "status"},
	{"becomes", .type = MAP_LIST, .system = "brightpearl", .list = "payment_method",
	 .words = "(hold)|(account)"},
	{"note", .type = MAP_TEXT},
	{"transactions", .type = MAP_CHOICE, .words = "yes|none", .exact = 1, .optional = 1},
	{"delay_minutes", .type = MAP_COUNT, .words = "0", .optional = 1},
	{0},
};

static const struct map_column warehouses_columns[] = {
	{"warehouse", .type = MAP_LIST, .system = "brightpearl", .list = "warehouse", .key = 1,
	 .exact = 1, .required = 1},
	{"reserve", .type = MAP_RESERVE},
	{"publish", .type = MAP_YESNO, .required = 1},
	{"buffer", .type = MAP_COUNT, .words = "0"},
	{"location", .type = MAP_LIST, .system = "bigcommerce", .list = "location"},
	{"note", .type = MAP_TEXT},
	{0},
};

static const struct map_column stock_columns[] = {
	{"sku", .type = MAP_SKU, .system = "bigcommerce", .key = 1, .exact = 1, .required = 1},
	{"location", .type = MAP_LIST, .system = "bigcommerce", .list = "location", .key = 1,
	 .exact = 1},
	{"publish", .type = MAP_PUBLISH, .required = 1},
	{"buffer", .type = MAP_COUNT},
	{"note", .type = MAP_TEXT},
	{0},
};

static const struct map_column sku_keys_columns[] = {
	{"bigcommerce", .type = MAP_SKU, .system = "bigcommerce", .key = 1, .exact = 1,
	 .required = 1},
	{"brightpearl", .type = MAP_SKU, .system = "brightpearl", .required = 1},
	{"note", .type = MAP_TEXT},
	{0},
};

static const struct map_column taxes_columns[] = {
	{"country", .type = MAP_COUNTRY, .key = 1},
	{"region", .type = MAP_TEXT, .key = 1},
	{"customer_group", .type = MAP_LIST, .system = "bigcommerce", .list = "customer_group",
	 .words = "(guest)", .key = 1},
	{"item", .type = MAP_CHOICE,
	 .words = "product|digital|shipping|handling|wrapping|fee|gift_certificate", .key = 1},
	{"tax_class", .type = MAP_LIST, .system = "bigcommerce", .list = "tax_class", .key = 1},
	{"rate", .type = MAP_RATE, .key = 1},
	{"becomes", .type = MAP_LIST, .system = "brightpearl", .list = "tax_code",
	 .words = "(hold)"},
	{"note", .type = MAP_TEXT},
	{0},
};

/* settings.csv first: what it says decides how SKUs of the others are checked. */
const struct map_file map_files[] = {
	{"settings.csv", NULL, settings_columns, false},
	{"statuses.csv",
	 "what the line of * says; for *, or without that line, (leave): the status stays as it is,"
	 " and a new order gets the account's default status",
	 statuses_columns, false},
	{"sales.csv", NULL, sales_columns, false},
	{"shipping.csv",
	 "from Brightpearl (same): the method's name unchanged; from BigCommerce (leave):"
	 " the order comes without a shipping method",
	 shipping_columns, false},
	{"payments.csv",
	 "(hold): such payments are rejected until a payment method is named; sync = no is"
	 " how a payment is left out on purpose, (account) says that its orders are on credit"
	 " terms",
	 payments_columns, false},
	{"warehouses.csv", NULL, warehouses_columns, false},
	{"stock.csv", NULL, stock_columns, true},
	{"sku_keys.csv", NULL, sku_keys_columns, true},
	{"taxes.csv", "(hold): such orders are rejected until a tax code is named", taxes_columns,
	 true},
	{0},
};
