#!/bin/bash
# What is new is never held, however much; what is older is, when it is far more than usual, and only that; --allow-large JOB.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
product 1 MUG
ago() { date -u -d "@$(($(now) - $1))" +%Y-%m-%dT%H:%M:%SZ; } # SECONDS
day=86400
setting orders.start_date "$(ago $((5 * day)))" fulfillment.enabled yes
batch() { # FROM TO WHEN: orders of four customers
	local list='' n
	for n in $(seq "$1" "$2"); do
		list+=",$(order "$n" "u$((n % 4))@x.example" "$(line MUG 1 1.00)" "\"created\":\"$(ago "$3")\",\"modified\":\"$(ago "$3")\"")"
	done
	put_order "[${list:1}]"
}
there() { sql_sandbox "SELECT count(*) FROM bp_order"; }
batch 1 60 $((40 * day))
batch 61 64 $day
run_store 0
expect_eq "orders" "$(there)" 4

say "a start date moved back brings 60 at once: these are held, the three that are new go"
setting orders.start_date "$(ago $((50 * day)))"
batch 65 67 60
mark
run_store 0 plan orders
expect_has "plan" "$said" "a brake would hold: 60 orders"
expect_has "plan" "$said" "would be sent: 3 orders"
expect_eq "writes of plan" "$(count_writes)" 0
run_store 65
expect_eq "orders" "$(there)" 7
for part in "60 orders that were placed before" "limits.factor" "the other 3 go" "$run plan orders;" "$run --allow-large orders sends them once"; do
	expect_has "what is said" "$told$said" "$part"
done
run_store 0 explain order 1
expect_has "explain" "$said" "held by the brake"
say "they stay held, and hold nothing else"
batch 68 69 60
run_store 65
expect_eq "orders" "$(there)" 9
say "one of them by name"
run_store 0 order 1
expect_eq "orders" "$(there)" 10
run_store 64 --allow-large order
expect_has "which jobs" "$told" "customers, orders, fulfillment"
run_store 64 --allow-large
run_store 65 --allow-large statuses
run_store 0 --allow-large orders
expect_eq "orders" "$(there)" 69
expect_has "the summary" "$said" "--allow-large: no brake held orders"
expect_eq "it is recorded" "$(sql_store "SELECT allow_large FROM run ORDER BY id DESC LIMIT 1")" orders

say "what a person mended was never in question"
list=''
for n in $(seq 101 160); do list+=",$(order "$n" "u1@x.example" "$(line GONE 1 1.00 '"product_id":9')" "\"created\":\"$(ago 60)\"")"; done
put_order "[${list:1}]"
run_store 65
sql_sandbox "INSERT INTO bp_product (id, sku, name) VALUES (1009, 'GONE', 'g')"
later $((25 * 60))
run_store 0
expect_eq "orders" "$(there)" 129

say "a busy hour: 150 orders, then 120 notes shipped: all go"
batch 201 350 60
run_store 0
expect_eq "orders" "$(there)" 279
merchant sql "INSERT INTO bp_goods_out (order_id, reference, shipping_method_id, created_on) SELECT id, 'T' || id, 1, server_time() / 1000 FROM bp_order
		WHERE CAST(substr(external_ref, 4) AS INTEGER) BETWEEN 231 AND 350;
	INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity) SELECT n.id, r.id, r.product_id, 1 FROM bp_goods_out n
		JOIN bp_order_row r ON r.order_id = n.order_id;
	UPDATE bp_goods_out SET shipped_on = server_time() / 1000"
run_store 0
expect_eq "shipments" "$(sql_sandbox "SELECT count(*) FROM bc_shipment")" 120

say "the last stop holds all, and says so"
setting limits.orders 3
batch 401 404 60
run_store 65
expect_eq "orders" "$(there)" 279
expect_has "what is said" "$told$said" "4 orders would be sent, limits.orders is 3: none is"
run_store 0 --allow-large orders
expect_eq "orders" "$(there)" 283
