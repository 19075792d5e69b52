#!/bin/bash
# link: a sales order made anew replaces one that is cancelled or gone; --force replaces any; none takes it back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes payments.enabled yes
product 1 MUG
for i in 1 2 3 4; do put_order "$(order $i "u$i@x.example" "$(line MUG 2 10.00)" "\"paid\":{\"id\":$((70 + i))}")"; done
run_store 0
sale() { sql_store "SELECT sales_order_id, how FROM link_order WHERE order_id = $1"; }
clone() { # ORDER NEW-ID: as Brightpearl does, same reference, no external reference
	sql_sandbox "INSERT INTO bp_order (id, ref, contact_id, total, total_net, total_tax, status_id, channel_id, created_on)
		SELECT $2, ref, contact_id, total, total_net, total_tax, 2, channel_id, $(now) FROM bp_order WHERE external_ref = 'BC-$1';
		INSERT INTO bp_order_row (order_id, product_id, name, quantity, net, tax) SELECT $2, product_id, name, quantity, net, tax
		FROM bp_order_row WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-$1')"
}
first=$(of_order 1 id) second=$(of_order 2 id) third=$(of_order 3 id)

say "a cancelled order beside a living one with the same reference is told, once"
clone 1 600 && bp_status 1 5
run_store 0
expect_has "what is told" "$told" "sales order $first is cancelled, and sales order 600 has the same reference: if that replaced it, $run link order 1 600"
run_store 0 explain order 1
expect_has explain "$said" "$run link order 1 600"
run_store 0
expect_no "what is told again" "$told" "same reference"

say "replaced: what was sent stays sent once, what leaves by the new one is told"
run_store 0 link order 1 600
expect_has "what it says" "$said" "sales order $first is no longer that of order 1; what was sent there is not sent again: 1 payment"
expect_eq "link" "$(sale 1)" "600|linked"
ship_note '#600' "" NEW1
run_store 0
expect_eq "shipments" "$(shipments)" "1|MUG=2|NEW1|Standard"
expect_eq "payments" "$(sql_sandbox "SELECT transaction_ref, count(*) FROM bp_payment WHERE transaction_ref LIKE 'BC-1-%' GROUP BY 1")" "BC-1-T71|1"
expect_no "what is told" "$told" "same reference"

say "gone: replaced without --force as well; a parcel that left before the link, too"
clone 2 601
sql_sandbox "DELETE FROM bp_order_row WHERE order_id = $second; DELETE FROM bp_order WHERE id = $second"
ship_note '#601' "" NEW2
run_store 0
expect_eq "shipments" "$(shipments)" "1|MUG=2|NEW1|Standard"
run_store 0 link order:2 601
run_store 0
expect_eq "shipments" "$(shipments)" "1|MUG=2|NEW1|Standard
2|MUG=2|NEW2|Standard"

say "one that stands is replaced by --force alone; another order's never"
clone 3 602
run_store 64 link order 3 602
expect_has "what it says" "$said$told" "order 3 is linked to sales order $third already: if that is wrong, say --force"
run_store 64 link order 3 600 --force
expect_has "what it says" "$said$told" "linked to order 1"
run_store 0 link order 3 602 --force
expect_eq "link" "$(sale 3)" "602|linked"

say "none: with a reason; then the order is found by its reference again, or sent"
run_store 64 link order 4 none
expect_has "what it says" "$told" "--why"
run_store 64 link order 99 none --why x
fourth=$(of_order 4 id)
run_store 0 link order:4 none --why 'wrong one'
expect_has "what it says" "$said" "order 4 is no longer sales order $fourth"
expect_eq "link" "$(sale 4)" ""
run_store 0 explain order 4
expect_has explain "$said" "linked by hand on"
expect_has explain "$said" "to none: wrong one"
run_store 0
expect_eq "found again" "$(sale 4)" "$fourth|found"
run_store 0 link order 3 none --why 'neither'
sql_sandbox "UPDATE bp_order SET external_ref = NULL, ref = 'x' WHERE id IN ($third, 602)"
run_store 0
expect_eq "sent anew" "$(sale 3 | cut -d '|' -f 2) $(sql_sandbox "SELECT count(*) FROM bp_order WHERE external_ref = 'BC-3'")" "created 1"
expect_eq "payments" "$(sql_sandbox "SELECT count(*) FROM bp_payment WHERE transaction_ref LIKE 'BC-3-%'")" 1
expect_eq rejects "$(rejects)" ""

say "made anew some time after the first one was cancelled: told when it is seen"
put_order "$(order 6 u6@x.example "$(line MUG 2 10.00)")"
run_store 0
bp_status 6 5
run_store 0
expect_no "nothing to tell yet" "$told" "same reference"
clone 6 606
put_order "$(order 7 u7@x.example "$(line MUG 1 10.00)")"
run_store 0
expect_has "what is told" "$told" "is cancelled, and sales order 606 has the same reference"

say "a customer's link is taken back, too"
run_store 64 link customer:u9@x.example none --why x
run_store 0 link customer:u4@x.example none --why 'merged'
expect_eq "links" "$(sql_store "SELECT count(*) FROM link_customer WHERE email = 'u4@x.example'")" 0
put_order "$(order 5 u4@x.example "$(line MUG 1 10.00)")"
run_store 0
expect_eq "found again" "$(of_order 5 contact_id)" "$(of_order 4 contact_id)"
