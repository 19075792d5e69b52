#!/bin/bash
# Records of BigCommerce's lists: an id that cannot be read is told and read again, another order's are never taken, an order has lines; what is refused names the setting or permission.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment
product 1 MUG
mug=$(line MUG 1 10.00)
say "orders whose id cannot be read: told, the others go on; then they are taken like any other"
put_order "[$(order 1 a@x.example "$mug" '"raw":{"id":null}'),$(order 2 a@x.example "$mug"),$(order 3 a@x.example "$mug" '"raw":{"id":"three"}')]"
run_store 65
expect_eq "orders" "$(orders_there)" "BC-2"
expect_eq "rejects" "$(rejects | sed 's/unknown-[0-9a-f]* /unknown /')" "order:after-0:unknown unreadable_id
order:after-2:unknown unreadable_id"
later 300
mark
run_store 0
expect_eq "requests for orders, in a run in which nothing changed" "$(requests "path = '/v2/orders'")" 4
sql_sandbox "UPDATE bc_order SET body = json_remove(body, '$.id')"
run_store 0
expect_eq "orders, rejects" "$(orders_there)|$(rejects)" "BC-1 BC-2 BC-3|"
mark
run_store 0
expect_eq "requests for orders" "$(requests "path = '/v2/orders'")" 2

say "a transaction without an id, and a refund: told, until they have one"
put_order "$(order 4 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"id":41,"amount":6},{"id":42,"amount":4}]')"
sql_sandbox "UPDATE bc_transaction SET body = json_set(body, '$.id', 'x') WHERE id = 42"
run_store 65
expect_eq "payments, rejects" "$(payments 4)|$(rejects | grep -c '^payment:4:unknown-.* unreadable_id')" "BC-4-T41|RECEIPT|CARD|6.00|1"
sql_sandbox "UPDATE bc_transaction SET body = json_set(body, '$.id', 42) WHERE id = 42"
later 1500
run_store 0
expect_eq "payments, rejects" "$(payments 4 | wc -l)|$(rejects)" "2|"

say "what another order's list holds is never taken"
put_order "$(order 5 a@x.example "$mug" '"paid":{"id":51}')"
fault api=bigcommerce path=/v3/orders/5/transactions kind=answer_json arg='{"data":[{"id":77,"order_id":"1","event":"purchase","method":"credit_card","amount":10,"currency":"GBP","status":"ok","date_created":"2026-02-03T10:00:00+00:00"}]}'
run_store 75
expect_has "what is said" "$told" "a record of another order"
expect_eq "payments" "$(payments 5)" ""
run_store 0
expect_eq "payments" "$(payments 5)" "BC-5-T51|RECEIPT|CARD|10.00"

say "60 lines, and a list that says none: asked again, then it waits alone; no list but another order's lines"
many=$(for i in $(seq 60); do printf ',%s' "$(line MUG 1 "$i.00")"; done)
lines='path=/v2/orders/6/products*'
none=('kind=status_after arg=404' 'kind=answer_json arg=[]' 'kind=status_before arg=204')
put_order "[$(order 6 a@x.example "${many:1}"),$(order 7 a@x.example "$mug")]"
fault api=bigcommerce "$lines" kind=answer_json arg='[]' times=2
run_store 65
expect_has "the reject" "$(rejects)" "order:6 lines_not_read"
expect_eq "orders" "$(of_order 6 1)|$(of_order 7 1)" "|1"
expect_has "what is said" "$told" "lists no line of order 6, which holds goods"
for kind in "${none[@]}"; do
	sql_sandbox "DELETE FROM fault"
	# shellcheck disable=SC2086
	fault api=bigcommerce "$lines" $kind times=2
	run_store 0 # the reject was told
	expect_has "the reject after $kind" "$(rejects)" "order:6 lines_not_read"
	expect_eq "the order after $kind" "$(of_order 6 1)" ""
done
sql_sandbox "DELETE FROM fault"
fault api=bigcommerce "$lines" kind=answer_json arg='[{"id":1,"order_id":1,"quantity":60}]'
put_order "$(order 70 a@x.example "$mug")"
run_store 75
expect_has "what is said" "$told" "a record of another order"
expect_eq "orders: the others go on" "$(of_order 6 1)|$(of_order 70 1)" "|1"
expect_has "the reject" "$(rejects)" "order:6 lines_not_read"
fault api=bigcommerce "$lines" kind=answer_json arg='[]'
run_store 0
expect_eq "rows after one empty answer" "$(rows 6 | wc -l)" 60
expect_exact

say "a list that is refused: 78 and what to check, never a bug"
for refusal in 'path=/v2/orders arg=400 orders.start_date' 'path=/v3/orders/payment_actions/refunds arg=422 orders.start_date' 'path=/v2/order_statuses arg=404 BIGCOMMERCE_STORE_HASH'; do
	read -r path arg names <<<"$refusal"
	later 1500
	fault api=bigcommerce "$path" kind=status_before "$arg"
	run_store 78
	expect_has "what to check" "$told" "$names"
	run_store 0
done
