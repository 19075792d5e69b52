#!/bin/bash
# An answer about shipments, notes or sales orders that cannot be read is an outage: never "none", never "gone"; a note that the search lists is asked for again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
product 1 MUG
put_order "[$(order 1 a@x.example "$(line MUG 9 1.00)"),$(order 2 b@x.example "$(line MUG 9 1.00)"),$(order 3 c@x.example "$(line MUG 9 1.00)")]"
run_store 0
notes='path=/warehouse-service/order/*/goods-note/goods-out/*'
gone_notes() { sql_store "SELECT count(*) FROM stg_bp_goods_out_note WHERE gone"; }

say "a shipment in doubt: no odd answer about its order's shipments says that it is not there"
later 5
ship_note 1 MUG=1 T1
fault api=bigcommerce method=POST 'path=/v2/orders/1/shipments*' kind=drop_after
for odd in 'answer_json:{}' 'answer_json:{"data":[]}' 'answer_json:null' 'answer_json:[null]' 'answer_json:[{"id":"x"}]' \
	'answer_json:[{"id":1,"items":null}]' status_after:404; do
	fault api=bigcommerce method=GET 'path=/v2/orders/1/shipments*' kind="${odd%%:*}" arg="${odd#*:}" times=-1
	run_store 75
	later 20
	sql_sandbox "DELETE FROM fault WHERE method = 'GET'"
done
expect_eq "state, times looked up" "$(sql_store "SELECT state, look_ups FROM out_shipment")" "claimed|0"
expect_has "why" "$told" "reading the shipments of order 1"
run_store 0
expect_eq "shipments" "$(shipments)" "1|MUG=1|T1|Standard"

say "a 404 where 204 is documented, of an order of which nothing is shipped: it has none"
put_order "$(order 9 i@x.example "$(line MUG 1 10.00)")"
run_store 0
ship_note 9 MUG=1 T9
fault api=bigcommerce method=POST 'path=/v2/orders/9/shipments*' kind=drop_before
fault api=bigcommerce method=GET 'path=/v2/orders/9/shipments*' kind=status_before arg=404 times=-1
run_store 75
later 20
run_store 0
expect_eq "state" "$(sql_store "SELECT state FROM out_shipment WHERE order_id = 9")" "done"
expect_eq "shipments" "$(shipments | grep '^9')" "9|MUG=1|T9|Standard"
sql_sandbox "DELETE FROM fault"

say "the order is not there either: the doubt ends as a reject when that is certain, and the others go on"
ship_note 2 MUG=1 T2
two=$note
fault api=bigcommerce method=POST 'path=/v2/orders/2/shipments*' kind=drop_after
fault api=bigcommerce method=GET 'path=/v2/orders/2/shipments*' kind=status_after arg=404 times=-1
fault api=bigcommerce method=GET 'path=/v2/orders/2' kind=status_after arg=404 times=-1
run_store 75
later 20
ship_note 3 MUG=1 T3
run_store 65
expect_has "told" "$told" "order 2 is not in BigCommerce any more: its shipments cannot be read"
two_key=$(sql_store "SELECT 'shipment:' || key FROM out_shipment WHERE note_id = $two")
expect_eq "rejects" "$(rejects)" "$two_key order_gone"
expect_has "what it says" "$told" "order 2 is no longer in BigCommerce: whether the shipment of note $two was made there cannot be told"
run_store 0
expect_eq "in doubt" "$(sql_store "SELECT count(*) FROM out_shipment WHERE state = 'claimed'")" 0
later 5
say "it comes back: the shipment is looked for before one is sent"
sql_sandbox "DELETE FROM fault"
run_store 0 retry "$two_key"
run_store 0
expect_eq "shipments" "$(shipments)" "1|MUG=1|T1|Standard
2|MUG=1|T2|Standard
3|MUG=1|T3|Standard
9|MUG=1|T9|Standard"

say "a new note that cannot be read, or that a whole answer leaves out: asked again, sent once"
n=10
for odd in '{"response":null}' '{}' '{"response":{"NOTE":null}}' '{"response":{"NOTE":{"orderId":1,"orderRows":null}}}' \
	'{"response":{"NOTE":{"orderId":1,"orderRows":{"1":7}}}}' '{"response":[{"orderId":1,"orderRows":{}}]}'; do
	ship_note 1 MUG=1 T$((++n))
	fault api=brightpearl "$notes" kind=answer_json arg="${odd/NOTE/$note}"
	case $odd in # the answer as a whole, or the one note that it names
	*NOTE*) run_store 65 && expect_has "it is named" "$(rejects)" "shipment:GON$note unreadable" ;;
	*) run_store 75 && expect_has "what was seen is quoted" "$told" "$odd" ;;
	esac
	expect_eq "gone after $odd" "$(gone_notes)" 0
	run_store 0
	expect_eq "rejects" "$(rejects)" ""
	expect_eq "shipments with that number" "$(shipments | grep -c "T$n|")" 1
done
ship_note 3 MUG=1 T20
fault api=brightpearl "$notes" kind=answer_json arg='{"response":{}}' times=2
run_store 65
expect_has "left out: told" "$(rejects)" "shipment:GON$note not_read"
run_store
expect_eq "asked again" "$(fired)|$(gone_notes)" "8|0"
run_store 0
expect_eq "shipment, rejects" "$(shipments | grep -c 'T20|')|$(rejects)" "1|"

say "a note once taken for gone is not, as long as the search lists it"
sql_store "UPDATE stg_bp_goods_out_note SET gone = 1 WHERE id = $note"
later $((25 * 60))
run_store 0
expect_eq gone "$(gone_notes)" 0

say "a sales order that cannot be read is not gone"
sql_sandbox "DELETE FROM fault"
for odd in '[null]' '[7]' '[{"id":ID,"orderRows":null}]' '[{"id":ID,"orderRows":{"1":null}}]'; do
	bp_touch 1
	later 2
	fault api=brightpearl method=GET 'path=/order-service/order/*' kind=answer_json \
		arg="{\"response\":${odd/ID/$(sql_sandbox "SELECT id FROM bp_order WHERE external_ref = 'BC-1'")}}"
	case $odd in # an answer without an id, or the one order that it names
	*ID*) run_store 65 && expect_eq rejects "$(rejects)" "sales_order:$(bp_id 1) unreadable" ;;
	*) run_store 75 ;;
	esac
	expect_eq "gone, rows of it after $odd" "$(sql_store "SELECT sum(gone), (SELECT count(*) > 0 FROM stg_bp_sale_row r JOIN link_order k
		ON k.sales_order_id = r.sale_id WHERE k.order_id = 1) FROM stg_bp_sale")" "0|1"
	run_store 0
	expect_eq "rejects" "$(rejects)" ""
done
