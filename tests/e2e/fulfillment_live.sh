#!/bin/bash
# Going live mails nobody: what was shipped before is never sent, by note or by status; then each trigger does its work.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
product 1 MUG
bounds=(half_open inclusive exclusive)
next=0
begin() { # a store with three orders: all shipped, half shipped, not shipped, before fulfillment is on
	make_store "s$((++next))"
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bc_order_address; DELETE FROM bc_shipment; DELETE FROM bp_order; DELETE FROM bp_order_row;
		DELETE FROM bp_goods_out; DELETE FROM bp_goods_out_row"
	for i in 1 2 3 4; do put_order "$(order "$next$i" "u$i@x.example" "$(line MUG 2 10.00)")"; done
	run_store 0
	ship_note ${next}1 "" OLD1 && ship_note ${next}2 MUG=1 OLD1
	sql_sandbox "UPDATE bp_order SET status_id = 21, updated_on = created_on + 1 WHERE external_ref = 'BC-${next}1'"
	later 2000
}

say "a year of old notes"
begin
merchant sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO bp_goods_out (order_id, shipped_on, created_on, reference)
	SELECT (SELECT id FROM bp_order WHERE external_ref = 'BC-13'), server_time() / 1000 - 90000 - i * 80000, 1767225600, 'YEAR1' FROM n"
setting fulfillment.enabled plan
run_store 0
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
for b in "${bounds[@]}"; do
	switch bp_date_bounds "$b"
	mark
	run_store 0
	expect_eq "writes, notes read, $b" "$(count_writes)|$(requests "path LIKE '%goods-note/goods-out/6%'")" "0|0"
done
expect_eq shipments "$(shipments)" ""
for b in "${bounds[@]}"; do
	switch bp_date_bounds "$b"
	ship_note $([ "$b" = half_open ] && echo 12 MUG=1 || echo 13 MUG=1) "NEW1-$b"
	run_store 0
done
expect_eq "shipped since" "$(shipments)" "12|MUG=1|NEW1-half_open|Standard
13|MUG=1|NEW1-exclusive|Standard
13|MUG=1|NEW1-inclusive|Standard"
switch bp_date_bounds half_open

say "a note shipped just before, within the search's overlap, is skipped and says why"
begin
ship_note ${next}3 MUG=1 JUST1
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
later 1
run_store 0
run_store 0
expect_eq shipments "$(shipments)" ""
expect_eq "why" "$(sql_store "SELECT reason FROM skip WHERE key = 'shipment:GON$note'")" "shipped before fulfillment began"

say "fulfillment.start_date sends what was shipped since"
setting fulfillment.start_date "$(date -u -d "@$(($(date +%s) - 86400))" +%FT%TZ)"
run_store 0
expect_eq shipments "$(shipments | sort)" "${next}1|MUG=2|OLD1|Standard
${next}2|MUG=1|OLD1|Standard
${next}3|MUG=1|JUST1|Standard"

say "a note that is typed in as shipped hours ago is found by the wide look"
setting fulfillment.start_date ""
later 300
run_store 0
ship_note ${next}4 MUG=1 LATE1 1 "shipped_on=$(sql_sandbox "SELECT max(at_ms) / 1000 - 7200 FROM request")"
run_store 0
later 1500
run_store 0
expect_eq "late" "$(shipments | grep -c LATE1)" 1

say "the search shows a note late, and twice"
switch bp_search_lag_ms 120000
ship_note ${next}4 MUG=1 LAG1
run_store 0
later 5
run_store 0
run_store 0
expect_eq "lagging" "$(shipments | grep -c LAG1)" 1
switch bp_search_lag_ms 0

say "by status: only what comes into it since; the rest goes, with the number of its notes"
begin
setting fulfillment.trigger order_status fulfillment.statuses 'Shipped|Completed' fulfillment.enabled yes fulfillment.tracking_wait_hours 0
mark
run_store 0
expect_eq "writes when it goes live" "$(count_writes)" 0
expect_eq "why not" "$(sql_store "SELECT reason FROM skip WHERE job = 'fulfillment'")" "had that status when fulfillment began"
bp_status() { merchant sql "UPDATE bp_order SET status_id = $2, updated_on = server_time() / 1000, version = version + 1 WHERE external_ref = 'BC-$1'"; }
bp_status ${next}2 21
bp_status ${next}3 20
ship_by_hand ${next}2 MUG 1
run_store 0
expect_eq shipments "$(shipments | grep -v HAND)" "${next}2|MUG=1|OLD1|Standard"
expect_eq "marker" "$(sql_sandbox "SELECT body ->> 'comments' FROM bc_shipment WHERE body ->> 'tracking_number' = 'OLD1'")" "SO$(of_order ${next}2 id)/1"
bp_status ${next}3 25
run_store 0
expect_eq "the other status" "$(shipments | grep "^${next}3")" "${next}3|MUG=2||Standard"
bp_status ${next}1 25
put_order "$(order ${next}9 n@x.example "$(line MUG 1 10.00)")"
run_store 0
bp_status ${next}9 21
mark
run_store 0
expect_eq "a new order; one that was shipped before stays" "$(shipments | grep "^${next}[19]")" "${next}9|MUG=1||Standard"
expect_eq writes "$(count_writes)" 1
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
