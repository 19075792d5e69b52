#!/bin/bash
# What Brightpearl has is what BigCommerce shows: published warehouses, buffers, tracking modes, only differences.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
for i in 1 2 3 4 5 6; do product $i "SKU-$i"; done
sql_sandbox "UPDATE bc_product SET inventory_tracking = 'none' WHERE id = 3; UPDATE bc_product SET availability = 'preorder' WHERE id = 4;
	UPDATE bc_product SET sku = 'ODD' WHERE id = 5; UPDATE bc_product SET inventory_tracking = 'variant' WHERE id = 6"
put_stock 1001 2 10 3
put_stock 1001 3 50
put_stock 1002 2 4
put_stock 1004 2 9
put_stock 1006 2 5
mark
run_store 0
expect_eq "stock in the shop" "$(shop)" "ODD=- SKU-1=7 SKU-2=4 SKU-3=- SKU-4=- SKU-6=5"
expect_eq "pushes" "$(pushes)" 1
expect_eq "left alone" "$(sql_store "SELECT group_concat(reason, '; ') FROM (SELECT reason FROM skip WHERE job = 'inventory' ORDER BY key)")" \
	"Brightpearl has no such product; BigCommerce does not track its stock; on pre-order (inventory.preorders is leave)"
say "nothing changed: nothing is sent; what changed is, and only that"
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
put_stock 1002 2 0
run_store 0
expect_eq "stock in the shop" "$(shop)" "ODD=- SKU-1=7 SKU-2=0 SKU-3=- SKU-4=- SKU-6=5"
expect_eq "items of the push" "$(sql_store "SELECT json_array_length(body, '$.items') FROM request WHERE method = 'PUT' ORDER BY id DESC LIMIT 1")" 1
say "warehouses, buffers, stock.csv, pre-orders: an edited mapping takes effect at once"
sed -i 's/^Overflow Warehouse,no,no,0/Overflow Warehouse,no,yes,5/' "$store/mappings/warehouses.csv"
mapping stock.csv 'SKU-2,,12,,always shows twelve'
mapping stock.csv 'SKU-6,,yes,2,'
setting inventory.preorders push
run_store 0
expect_eq "stock in the shop" "$(shop)" "ODD=- SKU-1=52 SKU-2=12 SKU-3=- SKU-4=9 SKU-6=3"
say "what somebody changed in the shop is set right by the next run"
sql_sandbox "UPDATE bc_stock SET onhand = 99 WHERE variant_id = 500001"
mark
run_store 0
expect_eq "stock in the shop" "$(shop)" "ODD=- SKU-1=52 SKU-2=12 SKU-3=- SKU-4=9 SKU-6=3"
expect_eq "items of the push" "$(sql_store "SELECT json_array_length(body, '$.items') FROM request WHERE method = 'PUT' ORDER BY id DESC LIMIT 1")" 1
say "the full push sets all of it, whatever the shop shows"
later $((25 * 60))
run_store 0
expect_eq "items of the push" "$(sql_store "SELECT json_array_length(body, '$.items') FROM request WHERE method = 'PUT' ORDER BY id DESC LIMIT 1")" 4
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
say "on plan nothing is sent"
setting inventory.enabled plan
put_stock 1001 2 0
run_store 0
expect_has "summary" "$said" "NOTHING SENT: inventory is on plan"
expect_eq "writes" "$(count_writes)" 0
