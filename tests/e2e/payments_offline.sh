#!/bin/bash
# Offline payments by paid_at, split tenders with store credit and certificates; transactions answered in every way.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
mug=$(line MUG 1 10.00)
run_case() { # NO_TRANSACTIONS CREDIT_LISTED
	say "no transactions: $1, credit listed: $2"
	switch bc_no_transactions "$1" bc_credit_listed "$2"
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bc_order_address; DELETE FROM bc_transaction; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_payment"
	make_store "$1-$2"
	setting payments.enabled yes
	sed -i '/^store_credit/d; /^gift_certificate/d' "$store/mappings/payments.csv"
	mapping payments.csv 'store_credit,*,*,yes,,CREDIT,'
	mapping payments.csv 'gift_certificate,*,*,yes,,GIFT,'
	mapping payments.csv 'Cash on Delivery,*,*,yes,,CASH,'
	put_order "[$(order 1 a@x.example "$mug" '"paid":false,"payment_method":"Bank Deposit"'),
		$(order 2 a@x.example "$mug" '"paid":false,"payment_method":"Cash on Delivery"'),
		$(order 3 a@x.example "$mug" '"store_credit":"4.00"'),
		$(order 4 a@x.example "$mug" '"store_credit":"3.00","gift_certificate":"7.00","payment_method":"Store Credit"'),
		$(order 5 a@x.example "$mug" '"paid":false,"gift_certificate":"2.50","payment_method":"Bank Deposit","status_id":7'),
		$(order 6 a@x.example "$mug" '"paid":false,"payment_status":"captured"'),
		$(order 7 a@x.example "$mug" '"paid":false,"payment_method":"Bank Deposit","payment_status":"captured","transactions":[{"event":"purchase","method":"offline","gateway":"bankdeposit"}]')]"
	sed -i 's/^BigCommerce,Awaiting Payment,no/BigCommerce,Awaiting Payment,yes/' "$store/mappings/statuses.csv"
	mark
	run_store 0
	expect_eq "bank deposit, counts as paid" "$(payments 1)" "BC-1-O|RECEIPT|BANK|10.00"
	expect_eq "cash, never counts as paid" "$(payments 2)" ""
	expect_eq "store credit and card" "$(sql_sandbox "SELECT method, amount_paid FROM bp_payment WHERE transaction_ref LIKE 'BC-3-%' ORDER BY 1")" "CARD|60000
CREDIT|40000"
	expect_eq "store credit and certificate only" "$(payments 4)" "BC-4-C|RECEIPT|CREDIT|3.00
BC-4-G|RECEIPT|GIFT|7.00"
	expect_eq "awaiting the rest" "$(payments 5)" "BC-5-G|RECEIPT|GIFT|2.50"
	expect_eq "paid, but nothing is listed yet: asked for again" "$(payments 6)$(sql_store "SELECT reason FROM skip WHERE key = 'payment:6:O'")" "its transactions are not listed yet: they are asked for again"
	expect_eq "an offline transaction" "$(payments 7)" "BC-7-O|RECEIPT|BANK|10.00"
	expect_eq "transactions asked for" "$(sql_sandbox "SELECT group_concat(path) FROM (SELECT path FROM request WHERE id > $mark AND path LIKE '%/transactions' ORDER BY 1)")" \
		"/v3/orders/3/transactions,/v3/orders/4/transactions,/v3/orders/6/transactions,/v3/orders/7/transactions"
	put_order "$(order 5 a@x.example "$mug" '"paid":false,"gift_certificate":"2.50","payment_method":"Bank Deposit"')"
	sql_sandbox "UPDATE bc_order SET status_id = 11 WHERE id = 5"
	switch bc_credit_listed yes
	run_store 0
	expect_eq "the rest is paid" "$(payments 5)" "BC-5-G|RECEIPT|GIFT|2.50
BC-5-O|RECEIPT|BANK|7.50"
	mark
	run_store 0
	expect_eq "writes of a second run" "$(count_writes)" 0
	later 3000
	run_store 65
	expect_eq "two days later: told" "$(payments 6)$(rejects)" "payment:6:O paid_unlisted"
	expect_eq "the line where it is paid elsewhere" "$(sql_store "SELECT csv_line FROM reject WHERE closed_at IS NULL")" \
		"mappings/payments.csv: credit card,*,GBP,yes,Awaiting Fulfillment|Awaiting Shipment|Awaiting Pickup|Partially Shipped|Shipped|Completed,CARD,,none,"
	put_order "$(order 8 a@x.example "$mug" '"paid":false,"payment_method":"Cheque at the door","status_id":10')"
	run_store 65
	expect_eq "delivered, and nothing says when it counts as paid" "$(rejects)" "payment:6:O paid_unlisted
payment:8:O no_payment_line"
	sql_sandbox "INSERT INTO bc_transaction SELECT 61, 6, json_set(body, '$.id', 61, '$.order_id', '6', '$.amount', 10, '$.method', 'credit_card', '$.gateway', 'authorizenet') FROM bc_transaction LIMIT 1"
	later 1500
	run_store 0
	expect_eq "what was listed late" "$(payments 6)" "BC-6-T61|RECEIPT|CARD|10.00"
	expect_eq "rejects" "$(rejects)" "payment:8:O no_payment_line"
}
run_case 200 yes
run_case 204 no
run_case 404 no

say "the payment service is out of order: that order waits, the others go on"
put_order "[$(order 21 a@x.example "$mug"), $(order 22 a@x.example "$mug")]"
switch bc_payment_service 21
run_store 75
expect_eq "21" "$(payments 21)" ""
expect_eq "22" "$(sql_sandbox "SELECT count(*) FROM bp_payment WHERE transaction_ref LIKE 'BC-22-T%'")" 1
switch bc_payment_service up
run_store 0
expect_eq "21" "$(sql_sandbox "SELECT count(*) FROM bp_payment WHERE transaction_ref LIKE 'BC-21-T%'")" 1
say "paid offline, and then a transaction appears: told, not paid a second time"
put_order "$(order 23 a@x.example "$mug" '"paid":false,"payment_method":"Bank Deposit"')"
run_store 0
put_order "$(order 23 a@x.example "$mug" '"payment_method":"Bank Deposit","paid":{"id":231}')"
run_store 65
expect_eq "23" "$(payments 23)" "BC-23-O|RECEIPT|BANK|10.00"
expect_eq rejects "$(rejects)" "payment:8:O no_payment_line
payment:23:231 overpaid"
