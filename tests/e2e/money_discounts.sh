#!/bin/bash
# Discounts and coupons, shared out over the lines or not: rows after discount, total and tax to the penny.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
two="$(line MUG 2 10.00),$(line TEA 3 4.35)"
for e in 0 100; do
	mode="\"inclusive\":$([ $e = 0 ] && echo true || echo false)"
	put_order "[$(order $((e + 1)) a@x.example "$two" "$mode,\"discount\":\"5.00\""),
	$(order $((e + 2)) a@x.example "$two" "$mode,\"coupon\":{\"code\":\"TEN\",\"discount\":\"3.31\"}"),
	$(order $((e + 3)) a@x.example "$(line MUG 2 10.00 '"discount":"1.01"'),$(line TEA 1 4.35)" "$mode"),
	$(order $((e + 4)) a@x.example "$two" "$mode,\"discount\":\"1.00\",\"coupon\":{\"code\":\"X\",\"discount\":\"2.22\"},\"shipping_cost\":\"7.77\"")]"
done
run_store 0
expect_eq "open rejects" "$(sql_store "SELECT key, reason, message FROM reject WHERE closed_at IS NULL")" ""
expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 8
expect_exact
expect_eq "a coupon shared out over the lines needs no row" "$(sql_sandbox "SELECT count(*) FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-2' AND r.net < 0")" 0
