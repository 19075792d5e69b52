#!/bin/bash
# More bundles than can be read while a reading is good: each is pushed soon after it was read, none is left out.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes inventory.max_age_minutes 2
sql_sandbox "BEGIN;
	INSERT INTO bc_product (id, sku, name) SELECT value, 'KIT-' || value, 'Kit' FROM generate_series(1, 180);
	INSERT INTO bp_product (id, sku, name, is_bundle, stock_tracked, components)
		SELECT 1000 + value, 'KIT-' || value, 'Kit', 1, 0, '[{\"productId\":2000,\"productQuantity\":2}]' FROM generate_series(1, 180);
	INSERT INTO bp_product (id, sku, name) VALUES (2000, 'PART', 'Part');
	INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (2000, 2, 60);
	COMMIT"
switch bp_quota 60
run_store 0
expect_eq "bundles in the shop" "$(sql_sandbox "SELECT count(*), min(onhand), max(onhand) FROM bc_stock")" "180|30|30"
expect_eq "each was read once" "$(requests "path LIKE '%bundle-availability%'")" 180
[ "$(pushes)" -ge 2 ] || bad "all was pushed at once, $(pushes) time"
