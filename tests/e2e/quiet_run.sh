#!/bin/bash
# Every job on: a run over two accounts in which nothing changed costs a fixed handful of requests and writes nothing.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting payments.enabled yes fulfillment.enabled yes inventory.enabled yes notes.to_brightpearl.enabled yes notes.to_bigcommerce.enabled yes \
	statuses.to_brightpearl.enabled yes statuses.to_bigcommerce.enabled yes notes.customer_field PCF_CUSTNOTE notes.staff_field PCF_STAFFNOTE \
	payments.refunds credit
for i in $(seq 1 130); do product "$i" "SKU-$i"; done
sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) SELECT id, 2, 50 FROM bp_product WHERE id > 1000"
list=''
for n in $(seq 1 40); do
	list+=",$(order "$n" "u$((n % 12))@x.example" "$(line "SKU-$n" 2 10.00)" "\"staff_notes\":\"call $n\"")"
done
put_order "[${list:1}]"
run_store 0
later 30
run_store 0
for _ in 1 2; do
	later 60
	mark
	run_store 0
	expect_eq "writes" "$(count_writes)" 0
done
asked=$(requests)
[ "$asked" -le $((20 + 2)) ] || bad "a quiet run asked $asked times:
$(sql_sandbox "SELECT method, substr(path, 1, 100), count(*) FROM request WHERE id > $mark GROUP BY 1, 2")" 0
