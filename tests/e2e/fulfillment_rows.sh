#!/bin/bash
# Which line a row stands for is stored when the order is made: what left is shipped on its line and address, however the rows look by then.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes
for i in 1 2 3; do product $i "SKU-$i"; done
two='"shipping":[{"street_1":"1 A St","city":"Leeds","zip":"LS1","country":"United Kingdom","country_iso2":"GB"},
	{"street_1":"2 B St","city":"York","zip":"YO1","country":"United Kingdom","country_iso2":"GB"}]'
# order 1: one product, two addresses; 2: one product and price, two tax rates (both in taxes.csv); 3: two prices
put_order "[$(order 1 a@x.example "$(line SKU-1 1 10.00 '"address":0'),$(line SKU-1 1 10.00 '"address":1')" "$two"),
	$(order 2 b@x.example "$(line SKU-1 1 10.00),$(line SKU-1 2 10.00 '"tax_rate":"5"'),$(line SKU-1 1 10.00)"),
	$(order 3 c@x.example "$(line SKU-1 1 10.00),$(line SKU-1 2 8.00),$(line SKU-2 1 5.00)"),
	$(order 4 d@x.example "$(line SKU-1 2 10.00),$(line SKU-1 2 8.00)"),
	$(order 5 e@x.example "$(line SKU-1 1 10.00 '"address":0'),$(line SKU-1 1 8.00 '"address":1')" "$two"),
	$(order 6 f@x.example "$(line SKU-1 3 10.00)"),
	$(order 7 g@x.example "$(line SKU-1 1 10.00 '"address":0'),$(line SKU-1 1 10.00 '"address":1')" "$two")]"
run_store 0
row() { sql_sandbox "SELECT id FROM bp_order_row WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-$1') AND product_id = 1001 ORDER BY sequence, id LIMIT 1 OFFSET $2"; }
ship_row() { # ORDER ROW PIECES TRACKING
	merchant sql "INSERT INTO bp_goods_out (order_id, reference, shipping_method_id, created_on) SELECT id, '$4', 1, server_time() / 1000 FROM bp_order WHERE external_ref = 'BC-$1';
		INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity) SELECT max(n.id), $2, (SELECT product_id FROM bp_order_row WHERE id = $2), $3 FROM bp_goods_out n;
		UPDATE bp_goods_out SET shipped_on = server_time() / 1000, picked_on = server_time() / 1000, version = version + 1, visible_at_ms = server_time() WHERE id = (SELECT max(id) FROM bp_goods_out)"
	note=$(sql_sandbox "SELECT max(id) FROM bp_goods_out")
}
# BigCommerce's shipments of an order as tracking|line number=pieces ...|town
lines_of() { sql_sandbox "SELECT s.body ->> 'tracking_number', (SELECT group_concat((SELECT count(*) FROM bc_order_product q WHERE q.order_id = s.order_id AND q.id <= p.id)
	|| '=' || (i.value ->> 'quantity'), ' ') FROM json_each(s.body, '\$.items') i JOIN bc_order_product p ON p.id = i.value ->> 'order_product_id'),
	(SELECT a.body ->> 'city' FROM bc_order_address a WHERE a.id = s.body ->> 'order_address_id') FROM bc_shipment s WHERE s.order_id = $1 ORDER BY s.id"; }

say "equal goods to two addresses; of two tax rates; of two prices"
ship_row 1 "$(row 1 1)" 1 T1B
ship_row 2 "$(row 2 1)" 2 T2B
ship_row 3 "$(row 3 1)" 1 T3B
run_store 0
expect_eq "the second address" "$(lines_of 1)" "T1B|2=1|York"
expect_eq "the second rate" "$(lines_of 2 | cut -d'|' -f1,2)" "T2B|2=2"
expect_eq "the second price" "$(lines_of 3 | cut -d'|' -f1,2)" "T3B|2=1"
ship_row 2 "$(row 2 0)" 2 T2A
run_store 0
expect_eq "the lines of one row" "$(lines_of 2 | tail -n 1 | cut -d'|' -f1,2)" "T2A|1=1 3=1"

say "a row keeps its line without its reference, and when it is gone"
first=$(row 3 0)
merchant sql "UPDATE bp_order_row SET external_ref = NULL WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-3')"
bp_touch 3
last=$(row 3 1)
ship_row 3 "$last" 1 T3C
merchant sql "DELETE FROM bp_order_row WHERE id = $last"
bp_touch 3
run_store 0
expect_eq "line 2 still" "$(lines_of 3 | tail -n 1 | cut -d'|' -f1,2)" "T3C|2=1"
ship_row 3 "$first" 1 T3A
run_store 0
expect_eq "line 1" "$(lines_of 3 | tail -n 1 | cut -d'|' -f1,2)" "T3A|1=1"

