#!/bin/bash
# ./run.sh order: these orders alone, through every job; what stopped the others is told; no watermark moves.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug"), $(order 3 c@x.example "$mug"),
	$(order 4 d@x.example "$mug" '"status_id":5'), $(order 5 e@x.example "$(line ODD 1 10.00 '"product_id":77')"),
	$(order 6 f@x.example "$mug" '"created":"2025-01-01T00:00:00Z"')]"

say "usage"
run_store 64 order
expect_has "what is told" "$told" "usage: $run order NUMBER ..."
run_store 64 order 1 x
run_store 64 order BC-1
run_store 0 order --help
expect_has "order --help" "$said" "./run.sh order 1042 1043 1044"

say "going live: on plan nothing is sent; on yes the three that were named, and nothing else"
setting orders.enabled plan customers.enabled plan
run_store 0 order 1 3
expect_has "what is told" "$said" "NOTHING SENT: orders is on plan"
expect_has "what is told" "$said" "order:1"
expect_eq "writes" "$(count_writes)" 0
setting orders.enabled yes customers.enabled yes
run_store 65 order 1 4 5
expect_eq "orders there" "$(orders_there)" "BC-1"
expect_has "of the sent one" "$said" "sales order $(of_order 1 id), created"
expect_has "of the cancelled one" "$said" "left out: status Cancelled (statuses.csv, sync no); mappings/statuses.csv:13 decides"
expect_has "of the one with a reject" "$said" "rejected      orders: Brightpearl has no product with sku \"ODD\""
expect_eq "contacts made" "$(sql_sandbox "SELECT group_concat(email) FROM (SELECT email FROM bp_contact WHERE id > 2000 ORDER BY 1)")" "a@x.example,e@x.example"
run_store 65 order 6
expect_has "of the old one" "$said" "left out: before orders.start_date"
run_store 65 order 99
expect_has "of one that is not there" "$told$said" "BigCommerce has no order 99"
expect_eq "the feed has not begun" "$(sql_store "SELECT count(*) FROM cursor WHERE feed = 'bc_orders'")" 0
mark
run_store 0 order 1
expect_eq "writes for an order that is there" "$(count_writes)" 0

say "an order that was staged and waits does not go along; the first whole run brings the rest"
setting orders.enabled plan customers.enabled plan
run_store 0
expect_eq "waiting" "$(sql_store "SELECT group_concat(key) FROM out_order WHERE state = 'pending'")" "BC-2,BC-3"
setting orders.enabled yes customers.enabled yes
until=$(sql_store "SELECT done_until FROM cursor WHERE feed = 'bc_orders'")
run_store 0 --json order 3
expect_eq "orders there" "$(orders_there)" "BC-1 BC-3"
expect_eq "why the other waits" "$(sql_store "SELECT waits_for FROM out_order WHERE order_id = 2")" "the next whole run"
expect_eq "the feed's watermark" "$(sql_store "SELECT done_until FROM cursor WHERE feed = 'bc_orders'")" "$until"
run_store 0 explain order 2
expect_has "its story" "$said" "pending, after the next whole run"
run_store 0
expect_eq "orders there" "$(orders_there)" "BC-1 BC-2 BC-3"
mark
run_store 0
expect_eq "writes of a run without news" "$(count_writes)" 0
