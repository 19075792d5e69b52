#!/bin/bash
# A status of Brightpearl never moves the shop's order back: cancelled, refunded or declined it stays so and is told, shipped it only goes forwards.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
statuses_on 'BigCommerce,*,yes,,(leave),' 'Brightpearl,Ready to ship,yes,,Awaiting Shipment,' 'Brightpearl,Part shipped,yes,,Partially Shipped,' \
	'Brightpearl,Shipped,yes,,Shipped,' 'Brightpearl,Completed,yes,,Completed,' 'Brightpearl,Cancelled,yes,,Cancelled,' \
	'Brightpearl,Returned,yes,,Refunded,' 'Brightpearl,On hold,yes,,Partially Refunded,' 'Brightpearl,*,yes,,(leave),'
product 1 MUG
mug=$(line MUG 1 10.00)
list=''
for n in $(seq 17); do list+=",$(order "$n" "u$n@x.example" "$mug")"; done
put_order "[${list:1}]"
run_store 0
shop() { for n in $(seq "$1" "$2"); do bc_of "$n" status_id; done | xargs; }
move() { # STATUS_HERE STATUS_THERE of order 1, 2, ...
	local n=0 pair
	for pair; do n=$((n + 1)) && bc_status $n "${pair%:*}"; done
	run_store 65 # a cancelled order is told
	later 5
	n=0
	for pair; do n=$((n + 1)) && bp_status $n "${pair#*:}"; done
}

say "back to life, back from shipped, and all that may go on"
move 5:19 6:21 4:19 2:19 10:21 3:19 2:20 2:5 10:20 2:25 2:23 10:18 3:21 3:5 14:19 11:5 9:20
mark
run_store 0
expect_eq "what stays" "$(shop 1 9)" "5 6 4 2 10 3 2 2 10"
expect_eq "what goes on" "$(shop 10 17)" "10 4 14 2 5 9 5 3"
expect_eq "writes" "$(count_writes)" 8
expect_eq "listed" "$(sql_store "SELECT key || ' ' || reason FROM skip WHERE job = 'statuses' ORDER BY key")" \
	"status:1 not moved back: Cancelled in BigCommerce
status:2 not moved back: Declined in BigCommerce
status:3 not moved back: Refunded in BigCommerce
status:4 not moved back: Shipped in BigCommerce
status:5 not moved back: Completed in BigCommerce
status:6 not moved back: Partially Shipped in BigCommerce
status:7 not moved back: Shipped in BigCommerce
status:8 not moved back: Shipped in BigCommerce
status:9 not moved back: Completed in BigCommerce"
expect_eq "called off there, live in Brightpearl" "$(rejects | sort)" "cancelled:1 cancelled_in_shop
cancelled:2 cancelled_in_shop"
quiet_run "a second run"
expect_eq "still told" "$(rejects | sort)" "cancelled:1 cancelled_in_shop
cancelled:2 cancelled_in_shop"
run_store 0 explain order 1
expect_has "its story" "$said" "status:1: not moved back: Cancelled in BigCommerce"

say "opened again in the shop by hand it follows again"
bc_status 1 11
bp_status 2 5
quiet_run "opened"
expect_eq "listed no more" "$(sql_store "SELECT count(*) FROM skip WHERE key = 'status:1'")|$(rejects)" "0|"
bp_status 1 20
run_store 0
expect_eq "follows" "$(shop 1 1)" 3
