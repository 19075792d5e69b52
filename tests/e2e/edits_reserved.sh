#!/bin/bash
# An edit that makes a row smaller, or takes it out, lowers its reservation first: Brightpearl refuses a row below what is reserved.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
setting orders.edits update orders.edits.lines update
product 1 CUP && product 2 PLATE
stock 1 100 && stock 2 100
number=0
edit() { # WHAT THE RESERVATION IS AFTER, EXPECTED WRITES, SWITCH VALUE ...
	say "five cups become two, the plates are taken out: ${*:3}"
	switch "${@:3}"
	number=$((number + 1))
	put_order "$(order $number a@x.example "$(line CUP 5 3.00),$(line PLATE 2 4.00)")"
	run_store 0
	expect_eq "reserved" "$(reserved $number)" "2: 1001=5 1002=2"
	later 5
	put_order "$(order $number a@x.example "$(line CUP 2 3.00)")"
	mark
	run_store 0
	expect_eq "writes" "$(sql_sandbox "SELECT group_concat(method || ' ' || iif(path LIKE '%reservation', 'reservation', 'order'), ', ') FROM request WHERE id > $mark AND method <> 'GET'")" "$2"
	expect_eq "rows" "$(rows $number | cut -d '|' -f 1,2)" "1001|2"
	expect_eq "reserved" "$(reserved $number)" "$1"
	expect_eq "rejects" "$(rejects)" ""
	mark
	run_store 0
	expect_eq "second run: writes" "$(count_writes)" 0
}
edit "2: 1001=2" "PUT reservation, PUT order" bp_reservation_left_out drop
edit "2: 1001=2" "PUT reservation, PUT reservation, PUT order" bp_reservation_left_out keep bp_reservation_zero drop
# the order has a new version by it: read and merged once more
edit "2: 1001=2" "PUT reservation, PUT order, PUT order" bp_reservation_left_out drop bp_reservation_touches yes

for kind in drop_before drop_after; do
	say "$kind: the answer to the lowering is lost"
	number=$((number + 1))
	put_order "$(order $number a@x.example "$(line CUP 5 3.00)")"
	run_store 0
	later 5
	put_order "$(order $number a@x.example "$(line CUP 2 3.00)")"
	fault api=brightpearl method=PUT path='*/reservation' kind=$kind times=1
	run_store 0
	expect_eq "rows, reserved" "$(rows $number | cut -d '|' -f 1,2) $(reserved $number)" "1001|2 2: 1001=2"
	expect_eq "rejects" "$(rejects)" ""
done
expect_eq "faults that fired" "$(fired)" 2
