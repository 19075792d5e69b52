#!/bin/bash
# Shipped goods-out notes become shipments: whole, partial, several of an order, each once; nothing beyond what is left.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
for i in 1 2 3; do product $i "SKU-$i"; done
put_order "$(order 1 a@x.example "$(line SKU-1 2 10.00),$(line SKU-2 3 5.00)")"
put_order "$(order 2 b@x.example "$(line SKU-1 1 10.00)")"
put_order "$(order 3 c@x.example "$(line SKU-3 4 10.00)")"
run_store 0
expect_eq "shipments before a note is shipped" "$(shipments)" ""

say "a part of one order, all of another; two notes of one order in one run"
ship_note 1 "SKU-1=1 SKU-2=3" TR1
first=$note
ship_note 2 "" TR2
ship_note 3 SKU-3=1 TR3
ship_note 3 SKU-3=2 TR4
mark
run_store 0
expect_eq shipments "$(shipments)" "1|SKU-1=1 SKU-2=3|TR1|Standard
2|SKU-1=1|TR2|Standard
3|SKU-3=1|TR3|Standard
3|SKU-3=2|TR4|Standard"
expect_eq "the marker and what goes with it" "$(sql_sandbox "SELECT body ->> 'comments' = 'GON$first/A' || (body ->> 'order_address_id'),
	json_type(body, '\$.shipping_provider'), body ->> 'shipping_provider' FROM bc_shipment WHERE order_id = 1")" "1|text|"
expect_eq "requests to Brightpearl, writes" "$(requests "api = 'brightpearl'")|$(count_writes)" "4|4"
expect_eq links "$(sql_store "SELECT order_id, count(*) FROM link_shipment GROUP BY order_id")" "1|1
2|1
3|2"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
expect_eq "requests to Brightpearl when nothing changed" "$(requests "path LIKE '%-search'") $(requests "path LIKE '%goods-note%'")" "2 1"

say "the rest, in both answers to what a shipment does to its order"
for moves in yes no; do
	switch bc_shipment_moves_status $moves bc_shipment_modifies $([ $moves = yes ] && echo no || echo yes)
	ship_note $([ $moves = yes ] && echo 1 || echo 3) "" TR5
	run_store 0
done
expect_eq shipped "$(shipped_all)" "1|5|5
2|1|1
3|4|4"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0

say "more than was ordered, or than is left beside what was shipped by hand: told, never sent"
put_order "$(order 4 d@x.example "$(line SKU-1 3 10.00)")"
put_order "$(order 5 e@x.example "$(line SKU-2 2 10.00)")"
run_store 0
ship_by_hand 4 SKU-1 2
ship_by_hand 5 SKU-2 2
ship_note 4 SKU-1=2 TR6
ship_note 5 SKU-2=1 TR7
mark
run_store 0
expect_eq "what went of order 4 and 5" "$(shipments | grep '^[45].*TR')" "4|SKU-1=1|TR6|Standard"
expect_has "what is told" "$told" "1 of SKU-1: no more of it is left to ship in BigCommerce"
expect_has "why order 5's note is left" "$(sql_store "SELECT reason FROM skip WHERE key = 'shipment:GON$note'")" "no more of it is left"
expect_eq "each order's shipments were read" "$(requests "method = 'GET' AND path LIKE '%/shipments'")" 2
mark
run_store 0
expect_eq "writes, and shipments read again" "$(count_writes)|$(requests "path LIKE '%/shipments'")" "0|0"

say "shipped by hand without a trace on the order: BigCommerce refuses it, then its shipments are read"
switch bc_shipment_modifies no
put_order "$(order 6 f@x.example "$(line SKU-1 2 10.00)")"
run_store 0
later 30
put_order "$(order 60 z@x.example "$(line SKU-1 1 10.00)")" # newer: what is listed again begins with it
run_store 0
ship_by_hand 6 SKU-1 1 quietly
ship_note 6 "" TR8
run_store 65
expect_has "reject" "$(rejects)" "shipment:GON$note/A"
run_store 0
expect_eq "what went" "$(shipments | grep TR8)" "6|SKU-1=1|TR8|Standard"
expect_eq "open rejects" "$(rejects)" ""

say "limits.shipments holds a load back"
setting limits.shipments 1
put_order "$(order 7 g@x.example "$(line SKU-1 1 10.00)")"
put_order "$(order 8 h@x.example "$(line SKU-1 1 10.00)")"
run_store 0
ship_note 7 "" && ship_note 8 ""
mark
run_store 65
expect_has "what to do" "$told" "limits.shipments"
expect_eq "writes" "$(count_writes)" 0
run_store 0 --allow-large fulfillment
expect_eq "writes" "$(count_writes)" 2
