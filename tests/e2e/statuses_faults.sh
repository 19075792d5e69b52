#!/bin/bash
# Statuses under faults: lost answers, an outage, a brake, a move by the other system, both sides at once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
statuses_on 'BigCommerce,Awaiting Fulfillment,yes,,New web order,' 'BigCommerce,Shipped,no,,Shipped,' 'BigCommerce,Completed,no,,Completed,' \
	'BigCommerce,*,no,,,' 'Brightpearl,Ready to ship,yes,,Awaiting Shipment,' 'Brightpearl,Shipped,yes,,Shipped,' 'Brightpearl,*,yes,,,'
product 1 MUG
mug=$(line MUG 1 10.00)
list=''
for n in $(seq 9); do list+=",$(order $n "u$n@x.example" "$mug")"; done
put_order "[${list:1}]"
run_store 0
notes_there() { sql_sandbox "SELECT count(*) FROM bp_order_note"; }

say "lost answers, ten in one request and one by one: written once"
fault api=brightpearl method=POST 'path=*/multi-message' kind=drop_after
fault api=bigcommerce method=PUT kind=drop_after times=2
for n in 1 2 3 4; do bc_status $n 2; done
for n in 5 6; do bp_status $n 19; done
mark
run_store 75
expect_eq "some are in doubt" "$(sql_store "SELECT count(*) > 0 FROM out_status WHERE state = 'claimed'")" 1
run_store 0
expect_eq "statuses" "$(for n in 1 2 3 4; do of_order $n status_id; done | xargs) $(bc_of 5 status_id) $(bc_of 6 status_id)" "21 21 21 21 9 9"
expect_eq "a note for each" "$(notes_there)" 4
expect_eq "PUTs at BigCommerce" "$(requests "method = 'PUT' AND api = 'bigcommerce'")" 2
quiet_run "after it"

say "an outage while both sides are read again: nothing is written, the chain goes on"
bc_status 7 2
fault api=brightpearl method=GET 'path=*/order/*' kind=status_before 'arg=503 empty' times=7
mark
run_store 75
expect_eq "the chain went on" "$(sql_store "SELECT outcome FROM stage WHERE name = 'reconcile.transform' ORDER BY run_id DESC LIMIT 1")" ok
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "then it is written" "$(of_order 7 status_id)" 21

say "the brake of limits.statuses"
setting limits.statuses 1
bp_status 8 19
bp_status 9 19
run_store 65
expect_has "what to do" "$told$said" "$run plan statuses"
expect_eq "nothing was sent" "$(bc_of 8 status_id)" 11
run_store 0 --allow-large statuses
expect_eq "allowed once" "$(bc_of 8 status_id)$(bc_of 9 status_id)" 99
setting limits.statuses 300

say "BigCommerce moves an order by itself: news from there; both sides at once: statuses.conflict"
bc_status 8 10
run_store 0
expect_eq "its news" "$(of_order 8 status_id)" 25
bc_status 9 11
bp_status 9 21
setting statuses.conflict brightpearl
run_store 0
expect_eq "brightpearl wins" "$(bc_of 9 status_id)|$(of_order 9 status_id)" "2|21"
bc_status 9 10
bp_status 9 19
setting statuses.conflict bigcommerce
run_store 0
expect_eq "bigcommerce wins" "$(bc_of 9 status_id)|$(of_order 9 status_id)" "10|25"
quiet_run "at the end"
