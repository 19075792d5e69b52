#!/bin/bash
# What waited for its tracking number is not unusual when it goes at last: no brake holds sixty shipments and their statuses.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes
statuses_on 'BigCommerce,*,yes,,(leave),' 'Brightpearl,Shipped,yes,,Shipped,' 'Brightpearl,*,yes,,(leave),'
product 1 MUG
list=''
for n in $(seq 60); do list+=",$(order "$n" "u$n@x.example" "$(line MUG 1 10.00)")"; done
put_order "[${list:1}]"
run_store 0
later 30
run_store 0
merchant sql "INSERT INTO bp_goods_out (order_id, shipping_method_id, created_on) SELECT id, 1, server_time() / 1000 FROM bp_order;
	INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity) SELECT n.id, g.row_id, g.product_id, g.wanted
		FROM bp_goods_out n JOIN bp_row_goods g ON g.order_id = n.order_id AND g.goods;
	UPDATE bp_goods_out SET shipped_on = server_time() / 1000, visible_at_ms = server_time();
	UPDATE bp_order SET status_id = 21, updated_on = server_time() / 1000"
run_store 0
run_store 0 explain order 7
expect_has "explain: until when it waits" "$(grep ' next ' <<<"$said")" "/A700007 waits for a tracking number, until "
expect_no "explain" "$said" "the next run sends"
for wait in 90 90; do
	run_store 0
	expect_eq "they wait, with their statuses" "$(shipments | wc -l)|$(sql_sandbox "SELECT count(*) FROM bc_order WHERE status_id = 2")" "0|0"
	later $wait
done
later 90
run_store 0
expect_eq "all go" "$(shipments | wc -l)|$(sql_sandbox "SELECT count(*) FROM bc_order WHERE status_id = 2")" "60|60"
