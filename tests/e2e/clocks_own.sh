#!/bin/bash
# This machine's clock decides nothing: hours and years off, or set between two runs, it changes no window, brake or wait for tracking; told once a run.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
mug=$(line MUG 1 10.00)
place() { # NUMBER SECONDS from now by the shop's clock
	put_order "$(order "$1" "u$1@x.example" "$mug")"
	merchant sql "UPDATE bc_order SET date_created = server_time() / 1000 + ($2), date_modified = server_time() / 1000 + ($2) WHERE id = $1"
}
own() { export PEARLBRIDGE_CLOCK_OFFSET=$1; } # SECONDS off
n=0
for off in 10800 -10800 315360000 -1200000000; do
	say "$off seconds off"
	own "$off"
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_goods_out; DELETE FROM bp_goods_out_row; DELETE FROM bc_shipment"
	n=$((n + 100))
	make_store "off$n"
	setting fulfillment.enabled yes reconcile.every_hours 24 statuses.to_brightpearl.enabled yes
	place $((n + 1)) -600
	run_store 0
	expect_eq "told once" "$(grep -c 'the clock of this machine is' <<<"$told")" 1
	expect_eq "orders" "$(orders_there)" "BC-$((n + 1))"
	place $((n + 2)) -5
	ship_note $((n + 1)) "" TRACK-1
	run_store 0
	expect_eq "orders" "$(orders_there)" "BC-$((n + 1)) BC-$((n + 2))"
	expect_eq "shipments" "$(sql_sandbox "SELECT group_concat(body ->> '$.tracking_number') FROM bc_shipment")" TRACK-1
	ship_note $((n + 2)) ""
	run_store 0
	expect_eq "a note without tracking waits as long as ever" "$(sql_store "SELECT (waits_for LIKE 'a tracking number, until%') FROM out_shipment WHERE order_id = $((n + 2))")" 1
	expect_eq "orders listed anew by a quiet run" "$(sql_store "SELECT extracted FROM stage WHERE name = 'orders.extract' ORDER BY run_id DESC LIMIT 1")" \
		"$(sql_sandbox "SELECT count(*) FROM bc_order WHERE date_modified >= (SELECT max(date_modified) - 601 FROM bc_order)")"
	run_store 0 reconcile
	expect_has "both sides are compared" "$said" "2 orders, sums equal, 0 differences"
	expect_eq "watermark" "$(sql_store "SELECT done_until FROM cursor WHERE feed = 'bc_orders'")" \
		"$(sql_sandbox "SELECT max(date_modified) FROM bc_order")"
	say "set right, and off the other way"
	own 0
	place $((n + 3)) -5
	run_store 0
	expect_no "it is right" "$told" "the clock of this machine"
	own $((-off))
	place $((n + 4)) -5
	run_store 0
	expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 4
	rm -rf "$store"
done
