#!/bin/bash
# What the list of changes never showed is found by the daily comparison, staged again, told, and the next run goes by it: orders, cancellations, statuses.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting statuses.to_brightpearl.enabled yes reconcile.every_hours 24 payments.enabled no
product 1 MUG
mug=$(line MUG 1 10.00)
list=''
for i in 1 2 3 4; do list+=",$(placed '5 days' $i "$mug")"; done
put_order "[${list:1}]"
put_order "$(placed '1 hour' 7 "$mug")" # what changed last
run_store 0
in_brightpearl() { of_order "$1" status_id; }
was=$(in_brightpearl 2)
say "changed without a trace: one cancelled, one completed; two new ones, one of them before orders.start_date"
sql_sandbox "UPDATE bc_order SET status_id = 5 WHERE id = 2; UPDATE bc_order SET status_id = 10 WHERE id = 3"
put_order "$(placed '4 days' 5 "$mug")"
put_order "$(order 6 old@x.example "$mug" '"created":"2025-12-30T00:00:00Z","modified":"2025-12-30T00:00:00Z"')"
run_store 0
expect_eq "no feed shows it" "$(in_brightpearl 2) $(in_brightpearl 5)" "$was "
later 1500
run_store 0
expect_has "told" "$told" "3 orders were read again that the list of changes had not shown: 2 (it was taken for Awaiting Fulfillment), 3 (it was taken for Awaiting Fulfillment), 5 (it was not known)"
expect_has "in the summary" "$said" "3 orders were read again"
expect_has "waiting" "$(explained waiting)" "unseen order:2: it was read again just now: the next run goes by it"
expect_eq "differences" "$(found)" ""
run_store 65
expect_eq "what the next run makes of it" "$(rejects)" "cancelled:2 cancelled_in_shop"
expect_eq "the new one; the old one stays out" "$(of_order 5 1) $(of_order 6 1)" "1 "
say "it is told no more"
later 1500
run_store 0
expect_no "told" "$told$said" "read again"
