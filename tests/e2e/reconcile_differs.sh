#!/bin/bash
# Each kind of difference made by hand is found, named with both values, and ends with 65; mended, it is gone.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting payments.enabled yes inventory.enabled yes
product 1 MUG
product 2 CUP
sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1001, 2, 500), (1002, 2, 40)"
mug=$(line MUG 1 10.00)
list=''
for i in $(seq 9); do list+=",$(placed '2 days' $i "$mug")"; done
put_order "[${list:1}]"
run_store 0
id() { of_order "$1" id; }
say "one of each kind"
gone=$(id 1)
sql_sandbox "DELETE FROM bp_payment WHERE order_id = $(id 1); DELETE FROM bp_order_row WHERE order_id = $gone; DELETE FROM bp_order WHERE id = $gone;
	UPDATE bp_order SET total = 90000 WHERE id = $(id 2);
	INSERT INTO bp_order (id, external_ref, instance_id, ref, contact_id, total, total_net, placed_on, created_on)
	SELECT 900001, NULL, NULL, ref, contact_id, total, total_net, placed_on, created_on FROM bp_order WHERE external_ref = 'BC-3';
	DELETE FROM bp_payment WHERE order_id = $(id 4);
	UPDATE bp_payment SET amount_paid = 120000 WHERE order_id = $(id 5);
	INSERT INTO bp_order (id, external_ref, instance_id, ref, contact_id, total, total_net, placed_on, created_on)
	SELECT 900002, 'BC-777', 11, 'BC-777', contact_id, total, total_net, placed_on, created_on FROM bp_order WHERE external_ref = 'BC-3'"
# an order that no run saw, although it changed before the last one
put_order "$(placed '3 days' 10 "$mug")"
run_store 0
expect_eq "the order that was missed" "$(id 10)" ""
sql_sandbox "UPDATE bp_stock SET in_stock = 33 WHERE product_id = 1002"
sql_store "UPDATE out_payment SET state = 'claimed' WHERE order_id = 6"
double=$(id 3)
mark
run_store 65 reconcile
expect_eq "differences" "$(found)" "double order:3: 1 order; $double, 900001
doubt payment:6:40006: ; 
missing order:1: 10.00 GBP, captured; 
payment order:4: 10.00 GBP; 0.00 GBP
payment order:5: 10.00 GBP; 12.00 GBP
stock stock:CUP@1: 40 on hand; 33 may be sold
total order:2: 10.00 GBP; 9.00 GBP
unknown order:777: ; sales order 900002"
expect_eq "writes" "$(count_writes)" 0
expect_has "what is told" "$said" "its sales order $gone is gone from Brightpearl"
expect_has "the one that was missed" "$(explained waiting)" "missing order:10: it was read since the last run: the next one brings it over" # when stock was set
run_store 0 rejects
expect_has "rejects" "$said" "the totals differ"
say "tolerance; ignored by hand"
setting reconcile.amount_tolerance 1.00 reconcile.stock_tolerance 7
run_store 0 ignore order:777 --why 'entered by hand'
run_store 65 reconcile
expect_eq "differences" "$(found | cut -d: -f 1,2 | sort | tr '\n' ' ')" "double order:3 doubt payment:6 missing order:1 payment order:4 payment order:5 "
expect_eq "expected" "$(explained expected)" "unknown order:777: ignored by hand: entered by hand"
say "mended"
setting reconcile.amount_tolerance 2.00
sql_sandbox "UPDATE bp_order SET status_id = 5 WHERE id = 900001"
run_store 0 ignore order:1 --why 'cancelled by telephone'
sql_store "UPDATE out_payment SET state = 'done' WHERE order_id = 6"
run_store 65 reconcile
expect_eq "differences" "$(found | cut -d: -f 1,2 | tr '\n' ' ')" "payment order:4 "
expect_eq "open rejects" "$(rejects | sort | tr '\n' ' ')" "order:4 payment "
expect_has "the one that was missed" "$(explained waiting)" "missing order:10: it was read since the last run"
run_store 0
expect_eq "the order that was missed" "$(of_order 10 1)" 1
run_store 65 reconcile
expect_eq "differences" "$(found | cut -d: -f 1,2 | tr '\n' ' ')" "payment order:4 "
