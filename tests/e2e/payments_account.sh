#!/bin/bash
# payments.csv: (account) is no payment, never asked again and expected; a method without accounts is sent; store credit without a method waits; sold certificates need their nominal code.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment
product 1 MUG
mug=$(line MUG 1 10.00)
sql_sandbox "INSERT INTO bp_payment_method (id, code, name) VALUES (20, 'POINTS', 'Loyalty points, no accounting')"
mapping payments.csv 'Purchase Order,*,*,yes,,(account),'
mapping payments.csv 'Loyalty points,*,*,yes,,POINTS,'
by() { placed '2 days' "$1" "$mug" "\"payment_method\":\"$2\"${3:+,$3}"; }
put_order "[$(by 1 'Purchase Order' '"paid":false,"payment_status":"captured"'), $(by 2 'Purchase Order' '"paid":{"id":21}'),
	$(by 3 'Purchase Order' '"paid":false,"payment_status":""'), $(by 4 'Loyalty points' '"paid":{"id":41}')]"
mark
run_store 0
expect_eq "on credit terms" "$(payments 1)$(payments 2)$(payments 3)" ""
expect_eq "no accounts" "$(payments 4)" "BC-4-T41|RECEIPT|POINTS|10.00"
expect_eq "transactions asked for" "$(requests "path LIKE '%/transactions'")" 1
later 1500
put_order "$(by 1 'Purchase Order' '"paid":false,"payment_status":"captured","status_id":10')"
mark
run_store 0
expect_eq "and later" "$(requests "path LIKE '%/transactions'")" 0
sql_sandbox "INSERT INTO bp_payment (order_id, amount_paid) SELECT id, 100000 FROM bp_order WHERE external_ref IN ('BC-2', 'BC-3')" # the invoice was paid
run_store 0 reconcile
expect_eq "differences" "$(found)" ""
expect_eq "expected" "$(explained expected | sed 's/line [0-9]*/line N/')" "payment order:3: Purchase Order is on credit terms (payments.csv, line N)"
run_store 0 mappings check
expect_has "the check" "$said" 'warning: becomes: Brightpearl'"'"'s payment method "POINTS" has no bank account'

say "store credit and certificates: the order goes, the payment waits for a method, the line is told"
gift='{"name":"Gift Certificate","type":"giftcertificate","price":"25.00","tax_rate":"0","recipient":"z@x.example"}'
put_order "[$(order 11 a@x.example "$mug" '"store_credit":"4.00"'), $(order 12 a@x.example "$mug" '"gift_certificate":"10.00"'), $(order 13 a@x.example "$mug,$gift")]"
run_store 65
expect_eq "the rest is paid" "$(payments 11 | sed 's/T[0-9]*/T/')" "BC-11-T|RECEIPT|CARD|6.00"
expect_eq rejects "$(rejects | LC_ALL=C sort)" "order:13 no_gift_certificate_nominal
payment:11:C held_by_mapping
payment:12:G held_by_mapping"
expect_eq "lines" "$(sql_store "SELECT csv_line FROM reject WHERE reason = 'held_by_mapping' ORDER BY key")" "mappings/payments.csv: store_credit,*,*,yes,,CODE,
mappings/payments.csv: gift_certificate,*,*,yes,,CODE,"
expect_eq "a certificate sold" "$(orders_there | grep -c BC-13)" 0
line=$(sql_store "SELECT csv_line FROM reject WHERE key = 'order:13'")
expect_eq "its line" "$line" "mappings/settings.csv: orders.gift_certificate_nominal,CODE,"
setting orders.gift_certificate_nominal 4060
sed -i 's/^store_credit,\*,\*,yes,,/&CREDIT/; s/^gift_certificate,\*,\*,yes,,/&GIFT/' "$store/mappings/payments.csv"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "all paid" "$(payments 11 | grep -o '|CREDIT.*') $(payments 12)" "|CREDIT|4.00 BC-12-G|RECEIPT|GIFT|10.00"
expect_eq "the certificate's row" "$(sql_sandbox "SELECT nominal_code FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-13' AND r.name LIKE 'Gift%'")" 4060

say "methods without transactions are not asked for, young payments wait, where the columns say so"
mapping payments.csv 'Wire,*,*,yes,Completed,BANK,,none,'
mapping payments.csv 'Slow card,*,*,yes,,CARD,,,60'
now=$(date -u -d "@$(($(date +%s) + PEARLBRIDGE_CLOCK_OFFSET))" +%Y-%m-%dT%H:%M:%SZ)
put_order "[$(order 21 a@x.example "$mug" '"payment_method":"Wire","paid":{"id":211},"status_id":10'), $(order 22 a@x.example "$mug" '"payment_method":"Wire","paid":{"id":221}'),
	$(order 23 a@x.example "$mug" "\"payment_method\":\"Slow card\",\"paid\":{\"id\":231,\"date_created\":\"$now\"}")]"
mark
run_store 0
expect_eq "transactions asked for" "$(sql_sandbox "SELECT group_concat(path) FROM request WHERE id > $mark AND path LIKE '%/transactions'")" /v3/orders/23/transactions
expect_eq "by its status, or not yet" "$(payments 21)$(payments 22)$(payments 23)" "BC-21-O|RECEIPT|BANK|10.00"
expect_has "why" "$(sql_store "SELECT reason FROM skip WHERE key = 'payment:23:231'")" "younger than delay_minutes (line 11 of payments.csv)"
later 120
run_store 0
expect_eq "later" "$(payments 23)" "BC-23-T231|RECEIPT|CARD|10.00"
mapping payments.csv 'Odd,*,*,yes,,CARD,,maybe,soon'
run_store 78 mappings check
expect_has "the check" "$said" 'transactions: must be yes or none, not "maybe"'
