/* The mapping files: what is loaded from them, and what is said about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/map_store.h"

#define STATUSES "from,status,sync,owes_goods,becomes,note\n"
#define SALES                                                                                      \
	"channel,customer_group,currency,country,order_channel,price_list,warehouse,lead_source,"  \
	"project,"                                                                                 \
	"team,staff_owner,note\n"
#define SHIPPING   "from,method,sync,becomes,carrier,tracking_carrier,tracking_link,note\n"
#define PAYMENTS   "method,gateway,currency,sync,paid_at,becomes,note\n"
#define WAREHOUSES "warehouse,reserve,publish,buffer,location,note\n"
#define STOCK      "sku,location,publish,buffer,note\n"
#define SKU_KEYS   "bigcommerce,brightpearl,note\n"
#define TAXES      "country,region,customer_group,item,tax_class,rate,becomes,note\n"
#define SETTINGS   "setting,value,note\norders.start_date,everything,\norders.reference,BC-,\n"

static struct store store;

static int begin(void **unused)
{
	(void)unused;
	store = store_new();
	return 0;
}

static int end(void **unused)
{
	(void)unused;
	store_free(&store);
	return 0;
}

/* Loads with this text as the file; the lines said about it are exactly those given, in order, each
 * containing the part given. */
static void says(const char *file, const char *text, const char *const *parts)
{
	store_file(&store, file, text);
	char *said = store_load(&store), *rest = said;
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!*line)
			continue;
		if (!*parts)
			fail_msg("not expected: %s", line);
		if (!strstr(line, *parts))
			fail_msg("\"%s\" is not in: %s", *parts, line);
		parts++;
	}
	if (*parts)
		fail_msg("nobody said: %s", *parts);
	free(said);
}
#define SAYS(file, text, ...) says(file, text, (const char *const[]){__VA_ARGS__, NULL})
#define FINE(file, text)      says(file, text, (const char *const[]){NULL})

/* What a query gives, cells split by blanks, rows by "; ", NULL as "-". */
static void holds(const char *sql, const char *wanted)
{
	char text[4000] = "";
	size_t size = 0;

	STMT row = db_prepare(store.db, sql);
	for (bool more = false; stmt_row(row); more = true)
		for (int i = 0; i < sqlite3_column_count(row); i++)
			size += (size_t)snprintf(text + size, sizeof text - size, "%s%s",
						 i      ? " "
						 : more ? "; "
							: "",
						 col_null(row, i) ? "-" : col_text(row, i));
	assert_string_equal(text, wanted);
}

static void shipped_files_are_fine(void **unused)
{
	(void)unused;
	char *said = store_load(&store);
	assert_string_equal(said, "");
	free(said);
	assert_int_equal(store.complaints, 0);
	holds("SELECT count(*), sum(complaints), min(length(sha256)) FROM map_file", "9 0 64");
	assert_null(map_unusable(store.db, "settings.csv statuses.csv"));
}

static void cells_are_stored(void **unused)
{
	(void)unused;
	FINE("statuses.csv", STATUSES "BigCommerce,awaiting  FULFILLMENT,TRUE,1,ready to ship,\n"
				      "Brightpearl,Ship*,no,,id:2,\nBigCommerce,*,0,,(leave),\n"
				      "BigCommerce,Cancelled,no,,(hold),\n");
	holds("SELECT \"from\", status_id, status_like, sync, owes_goods, becomes, becomes_id FROM "
	      "map_statuses",
	      "bigcommerce 11  1 1 ready to ship 3; brightpearl - ship% 0 - id:2 2; bigcommerce - "
	      "% 0 - (leave) -;"
	      " bigcommerce 5  0 - (hold) -");
	FINE("sales.csv",
	     SALES "Storefront,(guest),gbp,United Kingdom,2,retail,Overflow Warehouse,id:3,4,5,6,\n"
		   ",Whole*,,*,Online shop,,,,,,,\n");
	holds("SELECT channel_id, customer_group_id, customer_group_like, currency_like, "
	      "country_like,"
	      " order_channel_id, price_list_id, warehouse_id, lead_source_id, project_id, team_id,"
	      " staff_owner_id FROM map_sales",
	      "1 -1  gbp gb 2 1 3 3 4 5 6; - - whole% % % 2 - - - - - -");
	FINE("shipping.csv", SHIPPING
	     "BigCommerce,100%_Sure*,yes,Express,,,,\nBrightpearl,2,yes,DHL parcel,dhl,dhl,"
	     "https://x.com/{tracking},\n");
	holds("SELECT method_id, method_like, becomes, becomes_id, tracking_link FROM map_shipping",
	      "- 100\\%\\_sure% Express 2 ; 2  DHL parcel - https://x.com/{tracking}");
}

