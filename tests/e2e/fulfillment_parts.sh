#!/bin/bash
# Which line a shipped row is: several addresses, equal lines in one row, bundles, staff's rows, rows whose reference is gone, digital goods.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
setting fulfillment.enabled yes orders.missing_sku text_row
for i in 1 2 3 4 5; do product $i "SKU-$i"; done
# a set of 2 x SKU-4 and 1 x SKU-5
product 6 SET
sql_sandbox "UPDATE bp_product SET is_bundle = 1, components = '[{\"productId\":1004,\"productQuantity\":2},{\"productId\":1005,\"productQuantity\":1}]' WHERE id = 1006"
two='"shipping":[{"street_1":"1 A St","city":"Leeds","zip":"LS1","country":"United Kingdom","country_iso2":"GB"},
	{"street_1":"2 B St","city":"York","zip":"YO1","country":"United Kingdom","country_iso2":"GB"}]'
put_order "$(order 1 a@x.example "$(line SKU-1 2 10.00 '"address":0'),$(line SKU-2 1 5.00 '"address":1'),$(line SKU-1 3 10.00 '"address":1')" "$two")"
put_order "$(order 2 b@x.example "$(line SKU-1 1 10.00),$(line SKU-2 1 5.00),$(line SKU-1 2 10.00)")"
put_order "$(order 3 c@x.example "$(line SET 3 30.00)")"
put_order "$(order 4 d@x.example "$(line SKU-1 2 10.00),$(line SKU-3 1 5.00),$(line SKU-2 1 9.00 '"type":"digital"')")"
put_order "$(order 5 e@x.example "$(line SKU-1 2 10.00),$(line SKU-2 2 5.00)")"
run_store 0
by_address() { sql_sandbox "SELECT s.id - (SELECT min(id) FROM bc_shipment WHERE order_id = $1), (SELECT group_concat(p.sku || '=' || (i.value ->> 'quantity'), ' ')
	FROM json_each(s.body, '\$.items') i JOIN bc_order_product p ON p.id = i.value ->> 'order_product_id'),
	(SELECT a.body ->> 'city' FROM bc_order_address a WHERE a.id = s.body ->> 'order_address_id') FROM bc_shipment s WHERE order_id = $1 ORDER BY 3, 2"; }

say "one note for two addresses is two shipments: equal lines that go to two are two rows"
ship_note 1 "SKU-1=2 SKU-2=1" T1
run_store 0
expect_eq "shipments of order 1" "$(by_address 1 | cut -d'|' -f2-)" "SKU-1=2|Leeds
SKU-2=1|York"
ship_note 1 "" T2
ship_note 2 SKU-1=2 T3
run_store 0
expect_eq "the rest of order 1" "$(shipments | grep T2)" "1|SKU-1=3|T2|Standard"
expect_eq "both equal lines of order 2 in part" "$(shipments | grep '^2')" "2|SKU-1=1 SKU-1=1|T3|Standard"
ship_note 2 "" T4
run_store 0
expect_eq "shipped" "$(shipped_all | head -n 2)" "1|6|6
2|4|4"

say "components ship, sets are sold: as many as all components come to"
ship_note 3 SKU-4=3 S1
run_store 0
expect_eq "sets after 3 of one component" "$(shipments | grep -c '^3')" 0
expect_has "why" "$(sql_store "SELECT reason FROM skip WHERE key = 'shipment:GON$note'")" "the rest of the bundle is still to come"
ship_note 3 "SKU-4=1 SKU-5=2" S2
run_store 0
ship_note 3 "" S3
run_store 0
expect_eq "sets" "$(shipments | grep '^3')" "3|SET=2|S2|Standard
3|SET=1|S3|Standard"

say "staff add a row, and make one anew: told by its product, or left out with a reason; digital goods are not shipped"
put_rows() { merchant sql "$1"; }
put_rows "INSERT INTO bp_order_row (order_id, product_id, name, quantity) SELECT id, 1005, 'Gift', 10000 FROM bp_order WHERE external_ref = 'BC-4';
	UPDATE bp_order_row SET external_ref = NULL WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-4') AND product_id = 1001"
ship_note 4 "" M1
run_store 65
expect_eq "shipments of order 4" "$(shipments | grep '^4')" "4|SKU-1=2 SKU-3=1|M1|Standard"
expect_has "what is told" "$told" "not on the order in BigCommerce"
expect_has "what is told" "$told" "1 of SKU-2: not a thing that is shipped"
expect_has "and kept" "$(sql_store "SELECT left_out FROM out_shipment WHERE order_id = 4")" "1 of SKU-5: it is not on the order"
expect_eq "what left and was not told" "$(rejects)" "shipment:GON$note not_told"

say "only a row of staff's own: nothing goes, and somebody is told"
put_rows "INSERT INTO bp_order_row (order_id, product_id, name, quantity) SELECT id, 1003, 'Gift', 10000 FROM bp_order WHERE external_ref = 'BC-5'"
ship_note 5 SKU-3=1 G1
run_store 65
expect_has "why" "$(sql_store "SELECT message FROM reject WHERE key = 'shipment:GON$note'")" "1 of SKU-3 (it is not on the order in BigCommerce)"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
