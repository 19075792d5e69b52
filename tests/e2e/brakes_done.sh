#!/bin/bash
# What is usual is what was done, not what waits: 60 notes marked as shipped two days ago are held when none was sent before.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
product 1 MUG
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
list=''
for n in $(seq 1 130); do list+=",$(order "$n" "u$((n % 4))@x.example" "$(line MUG 1 1.00)" "\"created\":\"$(date -u -d "@$(($(now) - 60))" +%Y-%m-%dT%H:%M:%SZ)\"")"; done
put_order "[${list:1}]"
run_store 0
later $((50 * 60))
run_store 0
later $((26 * 60))
run_store 0
shipped() { # FROM TO DAYS-AGO
	merchant sql "INSERT INTO bp_goods_out (order_id, reference, shipping_method_id, created_on) SELECT id, 'T' || id, 1, server_time() / 1000 FROM bp_order
			WHERE CAST(substr(external_ref, 4) AS INTEGER) BETWEEN $1 AND $2;
		INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity) SELECT n.id, r.id, r.product_id, 1 FROM bp_goods_out n
			JOIN bp_order_row r ON r.order_id = n.order_id WHERE n.id NOT IN (SELECT note_id FROM bp_goods_out_row);
		UPDATE bp_goods_out SET shipped_on = server_time() / 1000 - $3 * 86400 WHERE shipped_on IS NULL;
		UPDATE bp_order SET updated_on = server_time() / 1000 WHERE CAST(substr(external_ref, 4) AS INTEGER) BETWEEN $1 AND $2"
	later 5
}
sent() { sql_sandbox "SELECT count(*) FROM bc_shipment"; }

say "50 of them go at any time"
shipped 1 50 1.5
run_store 0
expect_eq "shipments" "$(sent)" 50

say "so do 70, when 50 went on one day"
shipped 51 120 1.5
run_store 0
expect_eq "shipments" "$(sent)" 120

say "what a person let through is no custom, and nothing else was done for five weeks: held"
sql_store "UPDATE link_shipment SET at = at - 35 * 86400"
list=''
for n in $(seq 201 260); do list+=",$(order "$n" "u$((n % 4))@x.example" "$(line MUG 1 1.00)" "\"created\":\"$(date -u -d "@$(($(now) - 60))" +%Y-%m-%dT%H:%M:%SZ)\"")"; done
put_order "[${list:1}]"
run_store 0
shipped 201 260 1.5
run_store 65
expect_eq "shipments" "$(sent)" 120
expect_has "what is said" "$told$said" "60 fulfillment that were shipped before"
run_store 0 --allow-large fulfillment
expect_eq "shipments" "$(sent)" 180
