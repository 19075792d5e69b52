#!/bin/bash
# A captured payment that is not listed yet, or only in part, is asked for until it adds up: in the next run, then an hour, four and 24 hours later; whatever an empty list looks like; after payments.wait_hours one reject for each method, with the line that mends it.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
mug=$(line MUG 1 10.00)
asked() { requests "path LIKE '%/orders/${1:-%}/transactions'"; }
run_case() { # NO_TRANSACTIONS
	say "nothing is listed: $1"
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bc_order_address; DELETE FROM bc_transaction; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_payment"
	make_store "$1"
	setting payments.enabled yes
	switch bc_no_transactions "$1" bc_transactions_listed none
	put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"id":21,"amount":6},{"id":22,"amount":4}]'),
		$(order 3 a@x.example "$mug" '"paid":false,"payment_method":"Bank Deposit","payment_status":"captured"'), $(order 4 a@x.example "$(line MUG 1 0.00)" '"paid":false,"payment_status":"captured"')]"
	run_store 0
	expect_eq "nothing goes yet" "$(payments 1)$(payments 2)$(payments 4)" ""
	expect_eq "the bank's, by its status" "$(payments 3)" "BC-3-O|RECEIPT|BANK|10.00"
	switch bc_transactions_listed but_last
	mark
	run_store 0
	expect_eq "asked again by the next run, but not where nothing is missing" "$(asked 1) $(asked 2) $(asked 3) $(asked 4)" "1 1 0 0"
	expect_eq "one of two parts" "$(payments 1)$(payments 2)" "BC-2-T21|RECEIPT|CARD|6.00"
	expect_has "the other is waited for" "$(sql_store "SELECT reason FROM skip WHERE key = 'payment:2:rest'")" "not all of its transactions are listed yet"
	mark
	run_store 0
	expect_eq "not in each run" "$(asked)" 0
	later 70
	mark
	run_store 0
	expect_eq "after an hour" "$(asked)" 2
	switch bc_transactions_listed all
	later 120
	run_store 0
	expect_eq "not yet" "$(payments 1)" ""
	later 120
	run_store 0
	expect_eq "after four" "$(payments 1 | sed 's/T[0-9]*/T/') $(payments 2 | xargs)" "BC-1-T|RECEIPT|CARD|10.00 BC-2-T21|RECEIPT|CARD|6.00 BC-2-T22|RECEIPT|CARD|4.00"
	later 3000
	mark
	run_store 0
	expect_eq "then never again" "$(asked) $(rejects)" "0 "
}
run_case 200
run_case 204
run_case 404
run_case null

say "never listed: one reject for each method"
switch bc_transactions_listed none
by() { order "$1" a@x.example "$mug" "\"payment_method\":\"$2\"${3:+,$3}"; }
put_order "[$(by 11 Card), $(by 12 Card), $(by 13 Points), $(by 14 'Credit Card'), $(by 15 PayPal '"payment_status":"authorized"')]"
run_store 0
later 3000
run_store 65
expect_eq rejects "$(rejects | LC_ALL=C sort)" "payment:11:O paid_unlisted
payment:13:O paid_unlisted
payment:14:O paid_unlisted"
expect_has "whom it speaks of" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:11:O' AND closed_at IS NULL")" "BigCommerce says that its 10.00 GBP were paid (captured), but lists no transaction: no payment by card, gateway (none), was listed since"
expect_has "and all of them" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:11:O' AND closed_at IS NULL")" "; 2 wait for it: payment:11:O, payment:12:O"
line=$(sql_store "SELECT csv_line FROM reject WHERE key = 'payment:11:O' AND closed_at IS NULL")
expect_eq "the line" "$line" "mappings/payments.csv: card,*,*,yes,Awaiting Fulfillment|Awaiting Shipment|Awaiting Pickup|Partially Shipped|Shipped|Completed,CODE,,none,"
line=${line#*: }
mapping payments.csv "${line/CODE/CARD}"
run_store 0
expect_eq "mended" "$(payments 11) $(payments 12)" "BC-11-O|RECEIPT|CARD|10.00 BC-12-O|RECEIPT|CARD|10.00"
expect_eq "the others stay" "$(rejects | LC_ALL=C sort | xargs)" "payment:13:O paid_unlisted payment:14:O paid_unlisted"
later 1500
mark
run_store 0
expect_eq "asked once a day, and of 11 and 12 no more" "$(asked) $(asked 11) $(asked 12)" "3 0 0"

say "retry, order and backfill ask at once"
switch bc_transactions_listed all
mark
run_store 0
expect_eq "not by itself" "$(asked)" 0
run_store 0 retry payment:14:O
run_store 0
expect_eq "asked by retry" "$(asked) $(payments 14 | cut -d'|' -f 2-)" "1 RECEIPT|CARD|10.00"
mapping payments.csv 'Points,*,*,yes,,CARD,'
run_store 0 order 13
expect_eq "by order" "$(payments 13 | cut -d'|' -f 2-)" "RECEIPT|CARD|10.00"
switch bc_transactions_listed none
put_order "$(by 16 'Credit Card')"
run_store 0
run_store 0
switch bc_transactions_listed all
run_store 0 backfill --from 2026-02-01 --to 2026-02-28
expect_eq "by backfill" "$(payments 16 | cut -d'|' -f 2-)" "RECEIPT|CARD|10.00"
put_order "[$(order 17 a@x.example "$mug" '"paid":{"amount":7}'), $(order 18 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"id":181,"event":"authorization"},
	{"id":182,"event":"capture","amount":6,"reference_transaction_id":181},{"id":183,"event":"void","amount":4,"reference_transaction_id":181}]')]"
run_store 0
later 3000
run_store 65
expect_eq "only a part was ever listed" "$(rejects)" "payment:17:rest paid_in_part"
expect_has "how much" "$(sql_store "SELECT message FROM reject WHERE closed_at IS NULL")" "lists transactions of 7.00 only: 3.00 of it went nowhere"
run_store 0 ignore payment:17:rest --why 'made larger after it was paid'
later 3000
mark
run_store 0
expect_eq "asked no more, told no more" "$(asked)$(rejects)" 0
