#!/bin/bash
# A status never moves an order back that is shipped, invoiced or cancelled in Brightpearl: it is listed; live in the shop and cancelled there is told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
lines=('BigCommerce,Awaiting Fulfillment,yes,,New web order,' 'BigCommerce,Awaiting Shipment,yes,,Ready to ship,' 'BigCommerce,Shipped,yes,,Shipped,'
	'BigCommerce,Completed,no,,Completed,' 'BigCommerce,*,no,,New web order,' 'Brightpearl,*,yes,,,')
product 1 MUG
mug=$(line MUG 1 10.00)
begin() { # FIRST LAST
	local list='' n
	for n in $(seq "$1" "$2"); do list+=",$(order "$n" "u$n@x.example" "$mug")"; done
	put_order "[${list:1}]"
	run_store 0
}
bp_set() { sql_sandbox "UPDATE bp_order SET $2 WHERE id = $(bp_id "$1")" && bp_touch "$1"; }
behind() { # of the first order on: shipped, shipped by half, invoiced, cancelled, moved to a status of its own
	bp_set $(($1 + 0)) "shipping_status = 'ASS', status_id = 21"
	bp_set $(($1 + 1)) "shipping_status = 'SPS', status_id = 20"
	bp_set $(($1 + 2)) "invoice_ref = 'SI-1', status_id = 4"
	bp_set $(($1 + 3)) "status_id = 5"
}
there() { for n in $(seq "$1" "$2"); do of_order "$n" status_id; done | xargs; }

say "while statuses are on"
statuses_on "${lines[@]}"
setting statuses.to_bigcommerce.enabled no
begin 1 6
behind 1
run_store 0
for n in 1 2 3 5; do bc_status $n 9; done
bc_status 4 10
bc_status 6 10
bp_set 6 "shipping_status = 'ASS'"
mark
run_store 0
expect_eq "statuses" "$(there 1 6)" "21 20 4 5 19 25"
expect_eq "listed" "$(sql_store "SELECT key || ' ' || reason FROM skip WHERE job = 'statuses' ORDER BY key")" \
	"status:1 not moved back: shipped in Brightpearl
status:2 not moved back: shipped in Brightpearl
status:3 not moved back: invoiced in Brightpearl
status:4 not moved back: cancelled in Brightpearl"
quiet_run "a second run"
bc_status 1 10
bc_status 2 2
run_store 0
expect_eq "forwards" "$(there 1 2)" "25 21"

say "cancelled there, live in the shop: told until they agree"
bc_status 4 11
run_store 65
expect_eq rejects "$(rejects)" "status:4 cancelled_there"
expect_has "both sides" "$(sql_store "SELECT message FROM reject WHERE closed_at IS NULL")" "order 4 is Awaiting Fulfillment in BigCommerce, but cancelled in Brightpearl (sales order $(bp_id 4))"
quiet_run "a run later"
bp_status 4 2
run_store 0
expect_eq "closed by itself" "$(rejects)|$(of_order 4 status_id)" "|2"

say "when statuses are switched on later"
setting statuses.to_brightpearl.enabled no
begin 11 15
behind 11
for n in 11 12 13 14 15; do bc_status $n 9; done
setting statuses.conflict bigcommerce
make_live() { setting statuses.to_brightpearl.enabled yes; }
make_live
run_store 65
expect_eq "statuses" "$(there 11 15)" "21 20 4 5 19"
expect_eq rejects "$(rejects)" "status:14 cancelled_there"
quiet_run "at the end"
