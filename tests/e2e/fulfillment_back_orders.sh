#!/bin/bash
# Whose note it is: back orders split off from an order of ours, other channels, transfers; drop-ship notes, which no search tells.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
for i in 1 2 3; do product $i "SKU-$i"; done
list=''
for i in 1 2 3 4 5; do list+=",$(order $i "u$i@x.example" "$(line SKU-1 2 10.00),$(line SKU-2 2 5.00)")"; done
put_order "[${list:1}]"
run_store 0

say "staff split a back order off, and one off that; notes of another channel and transfers are left alone"
split() { # FROM-ID SKU PIECES REF: prints the new order's id
	merchant sql "INSERT INTO bp_order (contact_id, ref, parent_id, status_id, channel_id, created_on, price_mode)
		SELECT contact_id, ref, id, 17, channel_id, server_time() / 1000, price_mode FROM bp_order WHERE id = $1;
		INSERT INTO bp_order_row (order_id, product_id, name, quantity, net, tax, external_ref)
		SELECT (SELECT max(id) FROM bp_order), r.product_id, r.name, 10000 * $3, 0, 0, $([ "$4" = ref ] && echo r.external_ref || echo NULL)
		FROM bp_order_row r JOIN bp_product p ON p.id = r.product_id WHERE r.order_id = $1 AND p.sku = '$2';
		UPDATE bp_order_row SET quantity = quantity - 10000 * $3 WHERE order_id = $1 AND product_id = (SELECT id FROM bp_product WHERE sku = '$2');
		UPDATE bp_order SET updated_on = server_time() / 1000, version = version + 1 WHERE id = $1"
	sql_sandbox "SELECT max(id) FROM bp_order"
}
back=$(split "$(of_order 1 id)" SKU-1 2 none)
again=$(split "$back" SKU-1 1 none)
with_ref=$(split "$(of_order 2 id)" SKU-2 1 ref)
merchant sql "INSERT INTO bp_order (contact_id, ref, created_on) VALUES (200, 'EBAY-1', server_time() / 1000);
	INSERT INTO bp_order_row (order_id, product_id, quantity) SELECT max(id), 1001, 20000 FROM bp_order"
ebay=$(sql_sandbox "SELECT max(id) FROM bp_order")
ship_note 1 SKU-2=2 B1
ship_note "#$back" "" B2
ship_note "#$again" "" B3
ship_note "#$with_ref" "" B4
ship_note "#$ebay" "" E1
ship_note 3 SKU-2=1 TRANSFER 1 transfer=1
mark
run_store 0
expect_eq shipments "$(shipments | sort)" "1|SKU-1=1|B2|Standard
1|SKU-1=1|B3|Standard
1|SKU-2=2|B1|Standard
2|SKU-2=1|B4|Standard"
expect_eq "the other channel's note is not read" "$(sql_store "SELECT ours, payload FROM stg_bp_goods_out_note WHERE sale_id = $ebay")" "0|"
expect_has "the transfer" "$(sql_store "SELECT group_concat(reason) FROM skip WHERE job = 'fulfillment'")" "a transfer between warehouses"
mark
run_store 0
expect_eq "writes, and owners looked up again" "$(count_writes)|$(requests "query LIKE '%&orderId=%'")" "0|0"

say "drop-ship notes: found when the order is more shipped than its goods-out notes tell, in each shape they may have"
for shape in goods_out products; do
	for none in empty 404; do
		switch bp_drop_ship_shape $shape bp_no_notes $none bp_ship_touches yes
		id=$([ $shape = products ] && echo 4 || echo 5)
		kind=drop_ship ship_note $id SKU-$([ $none = 404 ] && echo 1 || echo 2)=2 "D1-$shape-$none"
		run_store 0
		expect_eq "shipment of $shape, $none" "$(shipments | grep -c "D1-$shape-$none")" 1
	done
done
expect_eq markers "$(sql_sandbox "SELECT count(*) FROM bc_shipment WHERE body ->> 'comments' GLOB 'DSN65*/A*'")" 4
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0

say "found too when the order shows no change, since open orders are looked at in each run from now on; its number comes later"
switch bp_ship_touches no
kind=drop_ship ship_note 3 SKU-1=1 ""
run_store 0
expect_eq "shipment of order 3" "$(shipments | grep '^3')" "3|SKU-1=1||Standard"
merchant sql "UPDATE bp_drop_ship SET reference = 'D1-LATE' WHERE id = $note"
run_store 0
expect_eq "its number" "$(shipments | grep '^3')" "3|SKU-1=1|D1-LATE|Standard"
[ "$(requests "path LIKE '%drop-ship%'")" -le 8 ] || bad "requests for drop-ship notes: $(requests "path LIKE '%drop-ship%'")" 0
