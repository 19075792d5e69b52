#!/bin/bash
# Every search of Brightpearl asks by filters and for columns that there are; the sandbox refuses others, so no typing error can pass.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
notes_on
setting payments.enabled yes payments.refunds credit fulfillment.enabled yes fulfillment.tracking_wait_hours 0 inventory.enabled yes customers.update all \
	statuses.to_brightpearl.enabled yes statuses.to_bigcommerce.enabled yes
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 0
put_order "$(order 1 a@x.example "$(line MUG 2 10.00)")"
ship_note 1 ""
fault api=brightpearl method=POST path='/order-service/order/*/note' kind=drop_after
run_store 75
run_store 65
run_store 0 doctor
ask_brightpearl() { # PATH AND QUERY: the status
	local status
	exec 5<>"/dev/tcp/127.0.0.1/${URL##*:}"
	printf 'GET /public-api/pearltest%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nbrightpearl-app-ref: pearltest_bridge\r\nbrightpearl-staff-token: bp-test-token\r\n\r\n' "$1" >&5
	read -r _ status _ <&5
	exec 5>&-
	echo "$status"
}
searches="api = 'brightpearl' AND path LIKE '%-search'"
expect_eq "searches that were refused" "$(sql_sandbox "SELECT path, query, status FROM request WHERE $searches AND status <> 200")" ""
expect_eq "searches" "$(sql_sandbox "SELECT DISTINCT path FROM request WHERE $searches ORDER BY 1")" "/accounting-service/currency-search
/accounting-service/customer-payment-search
/contact-service/contact-search
/order-service/order-note-search
/order-service/order-search
/product-service/product-search
/warehouse-service/goods-note/goods-out-search"
while read -r path; do
	expect_eq "$path with a filter, a column, an order that there is not" "$(ask_brightpearl "$path?colour=1") $(ask_brightpearl "$path?columns=colour") $(ask_brightpearl "$path?sort=colour.ASC")" "400 400 400"
	expect_eq "$path as it is asked" "$(ask_brightpearl "$path?$(sql_sandbox "SELECT query FROM request WHERE path = '$path' LIMIT 1")")" 200
done <<<"$(sql_sandbox "SELECT DISTINCT path FROM request WHERE $searches")"
