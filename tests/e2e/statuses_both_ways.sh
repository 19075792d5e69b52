#!/bin/bash
# Order statuses follow the map both ways; none is written that is already so; refused ones are told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
statuses_on 'BigCommerce,Awaiting Fulfillment,yes,,New web order,' 'BigCommerce,Shipped,no,,Shipped,' \
	'BigCommerce,Cancelled,no,,Cancelled,' 'BigCommerce,*,no,,,' 'BigCommerce,Disputed,no,,(hold),' \
	'Brightpearl,Ready to ship,yes,,Awaiting Shipment,' 'Brightpearl,Part shipped,no,,Partially Shipped,' \
	'Brightpearl,Shipped,yes,,Completed,' 'Brightpearl,New web order,yes,,Awaiting Payment,' 'Brightpearl,*,yes,,,'
product 1 MUG
mug=$(line MUG 1 10.00)
list=''
for n in $(seq 12); do list+=",$(order $n "u$n@x.example" "$mug")"; done
put_order "[${list:1}]"
run_store 0
expect_eq "no status is written to an order just made, whatever the other line says" "$(requests "method = 'PUT'")" 0
quiet_run "a second run"

say "each side's news goes to the other, once"
for n in 1 2 3 4 5; do bc_status $n 2; done
bp_status 6 19
bp_status 7 19
bp_status 8 20 # sync no
bp_status 9 18 # becomes nothing
bc_status 10 9 # becomes nothing
mark
run_store 0
expect_eq "to Brightpearl" "$(sql_sandbox "SELECT group_concat(o.status_id) FROM bp_order o WHERE o.external_ref IN ('BC-1', 'BC-2', 'BC-3', 'BC-4', 'BC-5')")" 21,21,21,21,21
expect_eq "five in one request" "$(requests "method = 'POST' AND path LIKE '%multi-message'")|$(requests "path LIKE '%/status'")" "1|0"
expect_eq "to BigCommerce" "$(sql_sandbox "SELECT group_concat(status_id) FROM bc_order WHERE id BETWEEN 6 AND 10")" 9,9,11,11,9
expect_eq "PUTs at BigCommerce" "$(requests "method = 'PUT'")" 2
expect_eq "a note for each status that was written" "$(sql_sandbox "SELECT count(*) FROM bp_order_note")" 5
quiet_run "Shipped comes back as Completed only when it is news"

say "refused: a status with goods-out notes, a hold"
sql_sandbox "INSERT INTO bp_goods_out (id, order_id, warehouse_id) VALUES (600001, $(bp_id 11), 2)"
bc_status 11 5
bc_status 12 13
run_store 65
expect_eq rejects "$(rejects | sort)" "cancelled:11 cancelled_in_shop
disputed:12 disputed_may_still_ship
status:11 refused
status:12 held_by_mapping"
expect_has "the reason" "$(sql_store "SELECT message FROM reject WHERE key = 'status:11'")" "cannot be cancelled"
quiet_run "a refused status is not tried again"
sql_sandbox "DELETE FROM bp_goods_out"
run_store 0 retry status:11
bc_status 12 11
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "cancelled then" "$(of_order 11 status_id)" 5
quiet_run "at the end"
say "every row is settled, and both sides are agreed on"
expect_eq "out_status" "$(sql_store "SELECT state, count(*) FROM out_status GROUP BY 1")" "done|8"

say "one order alone, now"
bc_status 1 11
bc_status 2 11
mark
run_store 0 order 1
expect_eq "only that one" "$(of_order 1 status_id) $(of_order 2 status_id)" "2 21"
run_store 0
expect_eq "the other in the next run" "$(of_order 2 status_id)" 2
