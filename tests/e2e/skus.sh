#!/bin/bash
# Lines and products: unknown SKUs wait or become text, sku_keys.csv, case, other keys, variants, custom lines.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 Tea-1
product_of() { sql_sandbox "SELECT group_concat(r.product_id) FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1'"; }
sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES (3, 'NEW', 'New', 100000), (4, 'OLD-4', 'Four', 100000), (5, 'tea-1x', 'x', 1)"
sql_sandbox "INSERT INTO bp_product (id, sku, name) VALUES (1044, 'BP-4', 'Four'), (1051, 'Twin', 'Twin a'), (1052, 'Twin', 'Twin b'), (1061, 'case', 'lower'), (1062, 'CASE', 'upper')"
sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES (6, 'TWIN', 'Twin', 100000), (7, 'CASE', 'Case', 100000), (8, '007', 'Zeros', 1)"
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00),$(line NEW 1 5.00)"), $(order 2 a@x.example "$(line TEA-1 1 10.00)"),
	$(order 3 a@x.example "$(line OLD-4 1 10.00)"), $(order 4 a@x.example "$(line TWIN 1 10.00)"), $(order 5 a@x.example "$(line CASE 1 10.00)"),
	$(order 6 a@x.example "$(line MUG 1 10.00),$(line '' 1 3.00 '"name":"Engraving"')")]"
run_store 65
expect_eq rejects "$(rejects | sort | xargs)" "order:1 unknown_sku order:3 unknown_sku order:4 ambiguous_sku"
expect_eq "SKU differing in case" "$(product_of 2)" 1002
expect_eq "two products that differ in case" "$(product_of 5)" 1062
expect_eq "a custom line has no product" "$(product_of 6)" 1001,1000
expect_has "hint" "$(sql_store "SELECT csv_line FROM reject WHERE key = 'order:3'")" "mappings/sku_keys.csv: OLD-4,"
expect_has "message" "$(sql_store "SELECT message FROM reject WHERE key = 'order:1'")" NEW

say "sku_keys.csv names another; the product is made in Brightpearl: both are imported by the next run"
mapping sku_keys.csv "old-4,bp-4,"
merchant sql "INSERT INTO bp_product (id, sku, name, created_on) VALUES (1003, 'NEW', 'New', server_time() / 1000)"
run_store 0
expect_eq "order 3" "$(product_of 3)" 1044
expect_eq "order 1" "$(product_of 1)" 1001,1003
expect_eq rejects "$(rejects)" "order:4 ambiguous_sku"
say "text_row: it goes without a product, with its SKU in the name"
setting orders.missing_sku text_row orders.text_row_nominal 4060
put_order "$(order 7 a@x.example "$(line MUG 1 10.00),$(line tea-1x 2 5.00)")"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "row of order 7" "$(sql_sandbox "SELECT product_id, name, quantity / 10000, nominal_code FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-7' AND product_id = 1000")" "1000|x [tea-1x]|2|4060"
expect_eq "order 4, a SKU that two share" "$(product_of 4)" 1000
expect_exact

say "another key: BigCommerce's UPC is Brightpearl's barcode"
make_store upc
sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bc_order; DELETE FROM bc_order_product"
sql_sandbox "UPDATE bc_product SET upc = '5012345' WHERE id = 1; UPDATE bc_variant SET upc = '5012345' WHERE product_id = 1; UPDATE bp_product SET barcode = '5012345' WHERE id = 1044"
setting products.bigcommerce_key upc products.brightpearl_key barcode
put_order "[$(order 21 a@x.example "$(line MUG 1 10.00)"),$(order 22 a@x.example "$(line CASE 1 10.00)")]"
run_store 65
expect_eq "order 21" "$(product_of 21)" 1044
expect_eq "one without UPC" "$(rejects)" "order:22 unknown_sku"
