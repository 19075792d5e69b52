#!/bin/bash
# The first push: nothing known on either side sets no shop to 0; a push that failed once makes nothing first again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
sql_sandbox "INSERT INTO bc_product (id, sku, name) SELECT value, 'S' || value, 't' FROM generate_series(101, 130);
	INSERT INTO bp_product (id, sku, name) SELECT 1000 + value, 'S' || value, 't' FROM generate_series(101, 130);
	INSERT INTO bp_stock (product_id, warehouse_id, in_stock) SELECT id, 2, 20 FROM bp_product WHERE id > 1000"
shows() { sql_sandbox "SELECT coalesce(onhand, 'untold') || ' ' || count(*) FROM bc_stock GROUP BY onhand"; }
fault api=bigcommerce method=GET 'path=/v3/inventory/items*' nth=0 kind=status_before arg=404 times=-1
fault api=brightpearl 'path=/warehouse-service/product-availability/*' nth=0 kind=answer_json 'arg={"response":{}}' times=-1
before=$(shows)
run_store 65
expect_eq "the shop" "$(shows)" "$before"
expect_has "what is said" "$told$said" "30 of 30 quantities are held"
sql_sandbox "DELETE FROM fault"
later 20
run_store 0
expect_eq "the shop" "$(shows)" "20 30"

say "a push fails; then a warehouse is published by mistake: its rise is held all the same"
fault api=bigcommerce method=PUT 'path=/v3/inventory/adjustments/*' nth=0 kind=status_before arg=503 times=-1
sql_sandbox "UPDATE bp_stock SET in_stock = 19"
later 20
run_store 75
sql_sandbox "DELETE FROM fault; INSERT INTO bp_stock (product_id, warehouse_id, in_stock) SELECT id, 3, 5000 FROM bp_product WHERE id > 1000"
sed -i 's/^Overflow Warehouse,no,no,0/Overflow Warehouse,no,yes,0/' "$store/mappings/warehouses.csv"
later 20
run_store 65
expect_eq "the shop" "$(shows)" "20 30"
expect_has "what is said" "$told$said" "30 would rise to more than 5 times what they were"