static void more_cells_are_stored(void **unused)
{
	(void)unused;
	FINE("payments.csv",
	     PAYMENTS "Bank Deposit,,EUR,yes,Shipped|completed,bank transfer,\n*,Str*,,no,,,\n");
	holds("SELECT method_like, gateway_like, currency, currency_like, sync, paid_at, "
	      "becomes_id FROM "
	      "map_payments",
	      "bank deposit % EUR eur 1 |2|10| BANK; % str% * % 0  -");
	FINE("warehouses.csv",
	     WAREHOUSES "Main warehouse,1,yes,,,\noverflow warehouse,No,true,3,berlin,\n");
	holds("SELECT warehouse_id, reserve, publish, buffer, location_id FROM map_warehouses",
	      "2 1 1 0 -; 3 - 1 3 2");
	FINE("stock.csv", STOCK "Ab-1,,no,,\nAb-1,Berlin,1,5,\nC,*,yes,,\n");
	holds("SELECT sku, sku_fold, location_id, publish, fixed, buffer FROM map_stock",
	      "Ab-1 ab-1 - no - -; Ab-1 ab-1 2 fixed 1 5; C c - yes - -");
	FINE("sku_keys.csv", SKU_KEYS "A,B,\nC,B,\n");
	holds("SELECT bigcommerce_fold, brightpearl_fold FROM map_sku_keys", "a b; c b");
	FINE("taxes.csv",
	     TAXES "GB,,,,,20 "
		   "%,T20,\nDE,Bay*,(guest),Shipping,books,\"17,5\",Standard,\nfr,,,,,,(hold),\n"
		   "it,,,,,22.0%,,\n");
	holds("SELECT country_like, region_like, customer_group_id, item_like, tax_class_id, "
	      "tax_class_like,"
	      " rate_units, becomes_id FROM map_taxes",
	      "gb % - % - % 200000 T20; de bay% -1 shipping 2  175000 T20; fr % - % - % - -; it % "
	      "- % - % "
	      "220000 -");
}

static void spreadsheet_habits(void **unused)
{
	(void)unused;
	FINE("statuses.csv", "\xEF\xBB\xBFsep=;\r\nSync;Becomes;FROM;Owes Goods;Status\r\n;;;;\r\n"
			     "yes ;;BigCommerce;; \"Shipped\" ;\r\n\r\nyes;;Brightpearl;;*");
	holds("SELECT line, \"from\", status_id, status_like FROM map_statuses",
	      "4 bigcommerce 2 ; 6 brightpearl - %");
}

