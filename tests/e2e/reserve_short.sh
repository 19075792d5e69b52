#!/bin/bash
# Short stock is told, never refused, and topped up when more is on hand, older orders first.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 CUP && product 2 PLATE && product 3 FORK
stock 1 6
put_order "[$(order 1 a@x.example "$(line CUP 4 3.00)"),$(order 2 a@x.example "$(line CUP 5 3.00)"),
	$(order 3 a@x.example "$(line PLATE 2 3.00)"),$(order 4 a@x.example "$(line CUP 1 3.00),$(line PLATE 1 3.00)")]"

say "part of one, nothing of two"
run_store 0
expect_eq "reserved" "$(for i in 1 2 3 4; do echo "$i $(reserved $i)"; done)" "1 2: 1001=4
2 2: 1001=2
3 
4 "
expect_eq "short" "$(short)" "BC-2 3
BC-3 2
BC-4 2"
expect_has "the summary" "$said" "short        3 orders (BC-2 ...) lack 7 pieces"
expect_has "what was none to be had of is not already there" "$said" "reservations: 2 sent, 2 short of stock"
expect_has "why" "$(sql_store "SELECT message FROM out_reservation WHERE key = 'BC-3'")" "No stock"
run_store 0 status
expect_has "status" "$said" "short        3 orders (BC-2 ...) lack 7 pieces"

say "no more on hand: no writes"
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
expect_eq "requests for availability" "$(requests "path LIKE '%/product-availability/%'")" 1

say "more came in: the older order is topped up by a PUT of the whole, the others get what is left"
stock 1 10 && stock 2 2
mark
run_store 0
expect_eq "reserved" "$(for i in 2 3 4; do reserved $i; done)" "2: 1001=5
2: 1002=2
2: 1001=1"
expect_eq "short" "$(short)" "BC-4 1"
expect_has "the summary" "$said" "reservations: 2 sent, 1 changed"
expect_eq "PUTs and POSTs" "$(requests "path LIKE '%/reservation' AND method = 'PUT'") $(reservations "method = 'POST'")" "1 2"

say "stock that Brightpearl shows but does not give is tried once, not in every run"
fault api=brightpearl method=PUT path='*/reservation' kind=error_envelope arg='{"errors":[{"code":"WHSC-070","message":"No stock is available"}]}' times=1
stock 2 3
run_store 0
expect_eq "refused" "$(fired)" 1
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
expect_eq "short" "$(short)" "BC-4 1"
stock 2 5
run_store 0
expect_eq "short" "$(short)" ""

say "codes that are not kept up: the shelves tell"
sql_sandbox "CREATE TRIGGER stale AFTER UPDATE OF allocation_status ON bp_order WHEN NEW.allocation_status <> 'ANA'
	BEGIN UPDATE bp_order SET allocation_status = 'ANA' WHERE id = NEW.id; END"
stock 1 14
put_order "[$(order 11 a@x.example "$(line CUP 3 3.00)"),$(order 12 a@x.example "$(line PLATE 1 3.00)")]"
run_store 0
expect_eq "reserved" "$(reserved 11), $(reserved 12)" "2: 1001=3, 2: 1002=1"
expect_eq "short" "$(short)" ""
put_order "[$(order 13 a@x.example "$(line CUP 3 3.00)")]"
run_store 0
expect_eq "reserved" "$(reserved 13)" "2: 1001=1"
expect_eq "short" "$(short)" "BC-13 2"

say "placed at once, and there is enough for one: the older has it, whatever its number looks like"
stock 3 5
put_order "[$(order 99 a@x.example "$(line FORK 4 3.00)"),$(order 100 a@x.example "$(line FORK 4 3.00)")]"
run_store 0
expect_eq "reserved" "$(reserved 99), $(reserved 100)" "2: 1003=4, 2: 1003=1"
