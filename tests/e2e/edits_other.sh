#!/bin/bash
# What else changes after an order was sent: filters, mappings, start_id, archiving, orders deleted on either side; orders.edits = hold.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
setting orders.start_id 3
product 1 MUG && product 2 TEA
mug=$(line MUG 1 10.00)
us='"billing":{"street_1":"1 Rd","city":"Reno","state":"Nevada","zip":"89501","country":"United States","country_iso2":"US","phone":"1"}'
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug"), $(order 3 a@x.example "$mug"), $(order 4 a@x.example "$mug" '"is_deleted":true'),
	$(order 5 a@x.example "$mug" '"status_id":7'), $(order 6 a@x.example "$(line NEW 1 1.00 '"product_id":7,"name":"n"')"), $(order 7 a@x.example "$mug"), $(order 8 a@x.example "$mug")]"
run_store 65
expect_eq "orders" "$(orders_there)" "BC-3 BC-7 BC-8"
said_of() { sql_store "SELECT reason FROM skip WHERE job = 'orders' AND key = 'order:$1'"; }
expect_eq "skipped" "$(said_of 4) / $(said_of 5)" "archived in BigCommerce / status Awaiting Payment (statuses.csv, sync no)"
say "a filter widened, a mapping mended: what was skipped or rejected is sent, nothing else is touched"
sed -i 's/^BigCommerce,Awaiting Payment,no/BigCommerce,Awaiting Payment,yes/' "$store/mappings/statuses.csv"
sed -i 's/,Online shop,/,Retail store,/' "$store/mappings/sales.csv"
merchant sql "INSERT INTO bp_product (id, sku, name, created_on) VALUES (1009, 'NEW', 'New', server_time() / 1000)"
mark
run_store 0
expect_eq "written" "$(writes | sort | uniq -c | xargs)" "2 sales-order"
expect_eq "orders" "$(orders_there)" "BC-3 BC-5 BC-6 BC-7 BC-8"
expect_eq "channels" "$(of_order 3 channel_id) $(of_order 6 channel_id)" "2 3"
say "start_id lowered: the two before it are sent"
setting orders.start_id 1
mark
run_store 0
expect_eq "written" "$(writes | sort | uniq -c | xargs)" "2 sales-order"
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-3 BC-5 BC-6 BC-7 BC-8"
say "out of the filter, archived, or gone from BigCommerce after it was sent: it stays; a mended mapping rewrites nothing"
merchant sql "UPDATE bc_order SET status_id = 5, date_modified = server_time() / 1000 WHERE id = 1; UPDATE bc_order SET is_deleted = 1, date_modified = server_time() / 1000 WHERE id = 2;
	DELETE FROM bc_order WHERE id = 3"
sed -i 's/,Retail store,/,Wholesale,/' "$store/mappings/sales.csv"
mark
run_store 65
expect_eq "writes" "$(count_writes)" 0
expect_eq rejects "$(rejects)" "cancelled:1 cancelled_in_shop"
run_store 0 ignore cancelled:1 --why "it goes all the same"
say "hold: a reject that says what changed, and not a word in Brightpearl"
setting orders.edits hold
put_order "$(order 5 a@x.example "$(line MUG 4 10.00)")"
run_store 65
expect_eq writes "$(count_writes)" 0
expect_has "what changed" "$(sql_store "SELECT message FROM reject WHERE key = 'order:5' AND closed_at IS NULL")" "MUG, quantity 1 -> 4, 10.00 -> 40.00; total: 10.00 -> 40.00"
run_store 0 ignore order:5 --why "agreed by telephone"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_has "skipped" "$(said_of 5)" "agreed by telephone"
run_store 0 retry order:5
run_store 65
expect_eq rejects "$(rejects)" "order:5 edited_after_import"
say "ignored is that edit, not the next one; what is no edit does not bring it up again"
run_store 0 ignore order:5 --why "agreed by telephone"
merchant sql "UPDATE bc_order SET status_id = 9, date_modified = server_time() / 1000 WHERE id = 5"
run_store 0
expect_eq rejects "$(rejects)" ""
put_order "$(order 5 a@x.example "$(line MUG 5 10.00)")"
run_store 65
expect_eq rejects "$(rejects)" "order:5 edited_after_import"
say "update: dated on or before orders.lock_date it stays; without, it follows; only what changed in BigCommerce is composed anew"
setting orders.edits update orders.lock_date 2026-02-03T10:00:00Z
run_store 0
expect_has "why" "$(sql_store "SELECT message FROM reject WHERE key = 'order:5' AND closed_at IS NULL")" "it is dated on or before orders.lock_date"
setting orders.lock_date ''
mapping sku_keys.csv 'MUG,TEA,'
put_order "$(order 7 a@x.example "$mug, $(line TEA 1 5.00)")"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "totals" "$(of_order 5 total) $(of_order 7 total)" "500000 150000"
expect_eq "the mug of 7 is the mug that was sent" "$(rows 7 | cut -d '|' -f 1 | xargs)" "1001 1002"
expect_eq "its channel" "$(of_order 7 channel_id)" 2
say "gone from Brightpearl: told, never made again by itself"
sql_sandbox "DELETE FROM bp_order WHERE external_ref IN ('BC-7', 'BC-8')"
put_order "[$(order 7 a@x.example "$(line MUG 9 10.00)"), $(order 8 a@x.example "$(line MUG 9 10.00)")]"
run_store 65
expect_eq rejects "$(rejects)" "order:7 gone_from_brightpearl
order:8 gone_from_brightpearl"
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-3 BC-5 BC-6"
run_store 0 ignore order:7 --why "deleted on purpose"
mark
run_store 0
expect_eq rejects "$(rejects)" "order:8 gone_from_brightpearl"
expect_eq "writes" "$(count_writes)" 0
say "made anew when a person says so, and Brightpearl has it no more; sent once"
run_store 64 settle order:5 --absent --why "x"
expect_has "what is there" "$told" "Brightpearl has its sales order"
run_store 0 settle order:8 --absent --why "deleted by mistake"
mark
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "writes" "$(writes | sort | uniq -c | xargs)" "1 sales-order"
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-3 BC-5 BC-6 BC-8"
expect_eq "its total" "$(of_order 8 total)" 900000
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
