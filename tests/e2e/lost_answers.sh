#!/bin/bash
# The answer to a write is lost after it was processed: found again, never repeated; 75, then 0.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG

say "each kind of lost answer, for address, contact, single order and multi-message"
n=1000
for kind in drop_after status_after:503 status_after:500 garbage empty_200 truncate stall:1200; do
	for path in /contact-service/postal-address/ /contact-service/contact/ /order-service/sales-order/ /multi-message; do
		n=$((n + 10))
		sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM fault; DELETE FROM bp_contact WHERE id > 2000"
		make_store "$n"
		count=1 list=''
		[ $path = /multi-message ] && count=6
		for i in $(seq $count); do list+=",$(order $((n + i)) "u$i@x.example" "$(line MUG 1 10.00)")"; done
		put_order "[${list:1}]"
		fault api=brightpearl method=POST path=$path kind="${kind%%:*}" arg="${kind#*:}"
		[ "$kind" = stall:1200 ] && export PEARLBRIDGE_TIMEOUT_MS=600
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		expect_eq "$kind on $path struck" "$(fired)" 1
		[[ " 0 75 " == *" $code "* ]] || bad "$kind on $path: the first run ended with $code: $(tail -n 5 "$work/told")" 0
		[ "$kind" = stall:1200 ] && sleep 0.7 && unset PEARLBRIDGE_TIMEOUT_MS # it is processed meanwhile
		for again in 1 2; do
			[ "$code" = 0 ] && break
			later 20
			code=0
			timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		done
		expect_eq "$kind on $path: the last run's code" "$code" 0
		expect_eq "$kind on $path: orders, contacts" "$(sql_sandbox "SELECT (SELECT count(*) FROM bp_order), (SELECT count(DISTINCT external_ref) FROM bp_order), (SELECT count(*) FROM bp_contact WHERE id > 2000)")" "$count|$count|$count"
		expect_eq "$kind on $path: each in our books" "$(sql_store "SELECT count(*) FROM link_order k JOIN out_order x USING (order_id) WHERE x.state = 'done' AND x.remote_id = k.sales_order_id")" $count
		expect_eq "$kind on $path: contacts in our books" "$(sql_store "SELECT count(*) FROM link_customer")" $count
		rm -rf "$store"
	done
done
