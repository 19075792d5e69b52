#!/bin/bash
# Brightpearl's local times around the night when summer time ends: what is written goes by moments, days are the account's, nothing is missed or read twice.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
switch bp_timezone_offset_min 0 bp_summer_time yes
sql_sandbox "UPDATE bp_configuration SET value = 'Europe/London' WHERE name = 'timeZone'"
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
setting statuses.to_bigcommerce.enabled yes orders.start_date 2026-01-01T00:00:00Z fulfillment.enabled yes
mapping statuses.csv 'Brightpearl,On hold,yes,,Manual Verification Required,'
at_moment() { # DATE: it is then on both sides
	PEARLBRIDGE_CLOCK_OFFSET=$((${PEARLBRIDGE_CLOCK_OFFSET:-0} + $(date -u -d "$1" +%s) - $(now)))
	later 0
}
placed() { put_order "$(order "$1" "u$1@x.example" "$mug" "\"created\":\"$2\"")"; } # ID DATE
shop_status() { sql_sandbox "SELECT status_id FROM bc_order WHERE id = $1"; }

say "before, in and after the hour that comes twice"
at_moment 2026-10-25T00:40:00Z # 01:40 in London, summer time
placed 1 2026-10-24T23:30:00Z  # the 25th there
placed 2 2026-10-25T00:30:00Z
run_store 0
expect_eq "when they were placed" "$(of_order 1 placed_on) $(of_order 2 placed_on)" "$(date -u -d 2026-10-24T23:30:00Z +%s) $(date -u -d 2026-10-25T00:30:00Z +%s)"
at_moment 2026-10-25T00:55:00Z
bp_status 1 18
at_moment 2026-10-25T01:05:00Z # 01:05 once more, by the clock an hour before
placed 3 2026-10-25T01:02:00Z
bp_status 2 18
run_store 0
expect_eq "statuses in the shop" "$(shop_status 1) $(shop_status 2)" "12 12"
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-3"
at_moment 2026-10-25T01:35:00Z
ship_note 3 '' TRACK-3
run_store 0
expect_eq "shipments" "$(sql_sandbox "SELECT count(*) FROM bc_shipment")" 1
at_moment 2026-10-25T23:50:00Z
placed 4 2026-10-25T23:40:00Z # still the 25th
run_store 0
mark
run_store 0
expect_eq "writes when nothing is new" "$(count_writes)" 0

say "the day has 25 hours and holds all four"
at_moment 2026-10-26T02:00:00Z
run_store 0 reconcile --from 2026-10-25 --to 2026-10-25
expect_has "the comparison" "$said" "4 orders, sums equal, 0 differences"
expect_has "the zone" "$said" "Europe/London"
expect_has "its hours" "$said" "2026-10-24 23:00 to 2026-10-26 00:00 UTC"

say "the night when it begins: 01:30 does not exist there"
at_moment 2027-03-28T00:50:00Z
placed 5 2027-03-28T00:45:00Z
run_store 0
at_moment 2027-03-28T01:05:00Z # 02:05
bp_status 5 18
placed 6 2027-03-28T01:01:00Z
run_store 0
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-3 BC-4 BC-5 BC-6"
expect_eq "status in the shop" "$(shop_status 5)" 12
expect_eq "when it was placed" "$(of_order 6 placed_on)" "$(date -u -d 2027-03-28T01:01:00Z +%s)"
expect_exact
