#!/bin/bash
# What staff take out of a reservation is never reserved again, and what they put back counts; short orders go oldest first.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 CUP && product 2 PLATE && product 3 BOWL
stock 1 100 && stock 2 100 && stock 3 9
of() { echo "(SELECT id FROM bp_order WHERE external_ref = 'BC-$1')"; }
staff() { # ID SQL: staff change the reservation; the order's allocation code follows
	later 5
	merchant sql "$2; UPDATE bp_order SET allocation_status = (SELECT CASE WHEN total(v.quantity) = 0 THEN 'ANA' WHEN total(v.quantity) * 10000 <
		(SELECT sum(quantity) FROM bp_order_row WHERE order_id = $(of "$1") AND product_id > 1000) THEN 'APA' ELSE 'AAA' END FROM bp_reservation_row v WHERE v.order_id = $(of "$1")),
		version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-$1'"
}
let_go() { sql_store "SELECT group_concat(let_go) FROM (SELECT let_go FROM out_reservation_row WHERE order_id = $1 ORDER BY row_id)"; }
cups() { line CUP "$1" 3.00; }

put_order "[$(order 1 a@x.example "$(cups 5),$(line PLATE 2 3.00)"),$(order 2 a@x.example "$(cups 5)"),$(order 3 a@x.example "$(cups 5)")]"
run_store 0
expect_eq "reserved" "$(reserved 1), $(reserved 2)" "2: 1001=5 1002=2, 2: 1001=5"

say "lowered, taken away whole: read once, never reserved again, not short"
staff 1 "UPDATE bp_reservation_row SET quantity = 3 WHERE order_id = $(of 1) AND product_id = 1001"
staff 2 "DELETE FROM bp_reservation_row WHERE order_id = $(of 2); DELETE FROM bp_reservation WHERE order_id = $(of 2)"
mark
run_store 0
expect_eq "reserved" "$(reserved 1), $(reserved 2)" "2: 1001=3 1002=2, "
expect_eq "readings of reservations" "$(requests "path LIKE '%/reservation'")" 2
expect_eq "let go" "$(let_go 1) $(let_go 2)" "2,0 5"
stock 1 200
mark
run_store 0
expect_eq "writes, and readings of reservations" "$(count_writes) $(requests "path LIKE '%/reservation'")" "0 0"
expect_eq "short" "$(short)" ""

say "the order grows: by as much, and what was taken out stays out"
later 5
merchant sql "UPDATE bp_order_row SET quantity = quantity + 10000 WHERE order_id = $(of 1) AND product_id = 1001;
	UPDATE bp_order SET version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-1'"
run_store 0
expect_eq "reserved" "$(reserved 1)" "2: 1001=4 1002=2"

say "staff put it back, by hand: it is the order's again"
staff 2 "INSERT INTO bp_reservation VALUES ($(of 2), 2); INSERT INTO bp_reservation_row SELECT order_id, id, product_id, 5 FROM bp_order_row WHERE order_id = $(of 2) AND product_id = 1001"
run_store 0
expect_eq "let go" "$(let_go 2)" 0
expect_eq "reserved" "$(reserved 2)" "2: 1001=5"

say "lowered at the same moment as it would be changed: read right before, and left out"
merchant sql "UPDATE bp_reservation_row SET quantity = 1 WHERE order_id = $(of 3)"
later 5
merchant sql "UPDATE bp_order_row SET quantity = 70000 WHERE order_id = $(of 3) AND product_id = 1001;
	UPDATE bp_order SET version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-3'"
run_store 0
expect_eq "reserved" "$(reserved 3)" "2: 1001=3"

say "two are short: what comes in goes to the older, though the younger was lowered"
put_order "[$(order 4 a@x.example "$(line PLATE 150 3.00)"),$(order 5 a@x.example "$(line PLATE 4 3.00)")]"
run_store 0
expect_eq "short" "$(short)" "BC-4 52
BC-5 4"
stock 2 153
run_store 0
expect_eq "short" "$(short)" "BC-5 3"
expect_eq "reserved" "$(reserved 4), $(reserved 5)" "2: 1002=150, 2: 1002=1"

say "taken away without a trace at the order: what Brightpearl has allocated says so, and the goods are held"
setting inventory.enabled yes
switch bc_stock_taken never

put_order "[$(order 6 a@x.example "$(line BOWL 5 3.00)"),$(order 7 a@x.example "$(line BOWL 1 3.00)")]"
run_store 0
shows() { sql_sandbox "SELECT onhand FROM bc_stock WHERE variant_id = 500003"; }
expect_eq "the shop shows" "$(shows)" 3
later 5
merchant sql "DELETE FROM bp_reservation_row WHERE order_id = $(of 6); DELETE FROM bp_reservation WHERE order_id = $(of 6)"
run_store 0
expect_eq "the shop shows" "$(shows)" 3
later 5
mark
run_store 0
expect_eq "readings of reservations, and what the shop shows" "$(requests "path LIKE '%/reservation'") $(shows)" "2 3"
expect_eq "let go" "$(let_go 6) $(let_go 7)" "5 0"
expect_has "it is told" "$told" "order:6 5 pieces were taken out of the reservation of sales order $(of_order 6 id) in Brightpearl: they are not reserved again"
later 30
mark
run_store 0
expect_eq "writes, and readings of reservations" "$(count_writes) $(requests "path LIKE '%/reservation'")" "0 0"
expect_eq "the shop shows" "$(shows)" 3
