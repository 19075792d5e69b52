#!/bin/bash
# A reservation changes with its order and is let go of when the order is called off; that of others is left alone.
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
status_of() { put_order "$(order "$1" a@x.example "$(line CUP 3 3.00)" "\"status_id\":$2")"; }

put_order "[$(order 1 a@x.example "$(line CUP 3 3.00)"),$(order 2 a@x.example "$(line CUP 3 3.00)"),$(order 3 a@x.example "$(line CUP 3 3.00)"),
	$(order 4 a@x.example "$(line CUP 3 3.00)")]"
run_store 0
expect_eq "reserved" "$(for i in 1 2 3 4; do reserved $i; done | uniq -c | xargs)" "4 2: 1001=3"

say "rows were changed in Brightpearl: a PUT of the whole"
later 5
touch_order 1 "UPDATE bp_order_row SET quantity = 50000 WHERE order_id = $(of 1) AND product_id = 1001;
	INSERT INTO bp_order_row (order_id, product_id, quantity) VALUES ($(of 1), 1002, 20000)"
mark
run_store 0
expect_eq "reserved" "$(reserved 1)" "2: 1001=5 1002=2"
expect_eq "writes" "$(count_writes)" 1

say "on a goods-out note: left as it is, and said so"
sql_sandbox "INSERT INTO bp_goods_out (id, order_id) VALUES (1, $(of 4));
	INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity) SELECT 1, id, 1001, 2 FROM bp_order_row WHERE order_id = $(of 4) AND product_id = 1001"
later 5
touch_order 4 "UPDATE bp_order_row SET quantity = 70000 WHERE order_id = $(of 4) AND product_id = 1001"
status_of 4 5
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
expect_eq "reserved" "$(reserved 4)" "2: 1001=1"
expect_has "why" "$(sql_store "SELECT message FROM out_reservation WHERE key = 'BC-4'")" "goods-out notes"

say "cancelled, and Brightpearl takes no empty reservation: a reject says what to do"
status_of 2 5
run_store 65
expect_eq "rejects" "$(rejects)" "reservation:2 reservation_not_released"
expect_eq "reserved" "$(reserved 2)" "2: 1001=3"
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
for answer in kept gone; do
	say "an empty one is taken, the reservation is $answer"
	switch bp_reservation_empty $answer
	run_store 0 retry
	status_of 3 5
	run_store 0
	expect_eq "rejects" "$(rejects)" ""
	expect_eq "reserved" "$(reserved 2)$(reserved 3)" "$([ $answer = gone ] || echo 2:2:)"
	expect_eq "free again" "$(sql_sandbox "SELECT allocated FROM bp_stock WHERE product_id = 1001")" 8
	say "and wanted again"
	status_of 2 11
	status_of 3 11
	run_store 0
	expect_eq "reserved" "$(reserved 2) $(reserved 3)" "2: 1001=3 2: 1001=3"
	status_of 2 5
done
run_store 0

say "a sales order that is adopted: asked before, one that somebody else reserved is left alone"
contact 301 b@x.example
for i in 7 8; do
	merchant sql "INSERT INTO bp_order (id, external_ref, contact_id, channel_id, total, total_net, created_on) VALUES (60$i, 'BC-$i', 301, 2, 90000, 90000, server_time() / 1000);
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
