#!/bin/bash
# An order that another connector made and that is edited later: told against what Brightpearl has, never rewritten.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
setting orders.edits update
product 1 MUG
contact 501 kay@x.example
mug=$(line MUG 1 10.00)
run_store 0
sale=$(sql_sandbox "INSERT INTO bp_order (ref, contact_id, channel_id, total, total_net) VALUES ('#1', 501, 2, 100000, 83333) RETURNING id")
put_order "$(order 1 kay@x.example "$mug")"
run_store 0 link order 1 "$sale"
run_store 0
expect_eq "rejects" "$(rejects)" ""
put_order "$(order 1 kay@x.example "$(line MUG 2 10.00)")"
mark
run_store 65
expect_eq "rejects" "$(rejects)" "order:1 edited_after_import"
message=$(sql_store "SELECT message FROM reject WHERE key = 'order:1' AND closed_at IS NULL")
expect_has "why it is left" "$message" "it was not Pearlbridge that made it"
expect_has "against Brightpearl's total" "$message" "total: 10.00 -> 20.00"
expect_has "against Brightpearl's address" "$message" "delivery address: (another) -> Ann Buyer, 1 High St"
expect_eq "writes" "$(writes)" "order/ID/note"
expect_eq "its total" "$(sql_sandbox "SELECT total FROM bp_order WHERE id = $sale")" 100000
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
