#!/bin/bash
# Several locations, variants, bundles, products without a stock of their own, keys that differ, more than one request.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
sql_sandbox "INSERT INTO bc_location (id, code, label) VALUES (2, 'OUTLET', 'Outlet')"
say "each warehouse's stock at its location; what orders hold comes off the default one first"
product 1 MUG && product 2 TEA
put_stock 1001 2 10 && put_stock 1001 3 4
put_stock 1002 3 6
sed -i 's/^Overflow Warehouse,no,no,0,/Overflow Warehouse,no,yes,1,Outlet/' "$store/mappings/warehouses.csv"
put_order "$(order 1 a@x.example "$(line MUG 12 1.00),$(line TEA 2 1.00)" '"status_id":12')"
run_store 0
expect_eq "default location" "$(shop)" "MUG=0 TEA=0"
expect_eq "outlet" "$(shop 2)" "MUG=1 TEA=3"
expect_eq "a request for each location" "$(pushes)" 2
say "stock.csv may speak of one location"
mapping stock.csv 'MUG,Outlet,no,,'
mapping stock.csv 'TEA,Outlet,30,,'
run_store 0
expect_eq "outlet" "$(shop 2)" "MUG=1 TEA=30"
say "variants have a stock of their own; a product kept by product has one"
sql_sandbox "INSERT INTO bc_product (id, sku, name, has_options, inventory_tracking) VALUES (10, 'SHIRT', 'Shirt', 1, 'variant'), (11, 'CAP', 'Cap', 1, 'product');
	INSERT INTO bc_variant (id, product_id, sku) VALUES (21, 10, 'SHIRT-S'), (22, 10, 'SHIRT-L'), (23, 11, 'CAP-RED');
	INSERT INTO bp_product (id, sku, name) VALUES (1021, 'SHIRT-S', 's'), (1022, 'shirt-l', 'l'), (1011, 'CAP', 'c')"
put_stock 1021 2 3 && put_stock 1022 2 4 && put_stock 1011 2 5
later $((25 * 60))
run_store 0
expect_eq "variants" "$(sql_sandbox "SELECT group_concat(variant_id || '=' || onhand, ' ') FROM bc_stock WHERE location_id = 1 AND variant_id < 100")" "21=3 22=4 23=5"
say "bundles by their own call; what orders hold of a bundle is missing from its parts, and the other way round"
sql_sandbox "INSERT INTO bc_product (id, sku, name) VALUES (30, 'KIT', 'Kit'), (31, 'CUP', 'Cup'), (32, 'BOX', 'Box'), (33, 'SOUL', 'No stock');
	INSERT INTO bp_product (id, sku, name, stock_tracked, is_bundle, components) VALUES (1030, 'KIT', 'Kit', 0, 1, '[{\"productId\":1031,\"productQuantity\":2},{\"productId\":1032,\"productQuantity\":1}]');
	INSERT INTO bp_product (id, sku, name, stock_tracked) VALUES (1031, 'CUP', 'Cup', 1), (1032, 'BOX', 'Box', 1), (1033, 'SOUL', 'x', 0)"
put_stock 1031 2 20 && put_stock 1032 2 8
put_order "[$(order 2 a@x.example "$(line KIT 3 1.00)" '"status_id":12'), $(order 3 a@x.example "$(line CUP 3 1.00)" '"status_id":12')]"
later $((25 * 60))
mark
run_store 0
# 20 cups: 6 in held kits, 3 held alone: 11 left, good for 5 kits; 8 boxes less 3
expect_eq "shop" "$(shop)" "BOX=5 CUP=11 KIT=3 MUG=0 SOUL=- TEA=0"
expect_eq "left alone" "$(sql_store "SELECT reason FROM skip WHERE job = 'inventory' AND key LIKE 'stock:SOUL@1'")" "Brightpearl does not track its stock"
expect_eq "calls for bundles" "$(requests "path LIKE '%bundle-availability%'")" 1

say "a bundle that is refused, or unknown to its own call, is told, and left as it is"
for answer in 400 404; do
	later 30
	fault api=brightpearl 'path=/warehouse-service/bundle-availability/*' kind=status_before arg=$answer times=-1
	run_store 65
	sql_sandbox "DELETE FROM fault"
	expect_eq "shop" "$(shop)" "BOX=5 CUP=11 KIT=3 MUG=0 SOUL=- TEA=0"
	expect_eq "rejects" "$(rejects)" "stock:KIT@1 stock_unreadable"
	later 30
	run_store 0
	expect_eq "rejects" "$(rejects)" ""
done
mark
run_store 0
expect_eq "a quiet run: reads at Brightpearl, writes" "$(requests "path LIKE '%availability%'") $(requests "path LIKE '/product-service/product/%'") $(count_writes)" "2 0 0"
say "other keys, exceptions, a key that two products share"
mapping sku_keys.csv 'BOX,CUP,'
sql_sandbox "INSERT INTO bp_product (id, sku, name) VALUES (1099, 'TEA', 'Another tea')"
later $((25 * 60))
run_store 65
expect_eq "box shows what cups there are" "$(shop | grep -o 'BOX=[0-9]*')" "BOX=11"
expect_eq "rejects" "$(rejects | sort -u)" "stock:TEA@1 ambiguous_sku"
say "one id that Brightpearl does not like: the others are still read"
switch bp_availability_invalid refuse
sql_sandbox "DELETE FROM bp_product WHERE id = 1032"
put_stock 1001 2 30
run_store 0
expect_eq "shop" "$(shop | grep -o 'MUG=[0-9]*')" "MUG=18"