static void names_and_ids(void **unused)
{
	(void)unused;
	db_script(store.db, "INSERT INTO ref_list(system, list, id, name, name_fold, usable) VALUES"
			    " ('brightpearl', 'order_status', '20', '3', '3', 1),"
			    " ('brightpearl', 'order_status', '21', 'Twice', 'twice', 1),"
			    " ('brightpearl', 'order_status', '22', 'TWICE', 'twice', 1),"
			    " ('brightpearl', 'order_status', '23', 'Old', 'old', 0),"
			    " ('brightpearl', 'order_status', '24', 'on hold', 'on hold', 0);"
			    "UPDATE ref_list SET detail = '{\"custom_label\":\"Versandt\"}'"
			    " WHERE system = 'bigcommerce' AND name = 'Shipped'");
	SAYS("statuses.csv",
	     STATUSES "BigCommerce,Shiped,yes,,,\nBigCommerce,Pending,yes,,Shiped,\n"
		      "BigCommerce,Shipped,yes,,3,\nBigCommerce,Disputed,yes,,twice,\n"
		      "BigCommerce,Refunded,yes,,old,\nBigCommerce,Completed,yes,,id:x,\n"
		      "BigCommerce,Declined,yes,,id:99,\nBigCommerce,Partially*,yes,,(same),\n"
		      "Brightpearl,old,yes,,,\n",
	     ":2: status: BigCommerce has no order status \"Shiped\" (did you mean \"Shipped\"?)",
	     ":3: becomes: Brightpearl has no order status \"Shiped\" (did you mean \"Shipped\"?)",
	     ":4: becomes: \"3\" is the name of one order status and the id of another: write "
	     "id:20 for the "
	     "one"
	     " named so, id:3 for the other",
	     ":5: becomes: Brightpearl has 2 order statuses named \"twice\": write id:21 or id:22",
	     ":6: becomes: Brightpearl lists the order status \"old\" but refuses it here",
	     ":7: becomes: \"id:x\" is no id: write id: and a number, as in id:7",
	     ":8: becomes: Brightpearl has no order status \"id:99\": it has id:1 (New web order)",
	     ":9: becomes: (same) cannot stand here, only (leave)");
	FINE("statuses.csv",
	     STATUSES "BigCommerce,2,yes,,id:3,\nBigCommerce,Pending,yes,,20,\n"
		      "BigCommerce,Disputed,yes,,on hold,\nBrightpearl,4,yes,,id:2,\n");
	holds("SELECT status_id, becomes_id FROM map_statuses", "2 3; 1 20; 13 2; 4 2");
	FINE("statuses.csv",
	     STATUSES "BigCommerce,VERSANDT,yes,,,\n"); /* the store's own name for it */
	holds("SELECT status_id FROM map_statuses", "2");
	SAYS("taxes.csv", TAXES "*,,,,,,T21,\n",
	     ":2: becomes: Brightpearl has no tax code \"T21\" (did you mean \"T20\"?)");
}

static void renamed_things(void **unused)
{
	(void)unused;
	FINE("statuses.csv", STATUSES "BigCommerce,*,yes,,Ready to ship,\n");
	db_script(store.db, "UPDATE ref_list SET name = 'Pick now', name_fold = 'pick now'"
			    " WHERE system = 'brightpearl' AND name = 'Ready to ship'");
	SAYS("statuses.csv", STATUSES "BigCommerce,*,yes,,Ready to ship,\n",
	     ":2: warning: becomes: \"Ready to ship\" was renamed to \"Pick now\" at Brightpearl");
	assert_int_equal(store.complaints, 0);
	holds("SELECT becomes_id FROM map_statuses", "3");
	/* and then another one gets the old name: which is meant cannot be told */
	db_script(store.db,
		  "INSERT INTO ref_list(system, list, id, name, name_fold) VALUES"
		  " ('brightpearl', 'order_status', '9', 'Ready to ship', 'ready to ship')");
	SAYS("statuses.csv", STATUSES "BigCommerce,*,yes,,Ready to ship,\n",
	     ":2: becomes: \"Ready to ship\" used to be order status 3, which is now called \"Pick "
	     "now\"; "
	     "today it is"
	     " the name of 9: write id:3 or id:9");
	/* the old one is gone: the name is all that is left */
	db_script(store.db,
		  "DELETE FROM ref_list WHERE system = 'brightpearl' AND name = 'Pick now'");
	FINE("statuses.csv", STATUSES "BigCommerce,*,yes,,Ready to ship,\n");
	holds("SELECT becomes_id FROM map_statuses", "9");
}

