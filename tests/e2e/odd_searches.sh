#!/bin/bash
# What Brightpearl answers to a search is believed only when it is what was asked for: no odd answer makes a second contact, order or product, or hides one for long.
. "$(dirname "$0")/lib.sh"
start_sandbox
switch bp_instance_id 0 # a private app: nothing but the look-up keeps orders from being made twice
product 1 MUG
product 2 CUP
odd=('{"errors":[{"code":"CMNC-999","message":"no"}]}' '{"status":500,"title":"down"}' 'null' '[]' '{"response":{"results":[]}}'
	'{"response":{"metaData":{"columns":[],"resultsAvailable":0,"resultsReturned":0,"morePagesAvailable":false}}}'
	'{"response":{"results":[],"metaData":{"columns":[],"resultsAvailable":0,"resultsReturned":0,"morePagesAvailable":false}}}'
	'{"response":{"results":[],"metaData":{"columns":[COLUMNS],"resultsAvailable":1,"resultsReturned":1,"morePagesAvailable":false,"firstResult":1,"lastResult":1}}}'
	'{"response":{"results":[{"ID":900}],"metaData":{"columns":[COLUMNS],"resultsAvailable":1,"resultsReturned":1,"morePagesAvailable":false,"firstResult":1,"lastResult":1}}}'
	'{"response":{"results":[[900,"x"]],"metaData":{"columns":[{"name":"id"},{"name":"reference"}],"resultsAvailable":1,"resultsReturned":1,"morePagesAvailable":false,"firstResult":1,"lastResult":1}}}')
contact_columns='{"name":"contactId"},{"name":"primaryEmail"},{"name":"isSupplier"},{"name":"isStaff"},{"name":"isCustomer"},{"name":"createdOn"},{"name":"updatedOn"}'
order_columns=$(for c in orderId orderTypeId contactId orderStatusId customerRef externalRef departmentId parentOrderId createdOn updatedOn; do printf ',{"name":"%s"}' $c; done)

say "contacts: an e-mail that is there is never taken for a new one"
make_store
put_order "$(order 1 first@x.example "$(line MUG 1 10.00)")"
run_store 0
n=10
for body in "${odd[@]}"; do
	n=$((n + 1))
	contact $n "c$n@x.example"
	merchant sql "UPDATE bp_contact SET created_on = server_time() / 1000 WHERE id = $n"
	put_order "$(order $n "c$n@x.example" "$(line MUG 1 10.00)")"
	fault api=brightpearl 'path=/contact-service/contact-search*' kind=answer_json arg="${body/COLUMNS/$contact_columns}"
	run_store 75
	expect_has "what was seen is quoted" "$told" "it said: ${body:0:30}"
	later 1
done
run_store 0
expect_eq "contacts made" "$(sql_sandbox "SELECT count(*) FROM bp_contact WHERE email LIKE 'c%@x.example'")" ${#odd[@]}
expect_eq "orders of theirs" "$(sql_sandbox "SELECT count(*) FROM bp_order o JOIN bp_contact c ON c.id = o.contact_id WHERE c.id BETWEEN 11 AND $n")" ${#odd[@]}

say "orders by reference, the database lost: none is made twice"
before=$(orders_there)
for body in "${odd[@]}"; do
	rm -rf "$store/data"
	fault api=brightpearl 'path=/order-service/order-search*' kind=answer_json arg="${body/COLUMNS/${order_columns:1}}"
	run_store 75
done
run_store 0
expect_eq "orders" "$(orders_there)" "$before"
expect_eq "found" "$(sql_store "SELECT DISTINCT how FROM link_order")" found

say "an order in doubt: what cannot be read is not 'not there', however often it is looked up"
put_order "$(order 50 first@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST 'path=/order-service/sales-order/' kind=drop_after
run_store 0
sql_store "UPDATE out_order SET state = 'claimed', remote_id = NULL, looked_up_at = NULL, look_ups = 0 WHERE order_id = 50; DELETE FROM link_order WHERE order_id = 50"
for body in "${odd[@]:0:6}"; do
	later 20
	fault api=brightpearl 'path=/order-service/order-search*' nth=2 kind=answer_json arg="${body/COLUMNS/${order_columns:1}}"
	run_store 75
	sql_sandbox "DELETE FROM fault"
done
expect_eq "state, times looked up" "$(sql_store "SELECT state, look_ups FROM out_order WHERE order_id = 50")" "claimed|0"
run_store 0
expect_eq "order 50" "$(of_order 50 'count(*)')" 1

say "products: the second page answered with the first is no list of products, and the reading ends"
sql_sandbox "WITH RECURSIVE i(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM i WHERE n < 700)
	INSERT INTO bc_product (id, sku, name, price) SELECT n, 'P' || n, 'P' || n, 100000 FROM i;
	INSERT INTO bp_product (id, sku, name) SELECT 1000 + id, sku, name FROM bc_product WHERE id >= 10"
make_store pages
setting orders.missing_sku text_row
put_order "$(order 60 first@x.example "$(line P690 1 10.00)")"
mark
fault api=brightpearl 'path=/product-service/product-search*' nth=2 kind=first_page times=-1
run_store 75
expect_has "why" "$told" "it does not begin at result 501"
expect_eq "searched for products" "$(requests "path LIKE '%product-search'")" 2
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "the row of order 60" "$(rows 60 | cut -d '|' -f 1)" 1690

say "a row whose id cannot be read: the others are read, it is told, and asked for again"
make_store rows
put_order "$(order 61 first@x.example "$(line P10 1 10.00)")"
columns=$(for c in productId productName SKU barcode EAN UPC ISBN MPN stockTracked productStatus createdOn updatedOn; do printf ',{"name":"%s"}' $c; done)
fault api=brightpearl 'path=/product-service/product-search*' kind=answer_json arg='{"response":{"results":[[1010,"P10","P10",null,null,null,null,null,true,"LIVE","2026-01-01T00:00:00.000-06:00",null],
	["x","P11","P11",null,null,null,null,null,true,"LIVE","2026-01-01T00:00:00.000-06:00",null]],"metaData":{"columns":['"${columns:1}"'],"resultsAvailable":2,"resultsReturned":2,"morePagesAvailable":false,"firstResult":1,"lastResult":2}}}'
run_store 0
expect_has "told" "$told" "list:Brightpearl-products:createdOn rejected: 1 of the Brightpearl products that Brightpearl lists cannot be read"
expect_eq "the row of order 61" "$(rows 61 | cut -d '|' -f 1)" 1010
expect_eq "rejects, once it was read later in the run" "$(rejects)" ""

say "totals that are never what was read: given up after some times, the next run asks again"
make_store totals
fault api=brightpearl 'path=/product-service/product-search*' kind=answer_json times=-1 arg='{"response":{"results":[[1010,"P10","P10",null,null,null,null,null,true,"LIVE","2026-01-01T00:00:00.000-06:00",null]],
	"metaData":{"columns":['"${columns:1}"'],"resultsAvailable":9,"resultsReturned":1,"morePagesAvailable":false,"firstResult":1,"lastResult":1}}}'
run_store 75
expect_no "asked for ever" "$(fired)" "100"
sql_sandbox "DELETE FROM fault"
run_store 0
