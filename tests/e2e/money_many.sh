#!/bin/bash
# 240 orders with made-up prices, quantities and rates: every one equal to the penny, rows and totals.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting limits.orders 5000
for i in 1 2 3 4 5 6; do product $i SKU-$i; done
RANDOM=${SEED:-4711}
list=''
for n in $(seq 240); do
	rates=(20 20 0 5) lines=",$(line SKU-1 $((n % 3 + 1)) 0.$((n % 90 + 10)))"
	for i in 2 3 4 5 6; do
		[ $((RANDOM % 2)) = 0 ] || lines+=",$(line SKU-$i $((RANDOM % 9 + 1)) $((RANDOM % 40)).$(printf %02d $((RANDOM % 100))) "\"tax_rate\":\"${rates[RANDOM % 4]}\"")"
	done
	list+=",$(order $((1000 + n)) "b$((n % 7))@x.example" "${lines:1}" "\"inclusive\":$([ $((RANDOM % 2)) = 0 ] && echo true || echo false),\"shipping_cost\":\"$((RANDOM % 9)).$((RANDOM % 90 + 10))\",\"tax_rate\":\"20\"")"
done
put_order "[${list:1}]"
run_store 0
expect_exact
expect_eq "sent" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 240
expect_eq "rejects of orders with lines" "$(sql_store "SELECT key, reason, message FROM reject WHERE closed_at IS NULL")" ""
expect_eq "sums" "$(sql_sandbox "SELECT sum(total) FROM bp_order")" \
	"$(sql_sandbox "SELECT sum(total_inc_tax) FROM bc_order")"
expect_eq "rows add up to the order" "$(sql_sandbox "SELECT count(*) FROM bp_order o WHERE total <> (SELECT sum(net + tax) FROM bp_order_row r WHERE r.order_id = o.id)")" 0
