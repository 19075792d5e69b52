#!/bin/bash
# A shipment whose answer is lost, or whose sender died, is found again by its marker or by what it holds; never sent twice.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
product 1 MUG
list=''
for i in 1 2 3 4 5 6; do list+=",$(order $i "u$i@x.example" "$(line MUG 4 10.00)")"; done
put_order "[${list:1}]"
run_store 0
# Run until it is fine, with time passing; says how often it ran.
until_fine() {
	local run code
	for run in 1 2 3 4 5; do
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		[ "$code" != 0 ] || break
		[ $# = 0 ] || [ "$code" = "$1" ] || bad "code of run $run is $code"
		later 8
	done
	runs=$run
}

say "the answer is lost after BigCommerce made it: adopted, also when the order shows it as shipped"
for how in drop_after status_after:503 empty_200 truncate; do
	sql_sandbox "DELETE FROM fault"
	switch bc_shipment_moves_status $([ $how = drop_after ] && echo yes || echo no)
	ship_note $(((n++) % 3 + 1)) MUG=1 "T1-$how"
	fault api=bigcommerce method=POST path='/v2/orders/*/shipments' kind=${how%%:*} arg=${how#*:}
	until_fine
	expect_eq "shipments with that number after $how, faults" "$(shipments | grep -c "T1-$how")|$(fired)" "1|1"
done
expect_eq "links are of what is there" "$(sql_store "ATTACH '$work/sandbox/sandbox.db' AS r; SELECT count(*), sum(how = 'found') > 2 FROM link_shipment k
	JOIN r.bc_shipment s ON s.id = k.shipment_id AND instr(s.body ->> 'comments', k.key) = 1")" "4|1"

say "found without its marker, if the same things went to the same address since"
sql_sandbox "DELETE FROM fault; CREATE TRIGGER forgetful AFTER UPDATE OF body ON bc_shipment WHEN NEW.body ->> 'comments' <> ''
	BEGIN UPDATE bc_shipment SET body = json_set(body, '\$.comments', '') WHERE id = NEW.id; END"
ship_note 4 MUG=2 T1-bare
fault api=bigcommerce method=POST path='/v2/orders/*/shipments' kind=drop_after
until_fine
sql_sandbox "DROP TRIGGER forgetful"
expect_eq "shipments of order 4" "$(shipments | grep '^4')" "4|MUG=2|T1-bare|Standard"

say "truly not made: sent again after two look-ups and the patience of api.in_doubt_minutes"
sql_sandbox "DELETE FROM fault"
ship_note 5 MUG=3 T1-lost
fault api=bigcommerce method=POST path='/v2/orders/*/shipments' kind=drop_before
run_store 75
expect_eq "in doubt" "$(sql_store "SELECT count(*) FROM out_shipment WHERE state = 'claimed'")" 1
expect_has "what is told" "$told" "in doubt"
until_fine 75
expect_eq "shipments of order 5" "$(shipments | grep '^5')" "5|MUG=3|T1-lost|Standard"
[ "$runs" -ge 3 ] || bad "it was sent again in run $runs" 0

say "sent by hand while in doubt: only what is left goes"
sql_sandbox "DELETE FROM fault"
ship_note 6 MUG=4 T1-both
fault api=bigcommerce method=POST path='/v2/orders/*/shipments' kind=drop_before
run_store 75
ship_by_hand 6 MUG 3
until_fine
expect_eq "shipments of order 6" "$(shipments | grep '^6')" "6|MUG=3|HAND|
6|MUG=1|T1-both|Standard"

say "death at each step of the load"
sql_sandbox "DELETE FROM fault"
put_order "$(order 7 z@x.example "$(line MUG 40 1.00)")"
run_store 0
fault api=bigcommerce kind=status_before arg=401 times=-1
run_store 77 # a run that stays open, so that its stages can be run by themselves
sql_sandbox "DELETE FROM fault"
stage() { # STAGE [VARIABLE=VALUE ...]
	code=0
	env PEARLBRIDGE_RUN="$(open_run)" "${@:2}" "$build/pearlbridge" stage --store "$store" "$1" >"$work/told" 2>&1 || code=$?
	[[ " 0 100 " == *" $code "* ]] || bad "$1 ended with $code: $(tail -n 3 "$work/told")"
}
for at in $(seq 20); do
	ship_note 7 MUG=1 "T7-$at"
	stage fulfillment.extract
	stage fulfillment.transform
	rm -f "$work/steps"
	stage fulfillment.load PEARLBRIDGE_CRASH_AT="$at" PEARLBRIDGE_STEP_FILE="$work/steps"
	[ "$code" != 0 ] || break
	for again in 1 2 3 4; do
		stage fulfillment.load
		[ "$(sql_store "SELECT count(*) FROM out_shipment WHERE state <> 'done'")" != 0 ] || break
		later 8
	done
	expect_eq "shipments after a death at $at" "$(shipments | grep -c "T7-$at|")" 1
done
[ "$at" -gt 5 ] && [ "$at" -lt 20 ] || bad "it died at $at points" 0
expect_eq "shipped of order 7" "$(shipped_all | grep '^7')" "7|40|$at"
mark
run_store 0
expect_eq "writes of a whole run after them" "$(count_writes)" 0
