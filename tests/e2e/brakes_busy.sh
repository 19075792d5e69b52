#!/bin/bash
# A busy day: 1,500 orders at once, 1,000 notes shipped, a stocktake; no brake holds any of it, but a mass fall of stock it does.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes inventory.enabled yes
sed -i 's/^Main Warehouse,no,/Main Warehouse,1,/' "$store/mappings/warehouses.csv"
sql_sandbox "BEGIN;
	INSERT INTO bc_product (id, sku, name) SELECT value, 'S' || value, 't' FROM generate_series(1, 1000);
	INSERT INTO bp_product (id, sku, name) SELECT 1000 + value, 'S' || value, 't' FROM generate_series(1, 1000);
	INSERT INTO bp_stock (product_id, warehouse_id, in_stock) SELECT id, 2, 50 FROM bp_product WHERE id > 1000; COMMIT"
run_store 0
list=''
at=$(date -u -d "@$(now)" +%Y-%m-%dT%H:%M:%SZ)
for n in $(seq 1500); do
	list+=",{\"id\":$n,\"created\":\"$at\",\"status_id\":11,\"customer\":{\"email\":\"u$((n % 40))@x.example\"},\"billing\":{\"first_name\":\"A\",\"last_name\":\"B\",\"street_1\":\"1 High St\",\"city\":\"Leeds\",\"zip\":\"LS1 1AA\",\"country\":\"United Kingdom\",\"country_iso2\":\"GB\"},\"lines\":[{\"sku\":\"S$((n % 1000 + 1))\",\"quantity\":1,\"price\":\"2.00\"}],\"inclusive\":true,\"tax_rate\":\"20\",\"paid\":true}"
done
put_order "[${list:1}]"
run_store 0
expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 1500
merchant sql "INSERT INTO bp_goods_out (order_id, reference, shipping_method_id, created_on) SELECT id, 'T' || id, 1, server_time() / 1000 FROM bp_order
		WHERE CAST(substr(external_ref, 4) AS INTEGER) <= 1000;
	INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity) SELECT n.id, r.id, r.product_id, 1 FROM bp_goods_out n
		JOIN bp_order_row r ON r.order_id = n.order_id AND r.product_id > 1000;
	UPDATE bp_goods_out SET shipped_on = server_time() / 1000;
	UPDATE bp_stock SET in_stock = max(allocated, in_stock - 3 + product_id % 7); UPDATE bp_stock SET in_stock = allocated WHERE product_id % 40 = 0"
run_store 0
unequal() { sql_sandbox "SELECT count(*) FROM bp_stock t LEFT JOIN bc_stock s ON s.variant_id = 499000 + t.product_id WHERE s.onhand IS NOT t.in_stock - t.allocated"; }
expect_eq "shipments" "$(sql_sandbox "SELECT count(*) FROM bc_shipment")" 1000
expect_eq "SKUs that differ" "$(unequal)" 0

say "half of all stock falls to zero, which no order explains"
sql_sandbox "UPDATE bp_stock SET in_stock = allocated WHERE product_id % 2 = 0"
mark
run_store 65
expect_eq "pushes" "$(pushes)" 0
