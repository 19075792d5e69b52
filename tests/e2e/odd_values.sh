#!/bin/bash
# A value of Brightpearl's records that is of no known kind is not guessed: the record is named and asked for again; true and false count as what they say, as text and as a number too.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
product 1 MUG
put_order "[$(order 1 a@x.example "$(line MUG 9 1.00)"),$(order 2 b@x.example "$(line MUG 9 1.00)")]"
run_store 0
sale=$(bp_id 1)
row=$(sql_sandbox "SELECT min(id) FROM bp_order_row WHERE order_id = $sale AND product_id = 1001")

say "a sales order of an unknown type, or with a flag of an unknown kind: it is named, and read again"
of_sale() { # TYPE FLAG: the order as answered
	echo '{"response":[{"id":'"$sale"',"orderTypeCode":'"$1"',"orderRows":{"'"$row"'":{"productId":1001,"externalRef":"BC-1:1","quantity":{"magnitude":"9"},"composition":{"bundleParent":'"$2"',"bundleChild":false}}}}]}'
}
for odd in '"XX" false' 'null false' '"SO" "perhaps"' '"SO" {}'; do
	read -r type flag <<<"$odd"
	bp_touch 1
	later 2
	fault api=brightpearl method=GET "path=/order-service/order/$sale" kind=answer_json arg="$(of_sale "$type" "$flag")"
	run_store 65
	expect_eq "rejects after $odd" "$(rejects)" "sales_order:$sale unreadable"
	run_store 0
	expect_eq "rejects" "$(rejects)" ""
done
for odd in '"true" 1' '"False" 0' '1 1' '"0" 0'; do
	read -r flag read <<<"$odd"
	bp_touch 1
	later 2
	fault api=brightpearl method=GET "path=/order-service/order/$sale" kind=answer_json arg="$(of_sale '"SO"' "$flag")"
	run_store
	expect_eq "a bundle, told by $flag" "$(sql_store "SELECT bundle_parent FROM stg_bp_sale_row WHERE sale_id = $sale AND id = $row")" "$read"
	bp_touch 1
	later 2
	run_store 0
done

say "a note that tells in an unknown way whether it is shipped, or a row without a quantity: named, sent once it can be read"
ship_note 1 MUG=1 T0
run_store 0
n=0
for odd in '2 1' '"perhaps" 1' '"" 1' 'true 0' 'true -1' 'true null' 'true "x"'; do
	read -r shipped pieces <<<"$odd"
	ship_note 1 MUG=1 "T$((++n))"
	fault api=brightpearl 'path=/warehouse-service/order/*/goods-note/goods-out/*' kind=answer_json \
		arg='{"response":{"'"$note"'":{"orderId":'"$sale"',"status":{"shipped":'"$shipped"'},"orderRows":{"'"$row"'":[{"productId":1001,"quantity":1},{"productId":1001,"quantity":'"$pieces"'}]}}}}'
	run_store 65
	expect_has "rejects after $odd" "$(rejects)" "shipment:GON$note unreadable"
	expect_eq "shipments with that number" "$(shipments | grep -c "T$n|")" 0
	run_store 0
	expect_eq "rejects" "$(rejects)" ""
	expect_eq "shipments with that number" "$(shipments | grep -c "T$n|")" 1
done
say "shipped as text"
ship_note 2 MUG=1 T20
row=$(sql_sandbox "SELECT min(id) FROM bp_order_row WHERE order_id = $(bp_id 2) AND product_id = 1001")
fault api=brightpearl 'path=/warehouse-service/order/*/goods-note/goods-out/*' kind=answer_json \
	arg='{"response":{"'"$note"'":{"orderId":'"$(bp_id 2)"',"status":{"shipped":"True"},"shipping":{"reference":"T20"},"orderRows":{"'"$row"'":[{"productId":1001,"quantity":1}]}}}}'
run_store 0
expect_eq "sent" "$(shipments | grep -c '^2|MUG=1|T20')" 1
