#!/bin/bash
# Lost answers, crashes and refusals: one reservation for each order, as wanted, and nothing held twice.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 CUP
stock 1 1000
number=0
four() { # places four new orders
	local list='' i
	for i in 1 2 3 4; do number=$((number + 1)) && list+=",$(order $number a@x.example "$(line CUP $i 3.00)")"; done
	put_order "[${list:1}]"
}
expect_all() { # every order is reserved once and whole; nothing waits
	expect_eq "orders not reserved as wanted" "$(sql_sandbox "SELECT o.external_ref, r.quantity / 10000, v.quantity FROM bp_order o JOIN bp_order_row r
		ON r.order_id = o.id AND r.product_id = 1001 LEFT JOIN bp_reservation_row v ON v.row_id = r.id WHERE v.quantity * 10000 IS NOT r.quantity")" ""
	expect_eq "allocated" "$(sql_sandbox "SELECT allocated FROM bp_stock")" "$(sql_sandbox "SELECT sum(quantity) / 10000 FROM bp_order_row WHERE product_id = 1001")"
	expect_eq "states" "$(sql_store "SELECT group_concat(DISTINCT state) FROM out_reservation")" "done"
	mark
	run_store 0
	expect_eq "second run: writes" "$(count_writes)" 0
}
one() { number=$((number + 1)) && put_order "$(order $number a@x.example "$(line CUP 2 3.00)")"; }
grow() { # HOW-MANY of the sales orders by a CUP
	later 5
	merchant sql "UPDATE bp_order_row SET quantity = quantity + 10000 WHERE product_id = 1001 AND order_id IN (SELECT id FROM bp_order ORDER BY id LIMIT $1);
		UPDATE bp_order SET version = version + 1, updated_on = server_time() / 1000 WHERE id IN (SELECT id FROM bp_order ORDER BY id LIMIT $1)"
}
for kind in drop_before drop_after; do
	say "$kind: new ones and changes, packed and one by one"
	four
	fault api=brightpearl method=POST path='/multi-message*' nth=2 kind=$kind
	run_store 0
	one
	fault api=brightpearl method=POST path='*/reservation/*' kind=$kind
	run_store 0
	grow 1
	fault api=brightpearl method=PUT path='*/reservation' kind=$kind
	run_store 0
	grow 4
	fault api=brightpearl method=POST path='/multi-message*' kind=$kind
	run_store 0
	expect_all
done
expect_eq "faults that fired" "$(fired)" 8

say "what is reserved is told of no product, or as less than none: it is not believed, and asked for again"
for odd in '{"productId":0,"quantity":2}' '{"productId":1001,"quantity":-1}'; do
	one
	fault api=brightpearl method=POST path='*/reservation/*' kind=drop_after
	fault api=brightpearl method=GET path='*/reservation' kind=answer_json \
		arg='{"response":[{"orderId":1,"warehouseId":2,"orderRows":{"1":'"$odd"'}}]}'
	run_store 75
	expect_has "$odd" "$told" "it holds no list of what is reserved"
	later 20
	run_store 0
	expect_all
done

say "a crash at every step of the load, each time from where it died"
four
grow 2
fault api=brightpearl method=GET path='/order-service/order/*' kind=status_before arg=503 times=-1
run_store 75
sql_sandbox "DELETE FROM fault"
for ((at = 1; at < 100; at++)); do
	PEARLBRIDGE_RUN=$(open_run) PEARLBRIDGE_CRASH_AT=$at "$build/pearlbridge" stage --store "$store" orders.load 2>"$work/told"
	[ $? = 100 ] || break
done
expect_eq "it died more than ten times" $((at > 10)) 1
run_store 0
expect_all