static void other_files(void **unused)
{
	(void)unused;
	SAYS("payments.csv", PAYMENTS "#NAME?,*,*,yes,,CARD,\n",
	     ":2: method: \"#NAME?\" is the error of a formula");
	store_copy_shipped(&store);
	store_bytes(&store, "stock.csv", "PK\3\4\0\0\0\0xl/workbook.xml", 24);
	char *said = store_load(&store);
	assert_non_null(strstr(said, "stock.csv: the file is an Excel workbook (.xlsx)"));
	free(said);
	store_bytes(&store, "stock.csv", "PK\3\4\0\0mimetypeapplication/vnd.oasis.opendocument.sp",
		    50);
	said = store_load(&store);
	assert_non_null(strstr(said, "OpenOffice (.ods)"));
	free(said);
	store_bytes(&store, "stock.csv", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
	said = store_load(&store);
	assert_non_null(strstr(said, "Excel workbook (.xls)"));
	free(said);
}

static void names_in_columns(void **unused)
{
	(void)unused;
	SAYS("sales.csv", SALES "*,*,*,*,Nowhere,,,,,,,\n",
	     ":2: order_channel: Brightpearl has no channel");
	char *names = map_names(store.db);
	assert_string_equal(names, "Brightpearl's channels:\n  Brightpearl  Online shop\n");
	free(names);
	store_copy_shipped(&store);
	SAYS("taxes.csv", TAXES "*,,,,,20,X20,\n", ":2: becomes: Brightpearl has no tax code");
	names = map_names(store.db);
	assert_string_equal(names, "Brightpearl's tax codes:\n"
				   "  T5 (Reduced)    T20 (Standard)  T0 (Zero)\n");
	free(names);
}

static void shadowed(void **unused)
{
	(void)unused;
	SAYS("statuses.csv",
	     STATUSES
	     "BigCommerce,Ship*,yes,,,\nBigCommerce,Shipped,yes,,,\nBigCommerce,Await*,yes,,,\n"
	     "BigCommerce,Awaiting Payment,no,,,\nBigCommerce,*,yes,,,\n",
	     ":2: warning: does nothing: every name that begins with \"ship\" has a line of its own");
}

static void lists_that_cannot_be_read(void **unused)
{
	(void)unused;
	db_script(store.db,
		  "DELETE FROM ref_list WHERE list IN ('tax_code', 'location');"
		  "DELETE FROM ref_read WHERE list = 'location';"
		  "UPDATE ref_read SET unavailable = '403 Forbidden' WHERE list = 'tax_code'");
	store_file(&store, "taxes.csv", TAXES "*,,,,,,T20,\nGB,,,,,,id:T20,\n");
	SAYS("warehouses.csv",
	     WAREHOUSES "Main Warehouse,1,yes,,Berlin,\nOverflow Warehouse,2,yes,,id:4,\n",
	     "taxes.csv:2: becomes: Brightpearl's list of tax codes could not be read (403 "
	     "Forbidden)",
	     "warehouses.csv:2: warning: location: not checked: BigCommerce's list of locations "
	     "was never "
	     "read");
	holds("SELECT becomes_id FROM map_taxes WHERE bad IS NULL", "T20");
	holds("SELECT location, location_id FROM map_warehouses", "Berlin -; id:4 4");
	assert_int_equal(store.complaints, 1);
}

static void named_cells_decide(void **unused)
{
	(void)unused;
	FINE("shipping.csv", SHIPPING
	     "BigCommerce,*,yes,,,,,\nBigCommerce,Fed*,yes,,,,,\nBigCommerce,FedEx*,yes,,,,,\n"
	     "BigCommerce,FedEx Ground,yes,,,,,\nBrightpearl,FedEx*,yes,,,,,\n");
	holds("SELECT line FROM map_shipping WHERE \"from\" = 'bigcommerce' ORDER BY named DESC",
	      "5; 4; 3; 2");
	FINE("sales.csv",
	     SALES "*,*,*,*,2\nOutlet,*,*,*,2\n*,*,GBP,*,2\nOutlet,*,GBP,*,2\n*,*,EUR,*,2\n"
		   "Outlet,*,EUR,DE,2\nOutlet,*,EUR,*,2\n");
	holds("SELECT line FROM map_sales WHERE channel_like = '%' OR channel_id = 2 ORDER BY "
	      "named / 1000 "
	      "DESC, line"
	      " LIMIT 3",
	      "7; 5; 8");
}

static void ties(void **unused)
{
	(void)unused;
	SAYS("sales.csv", SALES "*,*,*,*,2\nOutlet,*,*,*,2\n*,*,GBP,*,2\n",
	     ":4: ties with line 3: both select channel Outlet, currency GBP");
	SAYS("sales.csv",
	     SALES "*,Wholesale,*,*,2\n*,(guest),*,*,2\n*,Whole*,GBP,*,2\n*,*,GBP,FR,2\n",
	     ":5: ties with line 4: both select customer_group Whole*, currency GBP, country FR");
	FINE("sales.csv", SALES "*,*,*,*,2\n");
	SAYS("taxes.csv",
	     TAXES "GB,,,,,20,T20,\nGB,,,shipping,,,T20,\nGB,,,,,5,T5,\nGB,,,shipping,,5,T5,\n",
	     ":3: ties with line 2: both select country GB, item shipping, rate 20");
	SAYS("payments.csv", PAYMENTS "PayPal*,*,*,yes,,PAYPAL,\n*,braintree,*,yes,,CARD,\n",
	     "payments.csv:3: ties with line 2", "taxes.csv:3: ties with line 2");
}

static void same_key_twice(void **unused)
{
	(void)unused;
	SAYS("statuses.csv",
	     STATUSES "BigCommerce,Shipped,yes,,,\nBrightpearl,Shipped,yes,,,\n\n"
		      "bigcommerce,2,no,,Shiped,\n",
	     ":5: becomes: Brightpearl has no order status", ":5: selects the same as line 2");
	FINE("statuses.csv", STATUSES "BigCommerce,*,yes,,,\n");
	SAYS("sku_keys.csv", SKU_KEYS "A,B,\na ,C,\n", ":3: bigcommerce: same key as line 2");
	FINE("sku_keys.csv", SKU_KEYS);
	SAYS("stock.csv", STOCK "A,,no,,\nA,Berlin,no,,\na,id:2,yes,,\n",
	     ":4: sku: same key as line 3");
	FINE("stock.csv", STOCK);
	SAYS("warehouses.csv",
	     WAREHOUSES "Main Warehouse,1,yes,,,\nid:2,2,yes,,,\nOverflow Warehouse,1,no,,,\n",
	     ":3: warehouse: same key as line 2", ":4: reserve: 1 is already the number of line 2");
	SAYS("settings.csv", SETTINGS "orders.guests,no,\nOrders.Guests,yes,\n",
	     "settings.csv:5: orders.guests: is already set in line 4", "warehouses.csv:3",
	     "warehouses.csv:4");
}

static void headers(void **unused)
{
	(void)unused;
	SAYS("stock.csv", "sku,location,publsh,buffer\nA,,no,\n",
	     ":1: there is no column \"publsh\" (did you mean \"publish\"?)",
	     ":1: publish: this column is missing from the header");
	SAYS("stock.csv", "sku,sku,location,publish,buffer\n",
	     ":1: sku: stands twice in the header");
	SAYS("stock.csv", "sku,publish,buffer,price_per_unit\nA,maybe,\n",
	     ":1: location: this column is missing", ":2: publish: must be yes, no");
	SAYS("stock.csv", "sku|location|publish|buffer|note\nA||no||\n",
	     ":1: the first line must be the header sku,location,publish,buffer,note");
	FINE("stock.csv", "sku,location,publish,buffer,,\nA,,no,,,\n");
	SAYS("stock.csv", STOCK "A,,no,,,,x\nB,\nC,,no\n",
	     ":2: \"x\" stands in cell 7, but the header has only 5",
	     ":3: publish: the line ends after 2 of 5 cells, and this one must not be empty");
	holds("SELECT sku FROM map_stock WHERE bad IS NULL", "C");
	FINE("stock.csv", "sku,location,publish,our buyer,buffer\nA,,no,Ann,\n");
}

static void whole_files(void **unused)
{
	(void)unused;
	SAYS("stock.csv", "",
	     "stock.csv: the file is empty: its first line must be "
	     "sku,location,publish,buffer,note");
	SAYS("stock.csv", "\r\n\r\n", "stock.csv: the file is empty");
	store_bytes(&store, "stock.csv", "s\0k\0u\0", 6);
	store_remove(&store, "taxes.csv");
	char *said = store_load(&store);
	assert_string_equal(
		said,
		"mappings/stock.csv:1: holds a NUL byte, so it is no CSV file in UTF-8: save it as"
		" \"CSV UTF-8\"\nmappings/taxes.csv: the file is missing: run ./run.sh init, or "
		"copy"
		" it from the mappings/ that Pearlbridge was shipped with\n");
	free(said);
	char *unusable = map_unusable(store.db, "settings.csv stock.csv sales.csv taxes.csv");
	assert_string_equal(unusable, "stock.csv taxes.csv");
	free(unusable);
	store_file(&store, "stock.csv", STOCK);
	store_file(&store, "taxes.csv", TAXES);
	store_file(&store, "statuses.csv", STATUSES);
	SAYS("sales.csv", SALES,
	     "sales.csv: warning: has no lines under its header: no order will be imported",
	     "statuses.csv: warning: has no lines", "taxes.csv: warning: has no lines");
	assert_int_equal(store.complaints, 0);
}

static void keys_that_must_be_written(void **unused)
{
	(void)unused;
	SAYS("statuses.csv",
	     STATUSES "BigCommerce,,yes,,,\n,Shipped,yes,,,\nBigComerce,*,yes,,,\n"
		      "Brightpearl,*,yes,no,(hold),\nBrightpearl,*x,,,,\n",
	     ":2: status: must not be empty: write * for all", ":3: from: must not be empty",
	     ":4: from: must be BigCommerce or Brightpearl, not \"BigComerce\" (did you mean "
	     "\"BigCommerce\"?)",
	     ":5: owes_goods: only lines from BigCommerce",
	     ":6: status: \"*x\": * may stand only at the end", ":6: sync: must not be empty");
	FINE("statuses.csv", STATUSES "BigCommerce,*,yes,,,\n");
	SAYS("warehouses.csv", WAREHOUSES "*,1,yes,,,\n,2,yes,,,\nMain Warehouse,yes,yes,-1,,\n",
	     ":2: warehouse: Brightpearl has no warehouse \"*\"",
	     ":3: warehouse: must not be empty", ":4: reserve: must be 1, 2, ...",
	     ":4: buffer: must be a whole number");
	FINE("warehouses.csv", WAREHOUSES "Main Warehouse,1,yes,,,\n");
	SAYS("sales.csv", SALES "*,,,,,,,,,,\n,,£,Narnia,(leave),,,x,,,\n",
	     ":2: order_channel: must not be empty", ":3: currency: \"£\" is no currency",
	     ":3: country: there is no country \"Narnia\"",
	     ":3: order_channel: (leave) cannot stand here",
	     ":3: warning: lead_source: not checked");
}

static void shipping_and_payment_rules(void **unused)
{
	(void)unused;
	SAYS("shipping.csv",
	     SHIPPING
	     "BigCommerce,a,yes,(same),,,,\nBrightpearl,*,yes,(leave),,,,\n"
	     "Brightpearl,Express,yes,,,,www.x.com,\n"
	     "Brightpearl,Standard,yes,,,,https://x.com/{code},\nBigCommerce,*,yes,,fedex,,,\n",
	     ":2: becomes: (same) is for lines from Brightpearl: write (leave)",
	     ":3: becomes: (leave) is for lines from BigCommerce: write (same)",
	     ":4: tracking_link: \"www.x.com\" is no link",
	     ":5: tracking_link: \"https://x.com/{code}\": only {tracking}",
	     ":6: warning: carrier: does nothing here");
	FINE("shipping.csv", SHIPPING);
	SAYS("payments.csv",
	     PAYMENTS "*,,USD,yes,,card,\n*,,GBP,yes,,CARD,\nx,,USD,yes,Shiped,PAYPAL,\n",
	     ":2: warning: becomes: Brightpearl's payment method \"card\" has no bank account in USD",
	     ":4: paid_at: BigCommerce has no order status \"Shiped\"");
	holds("SELECT line FROM map_payments", "2; 3");
	FINE("payments.csv", PAYMENTS "Invoice*,,,yes,,(Account),\nx,,,yes,,,\n");
	holds("SELECT becomes, becomes_id FROM map_payments", "(account) -;  -");
}

static void skus(void **unused)
{
	(void)unused;
	db_script(
		store.db,
		"INSERT INTO ref_bc_product(product_id, variant_id, sku, sku_fold, upc) VALUES"
		" (1, 0, '00501', '00501', 'U1'), (2, 0, 'Mug', 'mug', 'U2'), (3, 0, '2E+3', "
		"'2e+3', NULL);"
		"INSERT INTO ref_bp_product(id, sku, sku_fold) VALUES (7, '0042', '0042');"
		"INSERT INTO ref_read(system, list, read_at) VALUES ('bigcommerce', 'product', 0),"
		" ('brightpearl', 'product', 0)");
	SAYS("stock.csv",
	     STOCK "5.01E+12,,no,,\n501,,no,,\nCup,,no,,\nMUG,,no,,\n2E+3,,no,,\n0000501,,no,,\n",
	     ":2: sku: no product at BigCommerce has the sku \"5.01E+12\": a spreadsheet has taken",
	     ":3: sku: no product at BigCommerce has the sku \"501\", did you mean \"00501\"",
	     ":4: warning: sku: no product at BigCommerce has the sku \"Cup\"",
	     ":7: sku: no product at BigCommerce has the sku \"0000501\", did you mean \"00501\"");
	holds("SELECT line FROM map_stock WHERE bad IS NULL", "4; 5; 6");
	holds("SELECT key_fold, line FROM map_doubt", "00501 3; 00501 7");
	assert_null(map_unusable(store.db, "stock.csv"));
	FINE("stock.csv", STOCK);
	SAYS("sku_keys.csv", SKU_KEYS "Mug,42,\n00501,\"5,01E+12\",\n",
	     ":2: brightpearl: no product at Brightpearl has the sku \"42\", did you mean \"0042\"",
	     ":3: brightpearl: no product at Brightpearl has the sku \"5,01E+12\"");
	SAYS("sku_keys.csv",
	     SKU_KEYS "product:2,id:7,\nvariant: 9,id:8,\n#N/A,0042,\n1E5,0042,\n,0042,\n",
	     ":3: brightpearl: Brightpearl has no product 8",
	     ":3: warning: bigcommerce: BigCommerce's catalogue has no variant: 9",
	     ":4: bigcommerce: no product at BigCommerce has the sku \"#N/A\": it is the error",
	     ":5: bigcommerce: no product at BigCommerce has the sku \"1E5\"",
	     ":6: bigcommerce: must not be empty");
	holds("SELECT line, bc_product, bc_variant, bp_product, bad IS NULL FROM map_sku_keys",
	      "2 2 - 7 1; 3 - 9 8 0; 4 - - - 0; 5 - - - 0; 6 - - - 0");
	holds("SELECT key_fold, line FROM map_doubt", ""); /* an error speaks of nothing */
	store_file(&store, "settings.csv", SETTINGS "products.bigcommerce_key,UPC,\n");
	SAYS("sku_keys.csv", SKU_KEYS "u1,0042,\nMug,0042,\n",
	     ":3: warning: bigcommerce: no product at BigCommerce has the upc \"Mug\"");
	db_script(store.db, "DELETE FROM ref_read WHERE list = 'product'");
	FINE("sku_keys.csv", SKU_KEYS "u1,42,\n");
}

static void settings_together(void **unused)
{
	(void)unused;
	SAYS("settings.csv", "setting,value,note\n",
	     "settings.csv: orders.start_date: say from when on",
	     "settings.csv: orders.reference: is missing: add a line like orders.reference,BC-");
	SAYS("settings.csv",
	     "setting,value\norders.start_date,\norders.refrence,X\norders.reference,X\n",
	     "settings.csv:2: orders.start_date: say from when on",
	     ":3: setting: there is no setting \"orders.refrence\" (did you mean "
	     "\"orders.reference\"?)");
	SAYS("settings.csv", "setting,value\norders.start_date,2026-01-01\norders.reference,\n",
	     ":2: orders.start_date: \"2026-01-01\" could mean",
	     ":3: orders.reference: must not be empty");
	FINE("settings.csv", "setting,value\norders.start_id,100\norders.reference,BC-\n");
	SAYS("settings.csv",
	     SETTINGS "fulfillment.trigger,order_status,\nnotes.to_brightpearl.enabled,yes,\n",
	     "settings.csv: fulfillment.statuses: name the Brightpearl order statuses",
	     "settings.csv: warning: notes.customer_field: notes are switched on, but");
	SAYS("settings.csv",
	     SETTINGS "fulfillment.trigger,order_status,\nfulfillment.statuses,Shiped,\n",
	     ":5: fulfillment.statuses: Brightpearl has no order status \"Shiped\"");
	db_script(store.db, "INSERT INTO binding(id, store_hash, account, reference) VALUES(1, "
			    "'a', 'b', 'OLD-')");
	SAYS("settings.csv", SETTINGS,
	     ":3: orders.reference: orders were already sent as \"OLD-...\"");
	holds("SELECT value, line FROM map_settings WHERE setting IN ('orders.guests', "
	      "'orders.start_date')"
	      " ORDER BY setting",
	      "yes 0; everything 2");
}

static void messages_are_one_line(void **unused)
{
	static char text[20000];

	(void)unused;
	snprintf(text, sizeof text, "%s",
		 STATUSES "BigCommerce,\"two\nlines\",yes,,,\nBigCommerce,Shipped,yes,,");
	size_t size = strlen(text);
	memset(text + size, 'x', 9000);
	memcpy(text + size + 9000, ",\n", 3);
	store_file(&store, "statuses.csv", text);
	char *said = store_load(&store);
	assert_non_null(strstr(said, ":2: status: BigCommerce has no order status \"two lines\""));
	assert_non_null(strstr(said, "mappings/statuses.csv:4: becomes: "));
	assert_non_null(strstr(said, "xxx...\n"));
	assert_true(strlen(said) < 1500);
	free(said);
}

static void many_complaints_are_cut(void **unused)
{
	size_t size = 0, room = 1 << 20;
	char *text = xcalloc(1, room);

	(void)unused;
	size += (size_t)snprintf(text, room, STOCK);
	for (int i = 0; i < 6000; i++)
		size += (size_t)snprintf(text + size, room - size, "A%d,,maybe,,\n", i);
	store_file(&store, "stock.csv", text);
	size = (size_t)snprintf(text, room, SHIPPING);
	for (int i = 0; i < 6000; i++)
		size += (size_t)snprintf(text + size, room - size, "BigCommerce,A%d,yes,,,,,\n", i);
	store_file(&store, "shipping.csv", text);
	char *said = store_load(&store);
	assert_int_equal(store.complaints, 1001);
	assert_non_null(strstr(
		said, "mappings/stock.csv:1002: 1000 complaints so far: the lines from here on"));
	assert_non_null(strstr(said, "mappings/shipping.csv: more than 5000 lines"));
	free(said);
	free(text);
}

static void digest(void **unused)
{
	(void)unused;
	char *first = map_digest(store.folder), *again = map_digest(store.folder);
	assert_int_equal(strlen(first), 64);
	assert_string_equal(first, again);
	store_file(&store, "stock.csv", STOCK "A,,no,,\n");
	char *edited = map_digest(store.folder);
	assert_string_not_equal(first, edited);
	store_remove(&store, "stock.csv");
	char *missing = map_digest(store.folder);
	assert_string_not_equal(missing, edited);
	free(first);
	free(again);
	free(edited);
	free(missing);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(shipped_files_are_fine),
		EACH(cells_are_stored),
		EACH(more_cells_are_stored),
		EACH(spreadsheet_habits),
		EACH(names_and_ids),
		EACH(renamed_things),
		EACH(lists_that_cannot_be_read),
		EACH(other_files),
		EACH(names_in_columns),
		EACH(shadowed),
		EACH(named_cells_decide),
		EACH(ties),
		EACH(same_key_twice),
		EACH(headers),
		EACH(whole_files),
		EACH(keys_that_must_be_written),
		EACH(shipping_and_payment_rules),
		EACH(skus),
		EACH(settings_together),
		EACH(messages_are_one_line),
		EACH(many_complaints_are_cut),
		EACH(digest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
