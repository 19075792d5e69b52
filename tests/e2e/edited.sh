#!/bin/bash
# What changes in BigCommerce after, and before, an order was sent.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
mug=$(line MUG 1 10.00)
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug"), $(order 3 a@x.example "$mug"), $(order 4 a@x.example "$(line NEW 1 1.00 '"product_id":7,"name":"n"')")]"
run_store 65
expect_eq rejects "$(rejects)" "order:4 unknown_sku"
say "status, notes, shipped quantities are no edit; lines, addresses, totals are"
sql_sandbox "UPDATE bc_order SET status_id = 2, staff_notes = 'x', date_modified = unixepoch() WHERE id = 1"
put_order "[$(order 2 a@x.example "$(line MUG 2 10.00)"), $(order 3 a@x.example "$mug" '"billing":{"street_1":"9 New Rd","city":"Leeds","state":"Yorkshire","zip":"LS1 1AA","country":"United Kingdom","country_iso2":"GB","phone":"0123"}')]"
mark
run_store 65
expect_eq rejects "$(rejects | sort | xargs)" "order:2 edited_after_import order:3 edited_after_import order:4 unknown_sku"
expect_eq "writes" "$(count_writes)" 0
expect_has "the reject names the sales order" "$(sql_store "SELECT message FROM reject WHERE key = 'order:2' AND closed_at IS NULL")" "$(of_order 2 id)"
expect_eq "earlier versions are kept" "$(sql_store "SELECT count(*) FROM stg_history WHERE record = 'bc_order' AND id = 2")" 1
run_store 0
say "edited back: the reject closes by itself"
put_order "$(order 2 a@x.example "$mug")"
run_store 0
expect_eq rejects "$(rejects | sort | xargs)" "order:3 edited_after_import order:4 unknown_sku"
say "cancelled or archived before it was sent: dropped; its reject closes"
sql_sandbox "UPDATE bc_order SET status_id = 5, date_modified = unixepoch() WHERE id = 4"
run_store 0
expect_eq rejects "$(rejects)" "order:3 edited_after_import"
setting orders.enabled plan
put_order "[$(order 5 a@x.example "$mug"), $(order 6 a@x.example "$mug"), $(order 7 a@x.example "$mug")]"
run_store 0
expect_eq "waiting" "$(sql_store "SELECT group_concat(order_id) FROM out_order WHERE state = 'pending'")" 5,6,7
sql_sandbox "UPDATE bc_order SET status_id = 5, date_modified = unixepoch() WHERE id = 5"
sql_sandbox "UPDATE bc_order SET is_deleted = 1, date_modified = unixepoch() WHERE id = 6"
put_order "$(order 7 a@x.example "$(line TEA 3 2.00)")"
setting orders.enabled yes
run_store 0
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-3 BC-7"
expect_eq "the newest version is what was sent" "$(of_order 7 total)" 60000
expect_eq "not sent, and no longer planned" "$(sql_store "SELECT count(*) FROM out_order WHERE order_id IN (5, 6)")" 0
say "cancelled or archived after: the sales order stays as it is"
mark
sql_sandbox "UPDATE bc_order SET status_id = 5, date_modified = unixepoch() WHERE id = 7"
sql_sandbox "UPDATE bc_order SET is_deleted = 1, date_modified = unixepoch() WHERE id = 1"
run_store 0
expect_eq writes "$(count_writes)" 0
expect_eq rejects "$(rejects)" "order:3 edited_after_import"
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
timeout 60 "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
[[ " 65 78 " == *" $code "* ]] || bad "code with another orders.reference: $code" 0
expect_eq "orders with another reference" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE external_ref LIKE 'XX-%'")" 0
setting orders.reference BC-
code=0
timeout 60 "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
expect_has rejects "$(rejects)" "order:9 locked_period"
expect_eq "order 10" "$(of_order 10 1)" 1
setting orders.lock_date ''
run_store 0
expect_eq "order 9" "$(of_order 9 1)" 1
