#!/bin/bash
# What orders hold back from sale: ordered, less refunded, shipped by hand, on notes and reserved; nothing when their sales order is gone or cancelled.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
. "$home/tests/e2e/lib_stock.sh"
start_sandbox
make_reserving_store
setting inventory.enabled yes
sed -i 's/^Main Warehouse,1,[^,]*,/Main Warehouse,1,yes,/' "$store/mappings/warehouses.csv"
for i in 1 2 3 4 5 6; do product $i "SKU-$i" && put_stock $((1000 + i)) 2 10; done
later_sale() { # ID SQL: something happens to the sales order
	merchant sql "$2; UPDATE bp_order SET version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-$1'"
}
of() { echo "(SELECT id FROM bp_order WHERE external_ref = 'BC-$1')"; }
list=''
for i in 1 2 3 4 5 6; do list+=",$(order $i a@x.example "$(line "SKU-$i" 4 1.00)")"; done
put_order "[${list:1}]"
run_store 0
say "reserved: Brightpearl has taken it off already"
expect_eq "shop" "$(shop)" "SKU-1=6 SKU-2=6 SKU-3=6 SKU-4=6 SKU-5=6 SKU-6=6"

say "on a note: given; taken out by staff: held; refunded, shipped by hand: not; sales orders gone and cancelled: nothing"
later 5
ship_note 1 'SKU-1=3'
later_sale 2 "DELETE FROM bp_reservation_row WHERE order_id = $(of 2); DELETE FROM bp_reservation WHERE order_id = $(of 2); UPDATE bp_order SET allocation_status = 'ANA' WHERE id = $(of 2)"
later_sale 3 "UPDATE bp_reservation_row SET quantity = 1 WHERE order_id = $(of 3); UPDATE bp_order SET allocation_status = 'APA' WHERE id = $(of 3)"
put_order "$(order 3 a@x.example "$(line SKU-3 4 1.00 '"shipped":2')" '"status_id":3')"
later_sale 4 "DELETE FROM bp_reservation_row WHERE order_id = $(of 4); DELETE FROM bp_reservation WHERE order_id = $(of 4); UPDATE bp_order SET status_id = 5 WHERE id = $(of 4)"
sql_sandbox "DELETE FROM bp_reservation_row WHERE order_id = $(of 5); DELETE FROM bp_reservation WHERE order_id = $(of 5); DELETE FROM bp_order WHERE external_ref = 'BC-5'"
later $((25 * 60)) # the order that is gone shows when it is read once more
run_store 0
run_store 65
# 1: 10 - 3 shipped - 1 reserved; 2: 10 - 4 held; 3: 10 - 1 reserved - (4 - 1 reserved - 2 by hand) held
expect_eq "shop" "$(shop)" "SKU-1=6 SKU-2=6 SKU-3=8 SKU-4=10 SKU-5=10 SKU-6=6"
expect_eq "rejects" "$(rejects)" "order:5 gone_from_brightpearl"

say "refunded before it left: not reserved, not held"
put_order "$(order 6 a@x.example "$(line SKU-6 4 1.00 '"refunded":3')" '"status_id":14')"
run_store 65
run_store 0
expect_eq "reserved" "$(reserved 6)" "2: 1006=1"
expect_eq "shop" "$(shop)" "SKU-1=6 SKU-2=6 SKU-3=8 SKU-4=10 SKU-5=10 SKU-6=9"
expect_eq "rejects" "$(rejects)" "order:5 gone_from_brightpearl
refunded:6 refunded_may_still_ship"
