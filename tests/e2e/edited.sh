#!/bin/bash
# What changes in BigCommerce after, and before, an order was sent.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
setting orders.edits note
product 1 MUG && product 2 TEA
mug=$(line MUG 1 10.00)
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug"), $(order 3 a@x.example "$mug"), $(order 4 a@x.example "$(line NEW 1 1.00 '"product_id":7,"name":"n"')")]"
run_store 65
expect_eq rejects "$(rejects)" "order:4 unknown_sku"
say "status, notes, shipped quantities are no edit; lines, addresses, totals are"
merchant sql "UPDATE bc_order SET status_id = 2, staff_notes = 'x', date_modified = server_time() / 1000 WHERE id = 1"
put_order "[$(order 2 a@x.example "$(line MUG 2 10.00)"), $(order 3 a@x.example "$mug" '"billing":{"street_1":"9 New Rd","city":"Leeds","state":"Yorkshire","zip":"LS1 1AA","country":"United Kingdom","country_iso2":"GB","phone":"0123"}')]"
mark
run_store 65
expect_eq rejects "$(rejects | sort | xargs)" "order:2 edited_after_import order:3 edited_after_import order:4 unknown_sku"
expect_eq "what was written" "$(writes)" "order/ID/note
order/ID/note"
expect_eq "note of 2" "$(notes 2)" "[Pearlbridge BC-2 edit 1 $(edit_mark 2)]
It was edited in BigCommerce after it became this order:
MUG, quantity 1 -> 2, 10.00 -> 20.00
total: 10.00 -> 20.00"
expect_eq "note of 3, one line for each address" "$(notes 3 | tail -n 2)" "delivery address: Ann Buyer, 3 High St, Leeds, Yorkshire, LS1 1AA, GBR, 0123 -> Ann Buyer, 9 New Rd, Leeds, Yorkshire, LS1 1AA, GBR, 0123
billing address: Ann Buyer, 3 High St, Leeds, Yorkshire, LS1 1AA, GBR, 0123 -> Ann Buyer, 9 New Rd, Leeds, Yorkshire, LS1 1AA, GBR, 0123"
expect_has "the reject says what changed" "$(sql_store "SELECT message FROM reject WHERE key = 'order:2' AND closed_at IS NULL")" "MUG, quantity 1 -> 2"
expect_has "the reject names the sales order" "$(sql_store "SELECT message FROM reject WHERE key = 'order:2' AND closed_at IS NULL")" "$(of_order 2 id)"
expect_eq "earlier versions are kept" "$(sql_store "SELECT count(*) FROM stg_history WHERE record = 'bc_order' AND id = 2")" 1
run_store 0
mark
run_store 0
expect_eq "writes when nothing is new" "$(count_writes)" 0
say "edited back: the reject closes by itself, and a note says so"
put_order "$(order 2 a@x.example "$mug")"
run_store 0
expect_has "notes of 2" "$(notes 2)" "taken back"
expect_eq rejects "$(rejects | sort | xargs)" "order:3 edited_after_import order:4 unknown_sku"
say "cancelled or archived before it was sent: dropped; its reject closes"
merchant sql "UPDATE bc_order SET status_id = 5, date_modified = server_time() / 1000 WHERE id = 4"
run_store 0
expect_eq rejects "$(rejects)" "order:3 edited_after_import"
setting orders.enabled plan
put_order "[$(order 5 a@x.example "$mug"), $(order 6 a@x.example "$mug"), $(order 7 a@x.example "$mug")]"
run_store 0
expect_eq "waiting" "$(sql_store "SELECT group_concat(order_id) FROM out_order WHERE state = 'pending'")" 5,6,7
merchant sql "UPDATE bc_order SET status_id = 5, date_modified = server_time() / 1000 WHERE id = 5"
merchant sql "UPDATE bc_order SET is_deleted = 1, date_modified = server_time() / 1000 WHERE id = 6"
put_order "$(order 7 a@x.example "$(line TEA 3 2.00)")"
setting orders.enabled yes
run_store 0
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-3 BC-7"
expect_eq "the newest version is what was sent" "$(of_order 7 total)" 60000
expect_eq "not sent, and no longer planned" "$(sql_store "SELECT count(*) FROM out_order WHERE order_id IN (5, 6)")" 0
say "cancelled or archived after: the sales order stays as it is"
mark
merchant sql "UPDATE bc_order SET status_id = 5, date_modified = server_time() / 1000 WHERE id = 7"
merchant sql "UPDATE bc_order SET is_deleted = 1, date_modified = server_time() / 1000 WHERE id = 1"
run_store 65
expect_eq writes "$(count_writes)" 0
expect_eq rejects "$(rejects)" "order:3 edited_after_import
cancelled:7 cancelled_in_shop"
run_store 0 ignore cancelled:7 --why "it goes all the same"
say "gone from Brightpearl: never made again by itself"
sql_sandbox "DELETE FROM bp_order WHERE external_ref = 'BC-2'"
run_store 0
put_order "$(order 8 a@x.example "$mug")"
run_store 0
expect_eq "orders" "$(orders_there)" "BC-1 BC-3 BC-7 BC-8"
say "orders.reference is frozen; lock_date holds"
setting orders.reference XX- orders.lock_date 2026-02-03T10:00:00Z
put_order "[$(order 9 a@x.example "$mug"), $(order 10 a@x.example "$mug" '"created":"2026-02-03T10:00:01Z"')]"
code=0
timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
[[ " 65 78 " == *" $code "* ]] || bad "code with another orders.reference: $code" 0
expect_eq "orders with another reference" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE external_ref LIKE 'XX-%'")" 0
setting orders.reference BC-
code=0
timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
expect_has rejects "$(rejects)" "order:9 locked_period"
expect_eq "order 10" "$(of_order 10 1)" 1
setting orders.lock_date ''
run_store 0
expect_eq "order 9" "$(of_order 9 1)" 1
