#!/bin/bash
# orders.edits = update: the sales order follows its order; what staff did there stays; what is picked, shipped or invoiced is told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
setting orders.edits update
for i in MUG TEA POT; do product $((++n)) $i; done
mug=$(line MUG 1 10.00) tea=$(line TEA 2 4.00)
placed() { order "$1" a@x.example "$mug, $tea" '"shipping_cost":"3.60"'; }
list=''
for i in $(seq 8); do list+=",$(placed "$i")"; done
put_order "[${list:1}]"
run_store 0
say "quantity, a line more, a line less, an address, a cost; rows keep their ids, staff's row and fields stay"
merchant sql "INSERT INTO bp_order_row (order_id, product_id, name, quantity, net, tax, sequence) SELECT id, 1000, 'Gift card', 10000, 10000, 2000, 99 FROM bp_order WHERE external_ref = 'BC-1';
	UPDATE bp_order SET status_id = 19, staff_owner_id = 4, delivery_date = 1770500000, total = total + 12000, total_net = total_net + 10000, total_tax = total_tax + 2000,
	version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-1'"
bound_rows 1 >"$work/before"
new='"shipping_cost":"5.00","billing":{"street_1":"9 New Rd","city":"Leeds","zip":"LS1 1AA","country":"United Kingdom","country_iso2":"GB","phone":"0123"}'
put_order "$(order 1 a@x.example "$(line MUG 3 10.00), $(line POT 1 7.00)" "$new")"
mark
run_store 0
expect_eq "what was written" "$(writes)" sales-order/ID
expect_eq rejects "$(rejects)" ""
# the tea's row is gone, the pot's new
expect_eq "rows" "$(bound_rows 1 | cut -d '|' -f 2-)" "$(sed -n 1p "$work/before" | cut -d '|' -f 2,3)|3|30.00
$(sed -n 3p "$work/before" | cut -d '|' -f 2,3)|1|5.00
-|1000|1|1.20
$(bound_rows 1 | tail -n 1 | cut -d '|' -f 2)|1003|1|7.00"
expect_eq "ids of rows that stay" "$(bound_rows 1 | head -n 3 | cut -d '|' -f 1 | xargs)" "$(sed -n '1p;3p;4p' "$work/before" | cut -d '|' -f 1 | xargs)"
expect_eq "head" "$(of_order 1 "status_id, staff_owner_id, delivery_date, total, channel_id, instance_id, ref, price_mode, fixed_rate, placed_on, warehouse_id, price_list_id")" "19|4|1770500000|432000|2|11|BC-1|INC|1|1770112800|2|2"
expect_eq "addresses" "$(of_order 1 "delivery_address ->> 'addressLine1', billing_address ->> 'addressLine1', customer_address ->> 'addressLine1', delivery_address ->> 'addressLine4'")" "9 New Rd|9 New Rd|9 New Rd|"
expect_eq "state" "$(edit_state 1)" "done|1|1|1"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
expect_eq "reads of Brightpearl of a second run" "$(requests "path LIKE '%order-service/order/%' OR path LIKE '%sales-order/%' OR path LIKE '%goods-note/goods-out/%'")" 0
say "picked, shipped, invoiced, cancelled there, changed by staff: left alone, a note and a reject say why"
merchant sql "INSERT INTO bp_goods_out (order_id, picked_on) SELECT id, 1 FROM bp_order WHERE external_ref = 'BC-2';
	INSERT INTO bp_goods_out (order_id, printed_on) SELECT id, 1 FROM bp_order WHERE external_ref = 'BC-7'" # a note that is only printed binds nobody
ship_note 3
merchant sql "UPDATE bp_order SET invoice_ref = 'SI-1', closed_on = 1 WHERE external_ref = 'BC-4'; UPDATE bp_order SET status_id = 5 WHERE external_ref = 'BC-5';
	UPDATE bp_order_row SET net = net + 5000 WHERE external_ref = 'BC-6:' || (SELECT min(id) FROM bc_order_product WHERE order_id = 6)"
mapping shipping.csv 'BigCommerce,Royal Mail,yes,Express,,,,' # a mended mapping rewrites nothing
was=$(of_order 7 shipping_method_id)
list=''
for i in 2 3 4 5 6 7; do list+=",$(order $i a@x.example "$(line MUG 2 10.00), $tea" '"shipping_cost":"3.60"')"; done
put_order "[${list:1}]"
mark
run_store 65
expect_eq "PUT" "$(writes | grep -c sales-order)" 1
expect_eq "order 7 follows" "$(of_order 7 "total, shipping_method_id")" "316000|$was"
expect_eq "why" "$(sql_store "SELECT key || ': ' || substr(message, instr(message, ', and ') + 6, instr(message, ': ') - instr(message, ', and ') - 6) FROM reject WHERE closed_at IS NULL AND reason = 'edited_after_import' ORDER BY key")" "order:2: goods of it were picked
order:3: goods of it were shipped
order:4: it is invoiced
order:5: it is cancelled in Brightpearl
order:6: rows that we sent were changed in Brightpearl"
expect_has "note of 2" "$(notes 2)" "goods of it were picked:
MUG, quantity 1 -> 2, 10.00 -> 20.00"
expect_eq "notes" "$(sql_sandbox "SELECT count(*) FROM bp_order_note WHERE text LIKE '[Pearlbridge%'")" 5
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
say "a person makes the same change by hand: the reject closes by itself"
merchant sql "UPDATE bp_order_row SET quantity = 20000, net = 166700, tax = 33300 WHERE product_id = 1001 AND order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-2');
	UPDATE bp_order SET total = 316000, total_net = total_net + 83300, total_tax = total_tax + 16700, version = version + 1 WHERE external_ref = 'BC-2'"
run_store 0
expect_eq "rejects" "$(rejects | xargs -n 2 | cut -d ' ' -f 1 | xargs)" "order:3 order:4 order:5 order:6"
expect_eq "state" "$(edit_state 2)" "done|1|1|1"
