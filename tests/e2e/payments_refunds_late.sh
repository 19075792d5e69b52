#!/bin/bash
# Refunds that an order tells and BigCommerce does not list yet are asked for by the order's id until they add up; then one reject. Quiet runs and payments.refunds=off ask nothing.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment
product 1 MUG
mug=$(line MUG 1 10.00)
asked() { requests "path LIKE '%/payment_actions/refunds' AND query LIKE '%order_id:in=%'"; }
back() { printf '"refunds":[{"id":%d,"created":"2026-02-03T11:00:00Z","total_amount":%s,"total_tax":0,"items":[],"payments":[{"id":1,"provider_id":"authorizenet","amount":%s,"offline":false,"is_declined":%s}]}]' "$1" "$2" "$2" "${3:-false}"; }
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug"), $(order 3 a@x.example "$mug"), $(order 4 a@x.example "$mug"), $(order 5 a@x.example "$mug" '"paid":false,"payment_method":"Bank Deposit"')]"
run_store 0
switch bc_refunds_listed no
put_order "[$(order 1 a@x.example "$mug" "\"payment_status\":\"refunded\",\"status_id\":4,$(back 5 10)"), $(order 2 a@x.example "$mug" "\"payment_status\":\"partially refunded\",$(back 6 3)"),
	$(order 3 a@x.example "$mug" "\"refunded_amount\":\"4.00\",$(back 7 4 true)"), $(order 5 a@x.example "$mug" '"paid":false,"payment_method":"Bank Deposit","status_id":4')]"
mark
run_store 0
expect_eq "not listed" "$(payments 1 | grep -c PAYMENT) $(asked) $(sql_store "SELECT count(*) FROM skip WHERE reason LIKE 'not all of its refunds are listed yet%'")" "0 0 4"
later 1600 # the window of the list has passed them
mark
run_store 0
expect_eq "asked by their ids, in one request" "$(asked)" 1
switch bc_refunds_listed yes
run_store 0
later 100
run_store 0
expect_eq "listed late" "$(payments 1 | grep PAYMENT) $(payments 2 | grep PAYMENT)" "BC-1-R5|PAYMENT|CARD|10.00 BC-2-R6|PAYMENT|CARD|3.00"
expect_no "nothing of" "$(payments 3)" PAYMENT
later 3000
run_store 65
expect_eq "never listed, or declined: told" "$(rejects | grep payment)" "payment:3:back refunded_unlisted
payment:5:back refunded_unlisted"
expect_has "what" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:3:back'")" "BigCommerce says that 4.00 GBP of it were refunded (payment captured), but since"
expect_has "or all" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:5:back'")" "BigCommerce says that 10.00 GBP of it were refunded (status Refunded), but since"
later 1600
mark
run_store 0
expect_eq "once a day" "$(asked)" 1
mark
run_store 0
expect_eq "not in each run" "$(asked)" 0
run_store 0 retry payment:3:back
mark
run_store 0
expect_eq "at once by retry" "$(asked)" 1
sql_sandbox "UPDATE bc_refund SET body = json_set(body, '$.payments[0].is_declined', json('false')) WHERE id = 7"
run_store 0 retry payment:3:back
run_store 0
expect_eq "it went" "$(payments 3 | grep PAYMENT)" "BC-3-R7|PAYMENT|CARD|4.00"
run_store 0 ignore payment:5:back --why 'paid back by the bank, entered by hand'
later 1600
mark
run_store 0
expect_eq "ignored: asked no more" "$(asked) $(rejects | grep payment)" "0 "
say "order N asks for its refunds at once, whatever it says itself"
sql_sandbox "INSERT INTO bc_refund (id, order_id, created, body) SELECT 9, 4, created, json_set(body, '$.id', 9, '$.order_id', 4, '$.total_amount', 2, '$.payments[0].amount', 2) FROM bc_refund WHERE id = 6"
mark
run_store 0 order 4
expect_eq "order 4" "$(asked) $(payments 4 | grep PAYMENT)" "1 BC-4-R9|PAYMENT|CARD|2.00"
say "off: nothing is asked, nothing told"
make_store off
setting payments.enabled yes orders.reference Y- payments.refunds off
mark
run_store 0
later 3000
run_store 0
expect_eq "asked" "$(asked) $(rejects | grep ':back')" "0 "
