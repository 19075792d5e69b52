#!/bin/bash
# Shipped goods: notes without tracking, notes that BigCommerce knows nothing of; back orders split off count with their order.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
product 1 MUG
product 2 CUP
list=''
for i in 1 2 3 4; do list+=",$(placed '2 days' $i "$(line MUG 1 10.00),$(line CUP 1 5.00)")"; done
put_order "[${list:1}]"
run_store 0
ship_note 1 '' TRACK-1
ship_note 2 ''
untracked=$note
run_store 0
run_store 0 reconcile
expect_eq "differences" "$(found)" ""
expect_eq "expected" "$(explained expected | grep -v payments)" "tracking shipment:GON$untracked: it may go without one (fulfillment.tracking_wait_hours)"
say "tracking is required; a note that the last run had not seen; a shipment that somebody deleted in BigCommerce"
setting fulfillment.require_tracking yes
ship_note 3 '' TRACK-3
late=$note
run_store 65 reconcile
expect_eq "differences" "$(found)" "tracking shipment:GON$untracked: order 2; no tracking number"
expect_eq "known already" "$(explained waiting)" "shipment shipment:GON$late: the last run had not seen it: the next one does"
run_store 0
run_store 65 reconcile
expect_eq "known already" "$(explained waiting)" ""
sql_sandbox "UPDATE bc_order SET items_shipped = 0, body = json_set(body, '\$.items_shipped', 0) WHERE id = 1" 2>/dev/null ||
	sql_sandbox "UPDATE bc_order SET body = json_set(body, '\$.items_shipped', 0) WHERE id = 1"
say "a back order, and one split off that"
split() { # FROM-ID NET: prints the new order's id
	merchant sql "INSERT INTO bp_order (contact_id, ref, parent_id, status_id, placed_on, created_on, price_mode, total, total_net)
		SELECT contact_id, ref, id, 17, placed_on, server_time() / 1000, price_mode, $2, $2 FROM bp_order WHERE id = $1;
		UPDATE bp_order SET total = total - $2, total_net = total_net - $2 WHERE id = $1"
	sql_sandbox "SELECT max(id) FROM bp_order"
}
back=$(split "$(of_order 4 id)" 70000)
again=$(split "$back" 20000)
run_store 65 reconcile
expect_eq "differences of order 4" "$(found | grep 'order:4')" ""
expect_has "sums" "$said" "sums equal"
sql_sandbox "UPDATE bp_order SET status_id = 5 WHERE id = $again"
run_store 65 reconcile
expect_eq "a back order that was cancelled" "$(found | grep 'order:4')" "total order:4: 15.00 GBP; 13.00 GBP"
