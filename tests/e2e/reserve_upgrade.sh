#!/bin/bash
# A database that kept reservations by product: what stands correctly is neither read nor written, merged rows are put right once.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 CUP && product 2 PLATE
stock 1 100 && stock 2 100
put_order "[$(order 1 a@x.example "$(line CUP 3 3.00),$(line PLATE 2 4.00)"),$(order 2 a@x.example "$(line CUP 2 3.00),$(line CUP 4 2.00)"),
	$(order 3 a@x.example "$(line CUP 5 3.00 '"shipped":2')" '"status_id":3'),$(order 4 a@x.example "$(line PLATE 200 3.00)")]"
run_store 0
expect_eq "reserved" "$(for i in 1 2 3 4; do echo "$i $(reserved $i)"; done)" "1 2: 1001=3 1002=2
2 2: 1001=2 1001=4
3 2: 1001=3
4 2: 1002=98"

say "the database as it was: one row for each product, and of order 2 six pieces under its first row"
sql_store "CREATE TABLE old AS SELECT order_id, product_id, min(row_id) AS row_id, sum(wanted) AS wanted, sum(reserved) AS reserved,
		sum(shipped) AS shipped, max(on_hand) AS on_hand FROM out_reservation_row GROUP BY 1, 2;
	DROP TABLE out_reservation_row;
	CREATE TABLE out_reservation_row (order_id INTEGER NOT NULL, product_id INTEGER NOT NULL, row_id INTEGER NOT NULL, wanted INTEGER NOT NULL,
		reserved INTEGER NOT NULL DEFAULT 0, shipped INTEGER NOT NULL, on_hand INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (order_id, product_id)) STRICT, WITHOUT ROWID;
	INSERT INTO out_reservation_row(order_id, product_id, row_id, wanted, reserved, shipped, on_hand) SELECT order_id, product_id, row_id, wanted, reserved, shipped, on_hand FROM old;
	DROP TABLE old;
	UPDATE out_reservation SET sent = json_object('products', json_array(json_object('productId', 1001, 'salesOrderRowId',
		(SELECT row_id FROM out_reservation_row WHERE order_id = 2), 'quantity', 6))), body = sent WHERE order_id = 2;
	UPDATE out_reservation SET seen = NULL, read_run = 0;
	DROP VIEW sale_codes; DROP TABLE stg_bp_noted; DROP TABLE stg_bp_noted_read;
	PRAGMA application_id = 1"
sql_sandbox "DELETE FROM bp_reservation_row WHERE quantity = 4; UPDATE bp_reservation_row SET quantity = 6 WHERE quantity = 2 AND product_id = 1001"
mark
run_store 0
expect_eq "reserved" "$(for i in 1 2 3 4; do echo "$i $(reserved $i)"; done)" "1 2: 1001=3 1002=2
2 2: 1001=2 1001=4
3 2: 1001=3
4 2: 1002=98"
expect_eq "whose were written" "$(sql_sandbox "SELECT group_concat(method || ' ' || path) FROM request WHERE id > $mark AND method <> 'GET'")" "PUT /warehouse-service/order/500002/reservation"
expect_eq "whose were read" "$(sql_sandbox "SELECT group_concat(DISTINCT path) FROM request WHERE id > $mark AND method = 'GET' AND path LIKE '%/reservation'")" "/warehouse-service/order/500002/reservation"
expect_eq "short" "$(short)" "BC-4 102"
mark
run_store 0
expect_eq "second run: writes, readings" "$(count_writes) $(requests "path LIKE '%/reservation'")" "0 0"
