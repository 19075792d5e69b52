#!/bin/bash
# 10,000 SKUs of which 500 changed: 100 requests and a few for what can be sold, one or two writes; a quiet run costs no more.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
export PEARLBRIDGE_CLOCK_SPEED=1
start_sandbox
make_store
setting inventory.enabled yes
sql_sandbox "BEGIN;
	INSERT INTO bc_product (id, sku, name, price) SELECT value, 'SKU-' || value, 'Thing ' || value, 100000 FROM generate_series(1, 10000);
	INSERT INTO bp_product (id, sku, name) SELECT 20000 + value, 'SKU-' || value, 'Thing ' || value FROM generate_series(1, 10000);
	UPDATE bp_product SET is_bundle = 1, stock_tracked = 0, components = '[{\"productId\":20010,\"productQuantity\":2}]' WHERE id IN (20001, 20002, 20003);
	INSERT INTO bp_stock (product_id, warehouse_id, in_stock) SELECT 20000 + value, 2, value FROM generate_series(4, 10000);
	COMMIT"
unequal() { sql_sandbox "SELECT count(*) FROM bp_stock t JOIN bp_product p ON p.id = t.product_id JOIN bc_product b ON b.sku = p.sku
	LEFT JOIN bc_stock s ON s.variant_id = 500000 + b.id AND s.location_id = 1 WHERE s.onhand IS NOT t.in_stock"; }
stock_reads() { requests "api = 'brightpearl' AND path LIKE '%/product-availability/%'"; }
run_store 0
expect_eq "SKUs that differ" "$(unequal)" 0
expect_eq "a bundle shows what its part makes" "$(sql_sandbox "SELECT group_concat(onhand) FROM bc_stock WHERE variant_id BETWEEN 500001 AND 500003")" 5,5,5
echo "  everything pushed in $(pushes) writes"

say "500 of them changed"
sql_sandbox "UPDATE bp_stock SET in_stock = in_stock + 7 WHERE product_id % 20 = 0"
mark
run_store 0
expect_eq "SKUs that differ" "$(unequal)" 0
reads=$(stock_reads) bundles=$(requests "path LIKE '%bundle-availability%'")
echo "  $reads reads of stock, $bundles of bundles, $(pushes) writes, $(requests) requests in all"
[ "$reads" -ge 100 ] && [ "$reads" -le 105 ] || bad "stock was read by $reads requests, not 100 to 105"
[ "$(count_writes)" -ge 1 ] && [ "$(count_writes)" -le 2 ] || bad "$(count_writes) writes, not one or two"
expect_eq "items sent" "$(sql_store "SELECT sum(json_array_length(body, '$.items')) FROM request WHERE method = 'PUT' AND run_id = (SELECT max(id) FROM run)")" 500

say "nothing changed"
mark
run_store 0
expect_eq writes "$(count_writes)" 0
[ "$(requests)" -le $((20 + 100 + bundles)) ] || bad "a quiet run asked $(requests) times, more than 20, 1 for each 100 SKUs and each of $bundles bundles"
