#!/bin/bash
# Units that live orders hold are never sold twice: orders filtered out, rejected, on plan, newer than the last reading.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
for i in 1 2 3 4 5 6; do product $i "SKU-$i" && put_stock $((1000 + i)) 2 10; done
say "filtered by status, held by a mapping, with a SKU that Brightpearl does not know: what they hold is not for sale"
put_order "[$(order 1 a@x.example "$(line SKU-1 3 1.00)" '"status_id":12'), $(order 2 a@x.example "$(line SKU-2 2 1.00),$(line NEW 1 1.00 '"product_id":77,"name":"n"')"),
	$(order 3 a@x.example "$(line SKU-3 4 1.00)" '"shipping_method":"Odd"')]"
mapping shipping.csv 'BigCommerce,Odd,yes,(hold),,,,'
run_store 65
expect_eq "rejects" "$(rejects | sort | xargs)" "order:2 unknown_sku order:3 held_by_mapping"
expect_eq "shop" "$(shop)" "SKU-1=7 SKU-2=8 SKU-3=6 SKU-4=10 SKU-5=10 SKU-6=10"
say "cancelled, shipped, refunded, archived: held no longer"
merchant sql "UPDATE bc_order SET status_id = 5, date_modified = server_time() / 1000 WHERE id = 1; UPDATE bc_order SET is_deleted = 1, date_modified = server_time() / 1000 WHERE id = 2"
put_order "$(order 3 a@x.example "$(line SKU-3 4 1.00 '"shipped":1')" '"shipping_method":"Odd","status_id":3')"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=7 SKU-4=10 SKU-5=10 SKU-6=10"
say "owes_goods decides: a status that does not owe holds nothing"
sed -i 's/^BigCommerce,Partially Shipped,yes,,/BigCommerce,Partially Shipped,yes,no,/' "$store/mappings/statuses.csv"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=10 SKU-5=10 SKU-6=10"
say "on plan: what is only planned holds its goods"
put_stock 1004 2 20
setting orders.enabled plan
put_order "$(order 4 a@x.example "$(line SKU-5 10 1.00)")"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=20 SKU-5=0 SKU-6=10"
say "placed while the run was on its way: taken off just before the push"
put_order "$(order 50 a@x.example "$(line SKU-4 7 1.00)")"
sql_sandbox "CREATE TABLE late AS SELECT * FROM bc_order WHERE id = 50; DELETE FROM bc_order WHERE id = 50;
	CREATE TRIGGER placed AFTER INSERT ON request WHEN NEW.path LIKE '/warehouse-service/product-availability%'
	BEGIN INSERT OR IGNORE INTO bc_order SELECT * FROM late; END"
put_stock 1004 2 21
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=14 SKU-5=0 SKU-6=10"
expect_eq "the watermark did not move for it" "$(sql_store "SELECT changed_run = (SELECT max(id) FROM run) FROM stg_bc_order WHERE id = 50")" 1
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=14 SKU-5=0 SKU-6=10"
say "orders that could not be read hold all stock back"
put_stock 1006 2 99
fault api=bigcommerce path='/v2/orders*' kind=status_before arg=503 times=-1
run_store 75
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=14 SKU-5=0 SKU-6=10"
sql_sandbox "DELETE FROM fault"
later 61
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=14 SKU-5=0 SKU-6=99"
say "other services that are down do not hold stock back"
put_stock 1006 2 42
fault api=bigcommerce path='/v3/orders/*' kind=status_before arg=503 times=-1
fault api=brightpearl path='/warehouse-service/goods-note/*' kind=status_before arg=503 times=-1
run_store "$(sql_store "SELECT iif(sum(value = 'yes'), 75, 0) FROM map_settings WHERE setting IN ('payments.enabled', 'fulfillment.enabled')")"
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=14 SKU-5=0 SKU-6=42"
