#!/bin/bash
# Discounts told in the ways that are left open: on lines or in the total alone, with or without tax, on shipping,
# as promotions; and fees, credit and discounts that happen to be equal.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
mapping taxes.csv 'GB,*,*,*,*,0,T0,zero rate'
product 1 MUG && product 2 TEA
two="$(line MUG 2 10.00),$(line TEA 3 4.35)" # 33.05
discounts() { sql_sandbox "SELECT printf('%.2f %.2f', r.net / 1e4, r.tax / 1e4) FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1' AND r.name = 'Discount'"; }
both='"discount":"1.00","coupon":{"code":"X","discount":"2.22"}'
n=0
for shared in yes no; do
	for tax in after before; do
		switch bc_discount_on_lines $shared bc_line_tax $tax
		for mode in true false; do
			m="\"inclusive\":$mode,\"shipping_cost\":\"3.95\""
			put_order "[$(order $((n + 1)) a@x.example "$two" "$m,$both"), $(order $((n + 2)) a@x.example "$(line MUG 2 10.00 '"discount":"1.01"'),$(line TEA 1 4.35)" "$m,$both"),
			$(order $((n + 3)) a@x.example "$two" "$m,\"coupon\":{\"code\":\"3FOR2\",\"type\":5,\"discount\":\"4.35\"}"),
			$(order $((n + 4)) a@x.example "$two" "$m,\"discount\":\"1.50\",\"store_credit\":\"1.50\",\"fees\":[{\"name\":\"F\",\"cost\":\"1.50\"}]"),
			$(order $((n + 5)) a@x.example "$(line MUG 1 10.00),$(line TEA 2 3.00 '"tax_rate":"0"')" "$m,\"discount\":\"1.60\"")]"
			n=$((n + 10))
		done
	done
done
run_store 0
expect_eq rejects "$(sql_store "SELECT key, message FROM reject WHERE closed_at IS NULL")" ""
expect_eq orders "$(sql_sandbox "SELECT count(*) FROM bp_order")" 40
expect_exact
expect_eq "on lines: no row of its own" "$(for i in 1 2 3 11 12 21 33; do discounts $i; done)" ""
expect_eq "in the total alone: a row, with its tax" "$(discounts 41) / $(discounts 51) / $(discounts 43)" "-2.68 -0.54 / -2.68 -0.54 / -3.62 -0.73"
expect_eq "a fee and a credit of the same size are not in the total by chance" "$(sql_sandbox "SELECT count(*) FROM bp_order_row WHERE name = 'F'")" 0

say "a coupon on shipping: told as a discount, or in a smaller shipping cost already"
free='"coupon_discount":"3.9500","discount_amount":"0.0000"'
put_order "[$(order 101 a@x.example "$two" "\"shipping_cost\":\"3.95\",\"raw\":{$free,\"total_inc_tax\":\"33.0500\",\"total_tax\":\"5.5083\"}"),
	$(order 102 a@x.example "$two" "\"raw\":{$free}"),
	$(order 103 a@x.example "$two" "\"inclusive\":false,\"shipping_cost\":\"3.95\",\"raw\":{$free,\"total_inc_tax\":\"39.6600\",\"total_tax\":\"6.6100\"}"),
	$(order 104 a@x.example "$two" "\"inclusive\":false,\"shipping_cost\":\"3.95\",\"raw\":{\"coupon_discount\":\"4.7400\",\"total_inc_tax\":\"39.6600\",\"total_tax\":\"6.6100\"}")]"
run_store 0
expect_eq rejects "$(sql_store "SELECT key, message FROM reject WHERE closed_at IS NULL")" ""
expect_eq totals "$(of_order 101 total) $(of_order 102 total) $(of_order 103 total) $(of_order 104 total)" "330500 330500 396600 396600"
expect_eq "free shipping: a row against it, or none" "$(discounts 101) / $(discounts 102) / $(discounts 103) / $(discounts 104)" "-3.29 -0.66 /  / -3.95 -0.79 / -3.95 -0.79"
