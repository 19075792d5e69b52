#!/bin/bash
# What was found there is never told as sent: the summary, explain, the books and --json tell created, already there and changed apart, in every job.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
notes_on
setting payments.enabled yes fulfillment.enabled yes inventory.enabled yes
sed -i 's/^Main Warehouse,.*/Main Warehouse,1,yes,0,,/' "$store/mappings/warehouses.csv"
product 1 MUG
sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1001, 2, 50)" 2>/dev/null || true
contact 501 ann@x.example
two='"shipping":[{"street_1":"1 A St","city":"Leeds","zip":"LS1","country":"United Kingdom","country_iso2":"GB"},{"street_1":"2 B St","city":"York","zip":"YO1","country":"United Kingdom","country_iso2":"GB"}]'
put_order "[$(order 1 ann@x.example "$(line MUG 1 10.00 '"address":0'), $(line MUG 2 10.00 '"address":1')" "$two,\"paid\":{\"id\":71}"), $(order 2 bea@x.example "$(line MUG 1 10.00)" '"paid":{"id":72},"customer_message":"please wrap"')]"
job() { grep "^  $1 " <<<"$said"; } # NAME: its line of the summary
came() { sql_store "SELECT group_concat(how || ' ' || n, ', ') FROM (SELECT coalesce(how, '-') AS how, count(*) AS n FROM $1 WHERE state = 'done' GROUP BY 1 ORDER BY 1)"; } # TABLE

say "made by us"
run_store 0
expect_has "orders" "$(job orders)" "2 to bring over; 2 sent"
expect_has "order notes" "$(job orders)" "order notes: 1 sent"
expect_has "payments" "$(job payments)" "2 sent"
expect_eq "rows" "$(came out_order)|$(came out_payment)|$(came out_order_note)" "created 2|created 2|created 1"
ship_note 2 "" TRACK2
run_store 0
expect_has "shipments" "$(job fulfillment)" "1 sent"
run_store 0 explain order 2
expect_has explain "$said" "order:2: done as $(of_order 2 id), created"

say "a changed order, a changed note: changed, not sent"
setting orders.edits update
put_order "$(order 1 ann@x.example "$(line MUG 1 10.00 '"address":0'), $(line MUG 2 10.00 '"address":1')" "${two/1 A St/9 A St},\"paid\":{\"id\":71}")"
run_store 0
expect_has "orders" "$(job orders)" "1 changed"
expect_no "orders" "$(job orders)" "sent"
expect_eq "rows" "$(came out_order)" "changed 1, created 1"

say "the database is lost: all of it was already there, none of it is sent"
rm -rf "$store/data"
mark
run_store 0
expect_eq "writes to orders, payments, shipments" "$(requests "method = 'POST' AND (path LIKE '%/sales-order%' OR path LIKE '%customer-payment%' OR path LIKE '%/shipments')")" 0
expect_has "orders" "$(job orders)" "2 already there"
expect_no "orders" "$(job orders)" "2 sent"
expect_has "order notes" "$(job orders)" "order notes: 1 already there"
expect_has "payments" "$(job payments)" "2 already there"
expect_no "payments" "$(job payments)" "sent"
expect_eq "rows" "$(came out_order)|$(came out_payment)|$(came out_order_note)" "found 2|found 2|found 1"
expect_eq "books" "$(sql_store "SELECT done, already_there FROM stage WHERE name = 'payments.load' ORDER BY run_id DESC LIMIT 1")" "2|2"
run_store 0 explain order 2
expect_has explain "$said" "order:2: done as $(of_order 2 id), was already there"
expect_has explain "$said" "payment:2:72: done"
rm -rf "$store/data"
run_store 0 --json
expect_eq "as JSON" "$(sqlite3 :memory: "SELECT s.value ->> 'done', s.value ->> 'created', s.value ->> 'already_there', s.value ->> 'changed_there'
	FROM json_each(readfile('$work/said'), '\$.stages') s WHERE s.value ->> 'name' = 'payments.load'")" "2|0|2|0"
