#!/bin/bash
# Orders worth nothing, lines of which none is left, and lines for nothing.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
for n in 0 10; do
	mode="\"inclusive\":$([ $n = 0 ] && echo true || echo false)"
	full=$([ $n = 0 ] && echo 33.05 || echo 39.66)
	put_order "[$(order $((n + 1)) a@x.example "$(line MUG 1 0),$(line TEA 2 0)" "$mode"),
	$(order $((n + 2)) a@x.example "$(line MUG 2 10.00),$(line TEA 3 4.35)" "$mode,\"coupon\":{\"code\":\"FREE\",\"discount\":\"$full\"}"),
	$(order $((n + 3)) a@x.example "$(line MUG 1 10.00),$(line TEA 1 0),$(line TEA 0 4.35)" "$mode"),
	$(order $((n + 4)) a@x.example "$(line MUG 0 10.00)" "$mode,\"shipping_cost\":\"5.00\"")]"
done
put_order "$(order 5 a@x.example "$(line MUG 0 10.00)")"
run_store 65
expect_eq "nothing at all to sell is told" "$(rejects)" "order:5 no_lines"
expect_eq orders "$(orders_there)" "BC-1 BC-11 BC-12 BC-13 BC-14 BC-2 BC-3 BC-4"
expect_exact
expect_eq "free goods" "$(rows 1)" "1001|1|0.0000|0.00|T20
1002|2|0.0000|0.00|T20"
expect_eq "a coupon over all" "$(of_order 2 "total, total_tax") $(of_order 12 "total, total_tax")" "0|0 0|0"
expect_eq "a removed line" "$(rows 3 | cut -d'|' -f 1,2 | xargs)" "1001|1 1002|1"
expect_eq "shipping alone" "$(rows 4)" "1000|1|4.1700|0.83|T20"
mark
run_store 0
expect_eq writes "$(count_writes)" 0
