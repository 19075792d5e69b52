#!/bin/bash
# A list of Brightpearl that is not what was asked for is an outage that the next run mends at once; one record that cannot be read is named, and the others go on.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
product 1 MUG
put_order "[$(order 1 a@x.example "$(line MUG 9 1.00)"),$(order 2 b@x.example "$(line MUG 9 1.00)")]"
run_store 0

say "statuses, channels, tax codes, the account's configuration: 75, and read again by the next run"
for path in /order-service/order-status /product-service/channel /accounting-service/tax-code /integration-service/account-configuration; do
	for body in '{"errors":[{"code":"CMNC-999","message":"no"}]}' '{"status":500,"title":"down"}' '{"response":[]}' '{"response":[{"x":1}]}' '{"response":{"configuration":{}}}'; do
		later $((25 * 60))
		fault api=brightpearl "path=$path" kind=answer_json arg="$body"
		run_store 75
		expect_has "$path" "$told" "it said: ${body:0:20}"
		run_store 0
	done
done
say "a list that is refused: what may not be read is 77, what is not there 78, another refusal 75"
for refusal in 403:77 404:78 400:75; do
	later $((25 * 60))
	fault api=brightpearl path=/accounting-service/tax-code kind=status_before arg="${refusal%:*}"
	run_store "${refusal#*:}"
	run_store 0
done

say "one note of two cannot be read: the other is shipped, the one is named and asked for again"
ship_note 1 MUG=1 T1
one=$note
ship_note 2 MUG=1 T2
two=$note
part() { sql_sandbox "SELECT json_object('orderId', o.id, 'warehouseId', 2, 'transfer', json('false'), 'status', json_object('shipped', json('true'),
	'shippedOn', '$(date -u -d "@$(($(sql_sandbox "SELECT shipped_on FROM bp_goods_out WHERE id = $one")))" +%FT%TZ)'),
	'shipping', json_object('reference', 'T1', 'shippingMethodId', 1), 'orderRows', json_object('' || r.id, json_array(json_object('productId', 1001, 'quantity', 1))))
	FROM bp_order o JOIN bp_order_row r ON r.order_id = o.id AND r.product_id = 1001 WHERE o.external_ref = 'BC-1'"; }
bad="\"$two\":{\"orderId\":$(of_order 2 id),\"orderRows\":\"?\"}"
fault api=brightpearl 'path=/warehouse-service/order/*/goods-note/goods-out/*' kind=answer_json arg="{\"response\":{\"$one\":$(part),$bad}}"
fault api=brightpearl 'path=/warehouse-service/order/*/goods-note/goods-out/*' nth=2 kind=answer_json arg="{\"response\":{$bad}}"
run_store 65
expect_eq "shipments" "$(shipments)" "1|MUG=1|T1|Standard"
expect_has rejects "$(rejects)" "shipment:GON$two unreadable"
run_store 0
expect_eq "shipments" "$(shipments)" "1|MUG=1|T1|Standard
2|MUG=1|T2|Standard"
expect_eq rejects "$(rejects)" ""

say "a sales order of two that is left out, or is another's: asked for once more, never gone by one answer"
for odd in '[]' '[{"id":999999,"orderRows":{}}]' '{"errors":[{"code":"X","message":"no"}]}' '{"status":500}'; do
	merchant sql "UPDATE bp_order SET updated_on = server_time() / 1000, version = version + 1"
	later 2
	body=$odd code=75
	[ "${odd:0:1}" = '{' ] || body="{\"response\":$odd}"
	[ "$odd" != '[]' ] || code=0
	fault api=brightpearl method=GET 'path=/order-service/order/*' kind=answer_json arg="$body"
	run_store $code
	expect_eq "gone after $odd" "$(sql_store "SELECT sum(gone) FROM stg_bp_sale")" 0
	run_store 0
done
