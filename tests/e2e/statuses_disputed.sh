#!/bin/bash
# An order that is disputed in the shop and not shipped is told in the same run, whatever is switched on; not what left already; it closes by itself.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store # orders alone: statuses and fulfillment are off
product 1 MUG
mug=$(line MUG 2 10.00)
list=''
for n in $(seq 7); do list+=",$(order $n "u$n@x.example" "$mug")"; done
put_order "[${list:1}]"
run_store 0
ship_note 2 ""     # shipped
ship_note 3 MUG=1  # in part
bp_touch 2 && bp_touch 3
bp_status 4 5      # cancelled there
put_order "$(order 8 u8@x.example "$mug" '"status_id":13')" # never came over
for n in 1 2 3 4 5 6; do bc_status $n 13; done

say "told in the same run"
run_store 65
expect_eq rejects "$(rejects | sort)" "disputed:1 disputed_may_still_ship
disputed:3 disputed_may_still_ship
disputed:5 disputed_may_still_ship
disputed:6 disputed_may_still_ship"
expect_has "what" "$(sql_store "SELECT message FROM reject WHERE key = 'disputed:1'")" "it is disputed in BigCommerce, and its sales order $(bp_id 1) (20.00 GBP) is live in Brightpearl, not shipped"
expect_has "in part" "$(sql_store "SELECT message FROM reject WHERE key = 'disputed:3'")" "shipped in part"
run_store 0 explain order 1
expect_has "its story" "$said" "disputed"
quiet_run "told once"

say "whatever the map says, and with statuses on"
setting statuses.to_brightpearl.enabled yes
sed -i 's/^BigCommerce,Disputed,.*/BigCommerce,Disputed,no,,On hold,/' "$store/mappings/statuses.csv"
bc_status 7 13
run_store 65
expect_eq "held there, and told" "$(of_order 7 status_id)|$(rejects | grep -c disputed:7)" "18|1"

say "it closes once it is shipped, cancelled there or settled; a person may say why not"
ship_note 1 "" && bp_touch 1
bc_status 5 11
bp_status 6 5
run_store 0 ignore disputed:3 --why 'the bank decided for us'
run_store 0
expect_eq rejects "$(rejects)" "disputed:7 disputed_may_still_ship"
quiet_run "at the end"
say "orders off, payments on: told all the same"
put_order "$(order 9 u9@x.example "$mug")"
run_store 0
setting orders.enabled no statuses.to_brightpearl.enabled no payments.enabled yes
bc_status 9 13
run_store 65
expect_has rejects "$(rejects)" "disputed:9 disputed_may_still_ship"
