#!/bin/bash
# Notes and statuses whose load dies at points all over it: the next load sets both sides right, and writes nothing twice that it can see.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
notes_on
statuses_on 'BigCommerce,Awaiting Fulfillment,yes,,New web order,' 'BigCommerce,Shipped,no,,Shipped,' 'BigCommerce,*,no,,,' \
	'Brightpearl,Ready to ship,yes,,Awaiting Shipment,' 'Brightpearl,*,yes,,,'
setting notes.conflict append
product 1 MUG
mug=$(line MUG 1 10.00)
put_order "[$(order 1 a@x.example "$mug"), $(order 2 b@x.example "$mug"), $(order 3 c@x.example "$mug"), $(order 4 d@x.example "$mug")]"
run_store 0
fault api=bigcommerce kind=status_before arg=401 times=-1
run_store 77 # a run that stays open, so that its stages can be run by themselves
sql_sandbox "DELETE FROM fault"
code=0
stage() { # STAGE [VARIABLE=VALUE]
	code=0
	env PEARLBRIDGE_RUN="$(open_run)" "${@:2}" "$build/pearlbridge" stage --store "$store" "$1" >"$work/told" 2>&1 || code=$?
	[[ " 0 100 " == *" $code "* ]] || bad "$1 ended with $code: $(tail -n 3 "$work/told")"
}
met=0
for point in $(seq 2 6 60); do
	bc_note 1 staff_notes "here $point"
	field_set 2 PCF_STAFFNOTE "there $point"
	bc_note 3 customer_message "a$point"
	field_set 3 PCF_CUSTNOTE "b$point"
	bc_status 4 $((point % 4 == 2 ? 2 : 11))
	bp_status 1 $((point % 4 == 2 ? 19 : 18))
	for s in orders.extract notes.extract notes.transform statuses.extract statuses.transform; do stage $s; done
	notes=$(sql_sandbox "SELECT count(*) FROM bp_order_note")
	crashed=0
	for s in notes.load statuses.load; do
		rm -f "$work/steps"
		stage $s PEARLBRIDGE_CRASH_AT=$point PEARLBRIDGE_STEP_FILE="$work/steps"
		[ $code = 0 ] || crashed=1
	done
	for s in notes.load statuses.load; do stage $s; done
	[ $crashed = 1 ] || break
	met=$((met + 1))
	expect_eq "after a death at point $point" "$(field_of 1 PCF_STAFFNOTE)|$(bc_of 2 staff_notes)|$(field_of 3 PCF_CUSTNOTE)|$(bc_of 3 customer_message)|$(of_order 4 status_id)" \
		"here $point|there $point|a$point
b$point|a$point
b$point|$((point % 4 == 2 ? 21 : 2))"
	expect_eq "status notes at point $point" "$(($(sql_sandbox "SELECT count(*) FROM bp_order_note") - notes))" 1
	expect_eq "rows at point $point" "$(sql_store "SELECT group_concat(key) FROM (SELECT key, state FROM out_note UNION ALL SELECT key, state FROM out_status) WHERE state <> 'done'")" ""
done
[ $met -gt 5 ] || bad "only $met points were met" 0
say "met $met points"
quiet_run "a whole run after them"
