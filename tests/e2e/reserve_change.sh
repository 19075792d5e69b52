#!/bin/bash
# A reservation changes with its order, row by row, however Brightpearl takes it; that of others is left alone.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 CUP && product 2 PLATE
stock 1 100 && stock 2 100
touch_order() { # ID SQL: staff change the sales order
	merchant sql "$2; UPDATE bp_order SET version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-$1'"
}
of() { echo "(SELECT id FROM bp_order WHERE external_ref = 'BC-$1')"; }

put_order "$(order 1 a@x.example "$(line CUP 3 3.00)")"
run_store 0
expect_eq "reserved" "$(reserved 1)" "2: 1001=3"

say "rows were changed in Brightpearl: read, changed by a PUT of the whole, and read"
later 5
touch_order 1 "UPDATE bp_order_row SET quantity = 50000 WHERE order_id = $(of 1) AND product_id = 1001;
	INSERT INTO bp_order_row (order_id, product_id, quantity) VALUES ($(of 1), 1002, 20000), ($(of 1), 1001, 40000)"
mark
run_store 0
expect_eq "reserved" "$(reserved 1)" "2: 1001=5 1001=4 1002=2"
expect_eq "writes" "$(count_writes)" 1
expect_eq "before it" "$(requests "method = 'GET' AND path LIKE '%/reservation'")" 1

say "a row becomes smaller"
later 5
touch_order 1 "UPDATE bp_order_row SET quantity = 20000 WHERE order_id = $(of 1) AND product_id = 1001 AND quantity = 50000"
mark
run_store 0
expect_eq "reserved" "$(reserved 1)" "2: 1001=2 1001=4 1002=2"
expect_eq "writes" "$(count_writes)" 1
expect_eq "rejects" "$(rejects)" ""
mark
run_store 0
expect_eq "second run: reads and writes of reservations" "$(requests "path LIKE '%/reservation%'")" 0

# All or one of two rows are refunded: BigCommerce knows, Brightpearl's order stays as it is.
refund_rows() { # ID CUPS PLATES
	put_order "$(order "$1" a@x.example "$(line CUP 2 3.00 "\"refunded\":$2"),$(line PLATE 2 3.00 "\"refunded\":$3")" '"status_id":14')"
}
number=10
lower() { # REJECT, ONE, ALL: switches ...
	local reject=$1 one=$2 all=$3
	switch "${@:4}"
	say "a row of which nothing is wanted, then none of any: ${*:4}"
	number=$((number + 1))
	put_order "$(order $number a@x.example "$(line CUP 2 3.00),$(line PLATE 2 3.00)")"
	run_store 0
	expect_eq "reserved" "$(reserved $number)" "2: 1001=2 1002=2"
	refund_rows $number 0 2
	run_store 65
	run_store 0
	expect_eq "reserved" "$(reserved $number)" "$one"
	expect_eq "rejects" "$(rejects | grep ":$number " | sort -r)" "${reject:+reservation:$number $reject
}refunded:$number refunded_may_still_ship"
	mark
	run_store 0
	expect_eq "second run: writes" "$(count_writes)" 0
	refund_rows $number 2 2
	run_store "${all%% *}"
	expect_eq "reserved" "$(reserved $number)" "${all#* }"
	mark
	run_store 0
	expect_eq "second run: writes" "$(count_writes)" 0
}
lower "" "2: 1001=2" "65 2: 1001=2" bp_reservation_left_out drop bp_reservation_zero refuse bp_reservation_empty refuse
lower "" "2: 1001=2" "0 " bp_reservation_left_out drop bp_reservation_zero refuse bp_reservation_empty gone
lower "" "2: 1001=2" "0 2:" bp_reservation_left_out drop bp_reservation_zero refuse bp_reservation_empty kept
lower "" "2: 1001=2" "0 2:" bp_reservation_left_out keep bp_reservation_zero drop bp_reservation_empty refuse
lower "" "2: 1001=2 1002=0" "0 2: 1001=0 1002=0" bp_reservation_left_out keep bp_reservation_zero keep bp_reservation_empty refuse
lower reservation_not_released "2: 1001=2 1002=2" "65 2: 1001=2 1002=2" bp_reservation_left_out keep bp_reservation_zero refuse bp_reservation_empty kept
expect_has "what is kept" "$(sql_store "SELECT message FROM reject WHERE key = 'reservation:$number' AND closed_at IS NULL")" "still reserves 4 pieces more than the order needs"

say "a sales order that is adopted: asked before, one that somebody else reserved is left alone"
contact 301 b@x.example
for i in 7 8; do
	merchant sql "INSERT INTO bp_order (id, external_ref, contact_id, channel_id, total, total_net, placed_on, created_on) VALUES (60$i, 'BC-$i', 301, 2, 90000, 90000, 1770112800, server_time() / 1000);
		INSERT INTO bp_order_row (id, order_id, product_id, quantity, net) VALUES (65$i, 60$i, 1001, 30000, 90000)"
	put_order "$(order $i b@x.example "$(line CUP 3 3.00)")"
done
sql_sandbox "INSERT INTO bp_reservation VALUES (607, 3); INSERT INTO bp_reservation_row VALUES (607, 657, 1001, 1)"
for answer in 404 empty; do
	switch bp_reservation_none $answer
	mark
	run_store 0
	[ $answer = empty ] || expect_eq "asked before" "$(sql_sandbox "SELECT group_concat(method, ' ') FROM request WHERE id > $mark AND path LIKE '%/608/reservation%'")" "GET POST"
	expect_eq "adopted" "$(reserved 7), $(reserved 8)" "3: 1001=1, 2: 1001=3"
done
expect_eq "writes about the other's" "$(requests "path LIKE '%/607/reservation%' AND method <> 'GET'")" 0
