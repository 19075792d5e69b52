#!/bin/bash
# Which orders are ours: statuses.csv, start date and id, guests, archived; and that an edited mapping
# decides anew about what was not sent.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
sed -i '/^BigCommerce,Awaiting Pickup,/d; /^BigCommerce,Disputed,/d' "$store/mappings/statuses.csv"
sed -i 's/^BigCommerce,Awaiting Shipment,yes,,(leave),/BigCommerce,Awaiting Shipment,yes,,Ready to ship,/' "$store/mappings/statuses.csv"
setting orders.start_id 100
put_order "[$(order 1 a@x.example "$mug"), $(order 101 a@x.example "$mug"), $(order 102 a@x.example "$mug" '"status_id":9'),
	$(order 103 a@x.example "$mug" '"status_id":1'), $(order 104 a@x.example "$mug" '"status_id":8'),
	$(order 105 a@x.example "$mug" '"status_id":0'), $(order 106 a@x.example "$mug" '"status_id":5'),
	$(order 107 a@x.example "$mug" '"created":"2025-12-31T23:59:59Z"'), $(order 108 a@x.example "$mug" '"created":"2026-01-01T00:00:00Z"'),
	$(order 109 a@x.example "$mug" '"is_deleted":true'), $(order 110 a@x.example "$mug" '"status_id":2'),
	$(order 111 a@x.example "$mug" '"status_id":13')]"
run_store 65
expect_eq "imported" "$(orders_there)" "BC-101 BC-102 BC-108 BC-110"
expect_eq "status by name, (leave), empty" "$(sql_sandbox "SELECT status_id FROM bp_order ORDER BY external_ref" | xargs)" "3 19 3 3"
expect_eq rejects "$(rejects | sort | xargs)" "order:104 no_status_line order:111 no_status_line"
expect_has "the line that mends it" "$(sql_store "SELECT csv_line FROM reject WHERE key = 'order:104'")" "mappings/statuses.csv: BigCommerce,Awaiting Pickup,"
expect_eq "skipped" "$(sql_store "SELECT key, reason FROM skip WHERE job = 'orders' ORDER BY key")" \
	"order:103|status Pending (statuses.csv, sync no)
order:105|status Incomplete (statuses.csv, sync no)
order:106|status Cancelled (statuses.csv, sync no)
order:107|before orders.start_date
order:109|archived in BigCommerce"

say "the line from the reject, pasted with sync yes, imports it and closes the reject"
mapping statuses.csv "$(sql_store "SELECT replace(substr(csv_line, 24), ',no,', ',yes,') FROM reject WHERE key = 'order:104'")"
run_store 0
expect_eq "imported" "$(of_order 104 1)" 1
expect_eq rejects "$(rejects)" "order:111 no_status_line"
say "Pending is wanted now; a * line takes the rest, but never Incomplete"
sed -i 's/^BigCommerce,Pending,no/BigCommerce,Pending,yes/' "$store/mappings/statuses.csv"
mapping statuses.csv 'BigCommerce,*,yes,,,'
run_store 65
expect_eq "imported" "$(orders_there)" "BC-101 BC-102 BC-103 BC-104 BC-108 BC-110 BC-111"
expect_eq "rejects: 111 is Disputed" "$(rejects)" "disputed:111 disputed_may_still_ship"
say "the status the order has when it is sent counts"
put_order "[$(order 120 a@x.example "$mug" '"status_id":5')]"
run_store 0
expect_eq "a cancelled one" "$(of_order 120 1)" ""
put_order "[$(order 120 a@x.example "$mug")]"
sql_sandbox "UPDATE bc_order SET status_id = 11 WHERE id = 120"
run_store 0
expect_eq "it was paid after all" "$(of_order 120 1)" 1
say "an earlier start date lets older ones in only by backfill: a plain run stays as it was told"
setting orders.start_date everything
run_store 0
expect_eq "order 1 is below start_id" "$(of_order 1 1)" ""
