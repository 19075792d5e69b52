#!/bin/bash
# Pieces on goods-out notes count as given: a short order that is part shipped is topped up by the rest alone.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
setting inventory.enabled yes
sed -i 's/^Main Warehouse,1,no,/Main Warehouse,1,yes,/' "$store/mappings/warehouses.csv"
product 1 CUP && product 2 PLATE
sql_sandbox "UPDATE bc_product SET inventory_tracking = 'product'"
note_of() { # ID SKU PIECES: staff make a note, which is not shipped
	merchant sql "INSERT INTO bp_goods_out (order_id, created_on) SELECT id, server_time() / 1000 FROM bp_order WHERE external_ref = 'BC-$1';
		INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity) SELECT (SELECT max(id) FROM bp_goods_out), r.id, r.product_id, $3
		FROM bp_order_row r JOIN bp_product p ON p.id = r.product_id AND p.sku = '$2' JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1'"
	touch_sale "$1"
}
touch_sale() { merchant sql "UPDATE bp_order SET version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-$1'"; }
rows_of() { sql_store "SELECT wanted || ' wanted, ' || reserved || ' reserved, ' || let_go || ' let go' FROM out_reservation_row WHERE order_id = $1 ORDER BY row_id"; }

for used_up in gone empty; do
	switch bp_reservation_used_up $used_up
	n=$((n + 10))
	say "ten ordered, six there: six reserved, then shipped (the reservation is $used_up); four come in"
	stock 1 6
	put_order "$(order $n a@x.example "$(line CUP 10 3.00)")"
	run_store 0
	expect_eq "reserved" "$(reserved $n)" "2: 1001=6"
	expect_eq "short" "$(short)" "BC-$n 4"
	later 5
	ship_note $n 'CUP=6'
	touch_sale $n
	run_store 0
	expect_eq "short" "$(short)" "BC-$n 4"
	expect_eq "rows" "$(rows_of $n)" "4 wanted, 0 reserved, 0 let go"
	mark
	run_store 0
	expect_eq "writes" "$(count_writes)" 0
	stock 1 9
	run_store 0
	expect_eq "reserved" "$(reserved $n)" "2: 1001=4"
	expect_eq "short" "$(short)" ""

	say "shipped more than was reserved: what is left of the order, no more"
	stock 1 7 # four of them are set aside for the order before
	put_order "$(order $((n + 1)) a@x.example "$(line CUP 8 3.00)")"
	run_store 0
	expect_eq "reserved" "$(reserved $((n + 1)))" "2: 1001=3"
	later 5
	ship_note $((n + 1)) 'CUP=5'
	touch_sale $((n + 1))
	sql_sandbox "UPDATE bp_stock SET in_stock = 4, allocated = 4 WHERE product_id = 1001"
	run_store 0
	expect_eq "short" "$(short)" "BC-$((n + 1)) 3"
	stock 1 50
	run_store 0
	expect_eq "reserved" "$(reserved $((n + 1)))" "2: 1001=3"
	expect_eq "short" "$(short)" ""
	merchant sql "UPDATE bp_order SET closed_on = 1, invoice_ref = 'SI-' || id; DELETE FROM bp_reservation_row; DELETE FROM bp_reservation; UPDATE bp_stock SET allocated = 0"
	touch_sale $n && touch_sale $((n + 1))
	later 5
	run_store 0
done

say "all of it on a note: nothing is asked for, nothing sent"
put_order "$(order 40 a@x.example "$(line CUP 2 3.00)")"
run_store 0
later 5
note_of 40 CUP 2
mark
run_store 0
expect_eq "writes and readings of reservations" "$(requests "path LIKE '%/reservation%'") $(count_writes)" "0 0"
for undone in free reserved; do
	switch bp_reservation_undone $undone
	say "the note is taken back, its goods are $undone: reserved again"
	later 5
	merchant sql "DELETE FROM bp_goods_out WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-40');
		DELETE FROM bp_goods_out_row WHERE note_id NOT IN (SELECT id FROM bp_goods_out);
		UPDATE bp_order SET stock_status = 'SON', allocation_status = 'ANA' WHERE external_ref = 'BC-40'"
	touch_sale 40
	run_store 0
	expect_eq "reserved" "$(reserved 40)" "2: 1001=2"
	later 5
	note_of 40 CUP 2
	run_store 0
done
