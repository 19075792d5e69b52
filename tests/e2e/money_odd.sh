#!/bin/bash
# Fees, handling, wrapping, store credit: whatever stands in a total, the rows add up to it; else told.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
two="$(line MUG 2 10.00),$(line TEA 3 4.35)"
fee='"fees":[{"name":"Small order","cost":"1.50","tax_rate":"20"}]'
say "the same oddities, prices with and without tax"
for e in 0 100; do
	mode="\"inclusive\":$([ $e = 0 ] && echo true || echo false)"
	put_order "[$(order $((e + 3)) a@x.example "$two" "$mode,\"handling_cost\":\"2.50\",\"shipping_cost\":\"3.95\""),
	$(order $((e + 4)) a@x.example "$(line MUG 1 10.00 '"wrapping":"1.99","wrapping_name":"Red"')" "$mode"),
	$(order $((e + 5)) a@x.example "$two" "$mode,\"store_credit\":\"4.00\""),
	$(order $((e + 6)) a@x.example "$two" "$mode,$fee")]"
	switch bc_fees_in_total yes
	put_order "$(order $((e + 8)) a@x.example "$two" "$mode,$fee")"
	switch bc_fees_in_total no
done
run_store 0
expect_eq "open rejects" "$(rejects)" ""
expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 10
expect_exact
expect_eq "fees in the total are rows, others are none" "$(sql_sandbox "SELECT o.external_ref FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE r.name = 'Small order' ORDER BY o.total" | xargs)" "BC-8 BC-108"

say "an order that does not add up is told, not bent"
put_order "$(order 200 a@x.example "$two" '"raw":{"total_inc_tax":"40.0000"}')"
run_store 65
expect_eq rejects "$(rejects)" "order:200 does_not_add_up"
expect_eq "not sent" "$(of_order 200 1)" ""
say "a difference within the limit is a rounding row"
put_order "$(order 201 a@x.example "$two" '"raw":{"total_inc_tax":"33.0900"}')"
run_store 0
expect_eq "total of 201" "$(of_order 201 total)" 330900
expect_eq "its rounding row" "$(sql_sandbox "SELECT r.net, r.tax FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-201' AND r.name = 'Rounding'")" "400|0"
say "unless the limit forbids it; the settings decide what has not been sent"
setting orders.rounding_limit 0 orders.rounding_per_line 0
put_order "$(order 202 a@x.example "$two" '"raw":{"total_inc_tax":"33.0900"}')"
run_store 65
expect_has rejects "$(rejects)" "order:202 does_not_add_up"
setting orders.rounding_limit 7 orders.rounding_per_line 0
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "order 200 with 6.95 of rounding" "$(of_order 200 total)" 400000
