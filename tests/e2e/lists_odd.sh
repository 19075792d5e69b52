#!/bin/bash
# A list of BigCommerce that is not what was asked for is an outage, quoted: never an empty list; the next run brings everything.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment inventory.enabled yes inventory.full_push_hours 1
product 1 MUG
mug=$(line MUG 1 10.00)
n=0
new_order() { n=$((n + 1)) && put_order "$(order $n a@x.example "$mug" '"paid":{"id":'$((n + 70))'}')"; }
new_order
sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1001, 2, 50)"
run_store 0
# Every answer to the path is BODY once: 75, quoted; the run after it is whole.
odd() { # PATH BODY [CODE AFTER]
	sql_sandbox "DELETE FROM fault"
	fault api=bigcommerce method=GET "path=$1" kind=answer_json arg="${2//\'/\'\'}"
	run_store 75
	expect_eq "it fired: $1 $2" "$(fired)" 1
	expect_has "what is said of $2" "$told" "is not what was asked for"
	expect_has "what is quoted" "$told" "it said: ${2:0:20}"
	sql_sandbox "DELETE FROM fault"
}
v2=(null true '[null]' '{}' '"no"' '{"status":503,"title":"down"}' '{"errors":["down"]}' '[{"status":503,"message":"down"}]' '[{"id":5,"name":"other"}]' '{"data":[],"meta":{}}')

say "orders: none is missing afterwards"
for body in "${v2[@]}"; do
	new_order
	odd /v2/orders "$body"
	run_store 0
	expect_eq "the order after $body" "$(of_order $n 1)" 1
done
say "records in another order, or twice; a page of more than were asked for"
page=$(sql_sandbox "SELECT json_object('id', 1, 'date_created', 'x', 'status_id', 11)")
big=$(sql_sandbox "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 150) SELECT json_group_array(json_object('id', 5000 + n, 'date_created', 'x', 'status_id', 11)) FROM i")
for body in "[${page/1/9},${page/1/8}]" "[${page/1/9},${page/1/9}]" "$big"; do
	new_order
	odd /v2/orders "$body"
	run_store 0
	expect_eq "the order, and what is staged, after ${body:0:50}" "$(of_order $n 1)|$(sql_store "SELECT max(id) FROM stg_bc_order")" "1|$n"
done

say "transactions: payments of other orders go on, theirs are booked by the next run"
sql_sandbox "DELETE FROM fault"
first=$((n + 1))
v3=(null true '[]' '[null]' '{}' '{"data":{}}' '{"data":[null]}' '{"status":503,"title":"down"}' '{"data":[],"status":500}' '{"errors":["down"]}'
	'{"data":[],"errors":["down"]}' '{"data":[{"id":5,"colour":"red"}]}' '{"data":[],"meta":{"pagination":{"count":3}}}'
	'{"data":[{"id":5,"order_id":"1","event":"purchase"}]}') # null says that there are none
for body in "${v3[@]}"; do
	new_order
	new_order
	fault api=bigcommerce "path=/v3/orders/$n/transactions" kind=answer_json arg="$body"
done
run_store 75
expect_eq "all were odd" "$(fired)" ${#v3[@]}
booked() { sql_sandbox "SELECT count(*) FROM bp_payment p JOIN bp_order o ON o.id = p.order_id WHERE CAST(substr(o.external_ref, 4) AS INTEGER) >= $first"; }
expect_eq "payments of the others" "$(booked)" ${#v3[@]}
expect_has "what is said" "$told" "reading the transactions of order $((first + 1)): the answer is not what was asked for"
run_store 0
expect_eq "payments" "$(booked)" $((2 * ${#v3[@]}))

say "refunds"
for body in null '{"data":null}' '{"data":[null]}' '{"status":503,"title":"down"}' '{"data":[{"id":5,"order_id":1}]}'; do
	new_order
	run_store 0
	put_order "$(order $n a@x.example "$mug" '"paid":{"id":'$((n + 70))'},"refunds":[{"id":'$n',"total_amount":1,"total_tax":0,"items":[],"payments":[{"id":1,"provider_id":"x","amount":1,"offline":false,"is_declined":false}]}]')"
	later 2
	odd /v3/orders/payment_actions/refunds "$body"
	run_store 0
	expect_eq "refund after $body" "$(payments $n | grep -c PAYMENT)" 1
done

say "products, variants, what the shop shows, names: what is known stays, and is read by the next run"
for path in /v3/catalog/products /v3/catalog/variants /v3/inventory/items /v3/channels; do
	for body in '{"errors":["down"]}' '{"data":[null]}'; do
		later 1500
		odd $path "$body"
		expect_eq "known after $path $body" "$(sql_store "SELECT count(*) FROM ref_bc_product")|$(sql_store "SELECT count(*) FROM ref_list WHERE system = 'bigcommerce' AND list = 'channel'")" "2|1"
		run_store 0
	done
done
shown() { sql_sandbox "SELECT onhand FROM bc_stock WHERE variant_id = 500001"; }
shown=$(shown)
sql_sandbox "UPDATE bp_stock SET in_stock = in_stock + 7"
later 1500
run_store 0
expect_eq "stock rose by" "$(($(shown) - shown))" 7
expect_eq rejects "$(rejects)" ""
