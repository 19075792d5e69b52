#!/bin/bash
# ignore, retry, settle, link and explain: what a person decides counts, is shown, and can be taken back.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
contact 501 kay@x.example
mug=$(line MUG 1 10.00)
state() { sql_store "SELECT state FROM out_order WHERE order_id = $1"; }
sale() { # REF TOTAL [TYPE]: made by somebody else; its id
	sql_sandbox "INSERT INTO bp_order (ref, contact_id, channel_id, total, total_net, order_type) VALUES ('$1', 501, 2, $2, $2, '${3:-SO}') RETURNING id"
}

say "usage: what is missing or wrong is told, with 64, and nothing is changed"
put_order "[$(order 1 a@x.example "$mug"), $(order 2 b@x.example "$(line ODD 1 10.00 '"product_id":77')"),
	$(order 3 kay@x.example "$mug"), $(order 4 kay@x.example "$mug")]"
setting orders.enabled plan customers.enabled plan
run_store 65
for misuse in "ignore" "ignore order:2" "ignore order:99 --why x" "settle order:1" "settle order:1 --as 7" "settle order:1 --as x" \
	"settle order:1 --absent" "link order 1" "link order 1 x" "link contact a@x.example 501" "retry order:1" "explain" "explain contact 1" "explain order x"; do
	# shellcheck disable=SC2086
	run_store 64 $misuse
	expect_has "what '$misuse' is told" "$told" "pearlbridge: "
done
run_store 64 link order 1 424242
expect_has "a sales order that is not there" "$told" "no order 424242"
run_store 64 link order 1 "$(sale x 100000 PO)"
expect_has "an order of another type" "$told" "no sales order"
run_store 64 link order 99 "$(sale x 100000)"
expect_has "an order that is not there" "$told" "BigCommerce has no order 99"
run_store 64 link customer a@x.example 4242
expect_has "a contact that is not there" "$told" "no contact 4242"
expect_eq "nothing was decided" "$(sql_store "SELECT count(*) FROM decision")" 0

say "link: the order is not sent, a different total needs --force, both can be linked once"
other=$(sale '#1' 110000)
run_store 64 link order 1 "$other"
expect_has "a different total" "$told" "11.00"
run_store 0 link order 1 "$other" --force
run_store 64 link order 3 "$other"
expect_has "linked to another" "$told" "linked to order 1"
run_store 64 link order 1 "$(sale x 100000)"
run_store 0 link customer b@x.example 501
setting orders.enabled yes customers.enabled yes
run_store 0
expect_eq "orders there that are ours" "$(orders_there)" "BC-3 BC-4"
expect_eq "who is who" "$(sql_store "SELECT order_id, how FROM link_order ORDER BY 1; SELECT email, contact_id, how FROM link_customer ORDER BY 1")" "1|linked
3|created
4|created
b@x.example|501|linked
kay@x.example|501|found"

say "ignore: a rejected order without a row, a refused one, one that waits; the reason is shown, the reject closed"
fault api=brightpearl method=POST 'path=/order-service/sales-order*' kind=answer_json 'arg={"errors":[{"code":"ORDC-026","message":"no"}]}' times=0
put_order "$(order 5 c@x.example "$mug")"
setting orders.enabled plan customers.enabled plan
run_store 0
run_store 0 ignore order:2 --why 'entered by hand'
run_store 0 --json ignore order:5 --why "test, \"quoted\""
expect_eq "as JSON" "$(sqlite3 :memory: "SELECT value ->> '$.key', value ->> '$.what' FROM (SELECT readfile('$work/said') AS value)")" "order:5|ignored"
setting orders.enabled yes customers.enabled yes
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "what is skipped" "$(sql_store "SELECT key, reason FROM skip WHERE job = 'orders' ORDER BY 1")" "order:2|ignored by hand: entered by hand
order:5|ignored by hand: test, \"quoted\""
expect_has "the summary" "$said" "ignored by hand: entered by hand"
expect_eq "no contact is made for it" "$(sql_sandbox "SELECT count(*) FROM bp_contact WHERE email = 'c@x.example'")" 0
mapping sku_keys.csv 'ODD,MUG,'
run_store 0
expect_eq "still ignored once it could be sent" "$(orders_there)" "BC-3 BC-4"
run_store 0 explain order 2
expect_has explain "$said" "ignored by hand on"
expect_has explain "$said" "$run retry order:2 takes it up again"

say "retry takes it back"
run_store 0 retry order:2
run_store 0 retry order:5
run_store 64 retry order:5
run_store 0
expect_eq "orders there" "$(orders_there)" "BC-2 BC-3 BC-4 BC-5"

say "settle: an order in doubt is adopted under an id, or sent again"
switch bp_instance_id 0 bp_search_lag_ms 100000000
fault api=brightpearl method=POST 'path=/order-service/sales-order*' kind=drop_after times=1
put_order "$(order 6 kay@x.example "$mug")"
run_store 75
expect_eq "in doubt" "$(state 6)" claimed
run_store 64 ignore order:6 --why x
run_store 64 link order 6 "$(sale x 100000)"
run_store 64 settle order:6 --as 4242
run_store 0 explain order:6
expect_has explain "$said" "order:6: in doubt"
run_store 0 settle order:6 --as "$(of_order 6 id)"
expect_eq "how it is linked" "$(sql_store "SELECT how FROM link_order WHERE order_id = 6")" settled
fault api=brightpearl method=POST 'path=/order-service/sales-order*' kind=drop_before times=1
put_order "$(order 7 kay@x.example "$mug")"
run_store 75
run_store 0 settle order:7 --absent --why 'looked: nothing'
mark
run_store 0
expect_eq "orders there" "$(orders_there)" "BC-2 BC-3 BC-4 BC-5 BC-6 BC-7"
run_store 0 explain order 7
expect_has explain "$said" "settled by hand"
expect_has explain "$said" "POST /order-service/sales-order/"
expect_has explain "$said" "nothing until it changes"
run_store 0 explain customer C@x.example
expect_has "explain of a customer" "$said" "order 5"
run_store 0 --json explain order 7
expect_eq "lines that are not JSON" "$(while read -r l; do sqlite3 :memory: "SELECT '$l' WHERE NOT json_valid('$l')"; done <<<"${said//\'/}")" ""
mark
run_store 0
expect_eq "writes of a run without news" "$(count_writes)" 0
