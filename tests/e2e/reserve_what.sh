#!/bin/bash
# What is reserved: goods not shipped yet, a bundle's components, each row by itself; by statuses that owe goods.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
for i in 1 2 3 4 5; do product $i P$i && stock $i 100; done
sql_sandbox "UPDATE bp_product SET is_bundle = 1, stock_tracked = 0, components =
	'[{\"productId\":1001,\"productQuantity\":2},{\"productId\":1002,\"productQuantity\":1}]' WHERE id = 1003;
	UPDATE bp_product SET stock_tracked = 0 WHERE id = 1004"
mapping statuses.csv 'BigCommerce,Awaiting Payment,yes,no,,'
sed -i '/^BigCommerce,Awaiting Payment,no/d; s/^BigCommerce,Manual Verification Required,no/BigCommerce,Manual Verification Required,yes/' "$store/mappings/statuses.csv"

put_order "[$(order 1 a@x.example "$(line P1 5 3.00 '"shipped":2'),$(line P2 2 4.00 '"shipped":2')" '"status_id":3'),
	$(order 2 a@x.example "$(line P1 1 3.00),$(line P3 4 9.00 '"shipped":1'),$(line P1 2 2.00)" '"status_id":3'),
	$(order 3 a@x.example "$(line P4 1 3.00),$(line P5 1 3.00 '"type":"digital"')"),
	$(order 4 a@x.example "$(line P1 1 3.00)" '"status_id":2'),
	$(order 5 a@x.example "$(line P1 1 3.00)" '"status_id":10'),
	$(order 6 a@x.example "$(line P1 1 3.00)" '"status_id":7'),
	$(order 7 a@x.example "$(line P1 1 3.00)" '"status_id":12')]"
run_store 0
expect_eq "imported" "$(orders_there)" "BC-1 BC-2 BC-3 BC-4 BC-5 BC-6 BC-7"
say "partially shipped: what is left"
expect_eq "order 1" "$(reserved 1)" "2: 1001=3"
say "a bundle's components for what is left of it, and the same product by itself: an entry for each row"
expect_eq "order 2" "$(reserved 2)" "2: 1001=1 1001=2 1001=6 1002=3"
expect_eq "entries of its request" "$(sql_store "SELECT json_array_length(body, '$.products') FROM out_reservation WHERE key = 'BC-2'")" 4
expect_eq "bundles, as other jobs see it" "$(sql_store "SELECT reserved FROM order_reserved WHERE order_id = 2 AND product_id = 1003")" 3
say "nothing for what is not stocked, downloaded, shipped or completed, and where statuses.csv says no"
expect_eq "others" "$(for i in 3 4 5 6; do reserved $i; done)" ""
expect_eq "checked by hand first: owes by nature" "$(reserved 7)" "2: 1001=1"
mark
run_store 0
expect_eq "second run: writes" "$(count_writes)" 0
say "shipped since, in BigCommerce alone: not let go of before Brightpearl ships it"
put_order "$(order 7 a@x.example "$(line P1 1 3.00 '"shipped":1')" '"status_id":2')"
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
expect_eq "still reserved" "$(reserved 7)" "2: 1001=1"
