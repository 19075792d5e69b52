#!/bin/bash
# payments.csv: which line counts, no line, do not send, hold, methods without accounts, other currencies, the lock date; orders that wait.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes
product 1 MUG
mug=$(line MUG 1 10.00)
mapping payments.csv 'credit_card,*,*,yes,,PAYPAL,'
mapping payments.csv 'Invoice*,*,*,no,,,'
mapping payments.csv 'Later,*,*,yes,,,'
mapping payments.csv 'Cash,*,*,yes,,CHECKED,'
sql_sandbox "INSERT INTO bp_payment_method (id, code, name) VALUES (20, 'CHECKED', 'Checked')"
mapping payments.csv '*,stripe,EUR,yes,,BANK,'
mapping payments.csv 'ÜBERWEISUNG,*,*,yes,,BANK,'
by() { order "$1" "u$1@x.example" "$mug" "\"payment_method\":\"$2\",\"paid\":{\"id\":$1$3}"; }
put_order "[$(by 1 'PayPal Express' ',"method":"electronic_wallet"'), $(by 2 Card), $(by 3 'Invoice 30 days'), $(by 4 Later),
	$(by 5 Cash '},"currency":"EUR","exchange_rate":"1.25","x":{'), $(by 6 Other ',"method":"token","gateway":"stripe"},"currency":"EUR","exchange_rate":"1.25","x":{'),
	$(by 7 'Überweisung' ',"method":"custom_bank"'), $(by 8 Other ',"method":"token","currency":"USD"')]"
run_store 65
expect_eq "by the order's method" "$(payments 1)" "BC-1-T1|RECEIPT|PAYPAL|10.00"
expect_eq "by the transaction's" "$(payments 2)" "BC-2-T2|RECEIPT|PAYPAL|10.00"
expect_eq "do not send" "$(payments 3)$(sql_store "SELECT reason FROM skip WHERE key = 'payment:3:3'")" "Invoice* is not sent (line 9 of payments.csv says sync no)"
expect_eq "by gateway and currency" "$(payments 6)" "BC-6-T6|RECEIPT|BANK|10.00"
expect_eq "its currency and rate, to base" "$(sql_sandbox "SELECT currency, exchange_rate FROM bp_payment WHERE transaction_ref = 'BC-6-T6'")" "EUR|800000"
expect_eq "in any script" "$(payments 7)" "BC-7-T7|RECEIPT|BANK|10.00"
expect_eq "a method without an account in that currency" "$(payments 5)" "BC-5-T5|RECEIPT|CHECKED|10.00"
expect_eq rejects "$(rejects | LC_ALL=C sort)" "payment:4:4 held_by_mapping
payment:8:8 other_currency"
expect_eq "a line that would mend it" "$(sql_store "SELECT csv_line FROM reject WHERE key = 'payment:4:4'")" "mappings/payments.csv: Later,*,*,yes,,CODE,"
say "no line: the order goes, its payment waits, and the line that it needs is told"
put_order "[$(by 21 'Pay, by \"X\"' ',"method":"offsite","gateway":"x"')]"
run_store 65
expect_has "the orders are there" "$(orders_there)" "BC-21"
expect_eq rejects "$(rejects | LC_ALL=C sort)" "payment:21:21 no_payment_line
payment:4:4 held_by_mapping
payment:8:8 other_currency"
expect_eq "what it says" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:21:21'")" '10.00 GBP: no line of payments.csv fits pay, by "x", gateway x, currency GBP'
line=$(sql_store "SELECT csv_line FROM reject WHERE key = 'payment:21:21'")
expect_eq "the line" "$line" 'mappings/payments.csv: "pay, by ""x""",*,*,yes,,CODE,'
line=${line#*: }
mapping payments.csv "${line/CODE/CARD}"
say "mended: they go; what was sent stays as it is"
sed -i 's/^Later.*/Later,*,*,yes,,CARD,/; s/^credit_card,.*/credit_card,*,*,yes,,CARD,/; s/^Cash.*/Cash,*,*,yes,,BANK,/' "$store/mappings/payments.csv"
run_store 0
expect_eq "held" "$(payments 4)" "BC-4-T4|RECEIPT|CARD|10.00"
expect_eq "no line before" "$(payments 21)" "BC-21-T21|RECEIPT|CARD|10.00"
expect_eq "sent before" "$(payments 5)" "BC-5-T5|RECEIPT|CHECKED|10.00"
expect_eq "sent before" "$(payments 2)" "BC-2-T2|RECEIPT|PAYPAL|10.00"
expect_eq rejects "$(rejects)" "payment:8:8 other_currency"

say "dated on or before orders.lock_date: held"
put_order "$(order 11 a@x.example "$mug" '"paid":{"id":111,"date_created":"2025-12-31T23:59:59+00:00"}')"
setting orders.lock_date 2026-01-01T00:00:00Z
run_store 65
expect_has rejects "$(rejects)" "payment:11:111 locked_period"
setting orders.lock_date ''
run_store 0
expect_eq "moved" "$(payments 11)" "BC-11-T111|RECEIPT|CARD|10.00"

say "an order that waits makes its payments wait; one that is held is not considered"
setting orders.enabled plan
put_order "[$(order 12 a@x.example "$mug" '"paid":{"id":121}'), $(order 13 a@x.example "$(line GONE 1 1.00 '"product_id":9,"name":"n"')" '"paid":{"id":131}')]"
run_store 65
expect_eq "waits" "$(sql_store "SELECT key, state, waits_for FROM out_payment WHERE order_id IN (12, 13)")" "BC-12-T121|pending|order:12"
run_store 0 plan payments
expect_has "the plan" "$said" "payments: would create payment:12:121, after order:12"
setting orders.enabled yes
run_store 0
expect_eq "sent" "$(payments 12)" "BC-12-T121|RECEIPT|CARD|10.00"
mapping sku_keys.csv 'GONE,MUG,'
run_store 0
expect_eq "sent with its order" "$(payments 13)" "BC-13-T131|RECEIPT|CARD|1.00"
mark
run_store 0
expect_eq "writes of one more run" "$(count_writes)" 0