say "typed anew: one row for two of ours goes to the lines that no other row will ship"
merchant sql "DELETE FROM bp_order_row WHERE id IN ($(row 4 0), $(row 4 1))"
merchant sql "INSERT INTO bp_order_row (order_id, product_id, name, quantity, net, tax) SELECT id, 1001, 'SKU-1', 40000, 300000, 60000 FROM bp_order WHERE external_ref = 'BC-4'"
bp_touch 4
ship_row 4 "$(row 4 0)" 3 T4A
run_store 0
ship_row 4 "$(row 4 0)" 1 T4B
run_store 0
expect_eq "all of order 4" "$(lines_of 4 | cut -d'|' -f1,2)" "T4A|1=2 2=1
T4B|2=1"

say "typed anew for two addresses: nobody can tell whose it is, so nobody is told a wrong number; all of it at once can be"
merchant sql "DELETE FROM bp_order_row WHERE id IN ($(row 5 0), $(row 5 1), $(row 7 0), $(row 7 1))"
for n in 5 7; do
	merchant sql "INSERT INTO bp_order_row (order_id, product_id, name, quantity, net, tax) SELECT id, 1001, 'SKU-1', 20000, 150000, 30000 FROM bp_order WHERE external_ref = 'BC-$n'"
	bp_touch $n
done
ship_row 5 "$(row 5 0)" 1 T5
half=$note
ship_row 7 "$(row 7 0)" 2 T7
run_store 65
expect_eq "shipments" "$(lines_of 5)|$(lines_of 7 | sort)" "|T7|1=1|Leeds
T7|2=1|York"
expect_eq "told" "$(sql_store "SELECT message FROM reject WHERE closed_at IS NULL")" "order 5: goods-out note $half (tracking number T5) shipped 1 of SKU-1; BigCommerce was not told of 1 of SKU-1 (its lines go to several addresses, and the note does not tell which of them got it)"
run_store 0
ship_by_hand 5 SKU-1 1
run_store 0
expect_eq "shipped there by hand: closes by itself" "$(rejects)" ""

say "a back order without a reference takes what its parent's row gave up, and no more"
merchant sql "UPDATE bp_order_row SET quantity = 10000 WHERE id = $(row 6 0);
	INSERT INTO bp_order (contact_id, ref, status_id, channel_id, created_on, price_mode)
	SELECT contact_id, ref, 17, channel_id, server_time() / 1000, price_mode FROM bp_order WHERE external_ref = 'BC-6';
	INSERT INTO bp_order_row (order_id, product_id, name, quantity) SELECT max(id), 1001, 'SKU-1', 20000 FROM bp_order"
back=$(sql_sandbox "SELECT max(id) FROM bp_order")
bp_touch 6
ship_note "#$back" "" T6B
run_store 0
expect_eq "the back order, which names no parent" "$(lines_of 6 | cut -d'|' -f1,2)" "T6B|1=2"
ship_note 6 "" T6A
run_store 0
expect_eq "the rest" "$(lines_of 6 | tail -n 1 | cut -d'|' -f1,2)" "T6A|1=1"
quiet_run "all told"

say "orders sent before rows were stored: their lines are told by price and tax rate, as far as the pieces agree"
put_order "[$(order 21 u@x.example "$(line SKU-1 1 10.00),$(line SKU-1 2 10.00 '"tax_rate":"5"'),$(line SKU-1 1 10.00)"),
	$(order 22 v@x.example "$(line SKU-1 2 10.00),$(line SKU-1 1 8.00)")]"
run_store 0
sql_store "DELETE FROM link_row WHERE order_id > 20; UPDATE out_order SET lines = NULL WHERE order_id > 20"
ship_row 21 "$(row 21 1)" 2 T21B
ship_row 22 "$(row 22 1)" 1 T22B
run_store 0
expect_eq "their lines" "$(lines_of 21 | cut -d'|' -f1,2) $(lines_of 22 | cut -d'|' -f1,2)" "T21B|2=2 T22B|2=1"
expect_eq "stored then" "$(sql_store "SELECT count(*), count(row_id) FROM link_row WHERE order_id > 20")" "5|5"
