#!/bin/bash
# An order that is cancelled in the shop and live in Brightpearl is told in the same run, whatever is switched on; no release before it.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 CUP
stock 1 100
list=''
for i in 1 2 3 4 5; do list+=",$(order $i a@x.example "$(line CUP 3 3.00)")"; done
put_order "[${list:1}]"
run_store 0
expect_eq "reserved" "$(for i in 1 2 3 4 5; do reserved $i; done | uniq -c | xargs)" "5 2: 1001=3"
status_of() { put_order "$(order "$1" a@x.example "$(line CUP 3 3.00)" "\"status_id\":$2")"; }

say "cancelled, declined: told in the run that reads it, with statuses and payments off; the reservation is left to Brightpearl"
ship_note 3 'CUP=1'
status_of 1 5
status_of 2 6
status_of 3 5
mark
run_store 65
expect_eq "rejects" "$(rejects)" "cancelled:1 cancelled_in_shop
cancelled:2 cancelled_in_shop
cancelled:3 cancelled_in_shop"
expect_eq "writes" "$(count_writes)" 0
expect_has "order 1" "$(sql_store "SELECT message FROM reject WHERE key = 'cancelled:1'")" "it was cancelled in BigCommerce, and its sales order 500001 (9.00 GBP) is live in Brightpearl: its goods can still be shipped"
expect_has "order 2" "$(sql_store "SELECT message FROM reject WHERE key = 'cancelled:2'")" "it was declined in BigCommerce"
expect_has "order 3" "$(sql_store "SELECT message FROM reject WHERE key = 'cancelled:3'")" "where a part of its goods has been shipped"
run_store 0 explain order 1
expect_has "explain" "$said" "cancel it in Brightpearl"
mark
run_store 0
expect_eq "second run: writes" "$(count_writes)" 0

say "staff cancel it in Brightpearl, delete it, or say why not: it closes, and nothing is held by it"
later 5
merchant sql "UPDATE bp_order SET status_id = 5, version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-1';
	DELETE FROM bp_reservation_row WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-1');
	DELETE FROM bp_reservation WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-1')"
run_store 0 ignore cancelled:3 --why "the shopper wants it after all"
run_store 0
expect_eq "rejects" "$(rejects)" "cancelled:2 cancelled_in_shop"
expect_eq "held for it" "$(sql_store "SELECT count(*) FROM out_reservation_row WHERE order_id = 1")" 0
run_store 0 retry cancelled:3
run_store 65
expect_eq "rejects" "$(rejects | sort)" "cancelled:2 cancelled_in_shop
cancelled:3 cancelled_in_shop"

say "the statuses job cancels it: the status lets go of the reservation by itself, nothing is told"
setting statuses.to_brightpearl.enabled yes
sed -i 's/^BigCommerce,Cancelled,no,,[^,]*,/BigCommerce,Cancelled,no,,Cancelled,/' "$store/mappings/statuses.csv"
run_store 0
status_of 4 5
later 5
mark
run_store 0
expect_eq "its status" "$(of_order 4 status_id)" 5
expect_eq "reserved" "$(reserved 4)" ""
expect_eq "writes" "$(sql_sandbox "SELECT group_concat(method || ' ' || path) FROM request WHERE id > $mark AND method <> 'GET'")" "PUT /order-service/order/500004/status"
expect_eq "rejects" "$(rejects | grep -c :4)" 0

say "Brightpearl refuses: told by the statuses, and that it is live there; nothing was let go of"
sql_sandbox "INSERT INTO bp_payment (order_id, type, method, amount_paid, currency) SELECT id, 'RECEIPT', 'CARD', 90000, 'GBP' FROM bp_order WHERE external_ref = 'BC-5'"
status_of 5 5
later 5
run_store 65
expect_eq "rejects" "$(rejects | grep :5)" "status:5 refused
cancelled:5 cancelled_in_shop"
expect_eq "reserved" "$(reserved 5)" "2: 1001=3"

say "orders off, payments on: what is cancelled in the shop is told all the same, and closes by itself; with all off nothing is asked"
setting statuses.to_brightpearl.enabled no
list=''
for i in 6 7; do list+=",$(order $i a@x.example "$(line CUP 3 3.00)")"; done
put_order "[${list:1}]"
run_store 0
setting orders.enabled no
setting payments.enabled yes
status_of 6 5
later 5
mark
run_store 65
expect_eq "rejects" "$(rejects | grep :6)" "cancelled:6 cancelled_in_shop"
expect_eq "writes" "$(requests "method <> 'GET' AND path LIKE '/order-service/%'")" 0
merchant sql "UPDATE bp_order SET status_id = 5, version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-6'"
later 5
run_store 0
expect_eq "closed" "$(rejects | grep -c :6)" 0
setting payments.enabled no customers.enabled no
status_of 7 5
later 5
mark
run_store 0
expect_eq "with all off" "$(requests "api = 'brightpearl' AND path LIKE '/order-service/order/%'")|$(rejects | grep -c :7)" "0|0"
