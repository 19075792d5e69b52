#!/bin/bash
# Payments of new orders: by card, by several transactions, offline; each once, the right way round, in few requests.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes
product 1 MUG
mug=$(line MUG 1 10.00)
list=''
for i in $(seq 40); do list+=",$(order $i "u$i@x.example" "$mug")"; done
put_order "[${list:1}]"
mark
run_store 0
expect_eq "payments" "$(sql_sandbox "SELECT count(*), count(DISTINCT transaction_ref), sum(amount_paid) FROM bp_payment")" "40|40|4000000"
expect_eq "one of them" "$(payments 1)" "BC-1-T40001|RECEIPT|CARD|10.00"
expect_eq "its date, currency and rate" "$(sql_sandbox "SELECT datetime(payment_date, 'unixepoch'), currency, exchange_rate FROM bp_payment WHERE transaction_ref = 'BC-1-T40001'")" "2026-02-03 10:00:00|GBP|1000000"
expect_eq "orders are paid" "$(sql_sandbox "SELECT payment_status, count(*) FROM bp_order GROUP BY 1")" "PAID|40"
expect_eq "requests for 40 payments" "$(requests "path LIKE '/accounting-service/customer-payment%'") $(requests "path = '/multi-message' AND body LIKE '%customer-payment%'")" "0 4"
expect_eq "transactions were asked for once an order" "$(requests "path LIKE '%/transactions'")" 40
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
expect_eq "transactions asked for again" "$(requests "path LIKE '%/transactions'")" 0
say "what follows a payment that was made is looked for by an index, not in all payments there ever were"
expect_has "the plan" "$(sql_store "EXPLAIN QUERY PLAN UPDATE out_payment SET body = '' WHERE after = 'BC-1.R1' AND state = 'pending'")" out_payment_after
