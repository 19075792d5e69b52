#!/bin/bash
# A status that means shipped waits for the shipment's tracking number or doubt; the status that BigCommerce sets by itself after our shipment is no news.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes
statuses_on 'BigCommerce,Awaiting Fulfillment,yes,,New web order,' 'BigCommerce,Partially Shipped,yes,,On hold,' 'BigCommerce,Shipped,yes,,Completed,' \
	'BigCommerce,Completed,yes,,Returned,' 'BigCommerce,*,no,,,' 'Brightpearl,Shipped,yes,,Shipped,' 'Brightpearl,*,yes,,,'
product 1 MUG && product 2 TEA
list=''
for n in $(seq 9); do list+=",$(order $n "u$n@x.example" "$(line MUG 2 10.00)$([ $n = 9 ] || echo ",$(line TEA 1 4.00)")")"; done
put_order "[${list:1}]"
run_store 0
writes() { sql_sandbox "SELECT group_concat(method || ' ' || replace(path, '/v2/orders/', ''), ' ') FROM request WHERE id > $mark AND method <> 'GET' AND api = 'bigcommerce'"; }

say "the goods left, their number is to come: the status waits, then follows its shipment"
ship_note 1 "" ""
first=$note
bp_status 1 21
mark
run_store 0
expect_eq "what BigCommerce was told" "$(writes)|$(bc_of 1 status_id)" "|11"
expect_has "why" "$(sql_store "SELECT reason FROM skip WHERE key = 'status:1'")" "waits for shipment:GON$first/A"
merchant sql "UPDATE bp_goods_out SET reference = 'LATE1' WHERE id = $first"
mark
run_store 0
expect_eq "the shipment first" "$(writes)" "POST 1/shipments PUT 1"
expect_eq "status, shipment" "$(bc_of 1 status_id)|$(shipments)" "2|1|MUG=2 TEA=1|LATE1|Standard"
quiet_run "then all is told"

say "after fulfillment.tracking_wait_hours both go without a number"
ship_note 2 "" ""
bp_status 2 21
run_store 0
expect_eq "waits" "$(bc_of 2 status_id)|$(shipments | grep -c '^2')" "11|0"
later 250
run_store 0
expect_eq "gone" "$(bc_of 2 status_id)|$(shipments | grep '^2')" "2|2|MUG=2 TEA=1||Standard"

say "in doubt: the status waits"
ship_note 3 "" T3
bp_status 3 21
fault api=bigcommerce method=POST path='/v2/orders/3/shipments' kind=drop_before
run_store 75
expect_eq "waits" "$(bc_of 3 status_id)" 11
sql_sandbox "DELETE FROM fault"
for again in 1 2 3 4; do
	later 8
	code=0
	"$build/pearlbridge" --store "$store" >/dev/null 2>&1 || code=$?
	[ $code != 0 ] || break
	[ "$(bc_of 3 status_id)|$(shipments | grep -c '^3')" = "11|0" ] || bad "the status went before the shipment"
done
expect_eq "both" "$(bc_of 3 status_id)|$(shipments | grep '^3')" "2|3|MUG=2 TEA=1|T3|Standard"

n=3
for by_itself in yes completed; do
	say "BigCommerce moves the order by itself ($by_itself): agreed on, whoever wins"
	switch bc_shipment_moves_status $by_itself
	for conflict in brightpearl bigcommerce; do
		n=$((n + 1))
		setting statuses.conflict $conflict
		ship_note $n MUG=1 "P$n"
		run_store 0
		quiet_run "part of order $n"
		expect_eq "after a part" "$(bc_of $n status_id)|$(of_order $n status_id)" "3|2"
		ship_note $n "" "R$n"
		bp_status $n 19
		run_store 0
		quiet_run "the rest of order $n"
		expect_eq "after the rest" "$(bc_of $n status_id)|$(of_order $n status_id)" "$([ $by_itself = yes ] && echo 2 || echo 10)|19"
	done
done

say "what a person does afterwards, or to an order that is not all shipped, is news"
switch bc_shipment_moves_status no
bc_status 4 10
ship_note 8 MUG=1 P8
run_store 0
bc_status 8 2
run_store 0
expect_eq "Completed; Shipped before all is" "$(of_order 4 status_id)|$(of_order 8 status_id)" "23|25"
