#!/bin/bash
# Refunds by payments.refunds: off, as payment on the order, as sales credit with its payment; late, declined, to store credit.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes
product 1 MUG && product 2 TEA
sed -i '/^store_credit/d' "$store/mappings/payments.csv"
mapping payments.csv 'store_credit,*,*,yes,,CREDIT,'
mapping payments.csv 'offline,*,*,yes,,CASH,'
paid() { order "$1" "u$1@x.example" "$(line MUG 2 10.00 '"id":91'"$1"),$(line TEA 3 4.50 '"id":92'"$1")" "\"paid\":{\"id\":$1},\"shipping_cost\":\"5.00\"${2:+,$2}"; }
refund() { # ID ITEMS PAYMENTS AMOUNT TAX
	printf '"refunds":[{"id":%d,"total_amount":%s,"total_tax":%s,"items":[%s],"payments":[%s]}]' "$1" "$4" "$5" "$2" "$3"
}
back() { printf '{"id":%d,"provider_id":"%s","amount":%s,"offline":%s,"is_declined":%s}' "$1" "${3:-authorizenet}" "$2" "${4:-false}" "${5:-false}"; }
mug='{"item_type":"PRODUCT","item_id":911,"quantity":1,"requested_amount":null}'
put_order "[$(paid 1), $(paid 2), $(paid 3), $(paid 4)]"
run_store 0
say "off: the list of refunds is not even read"
put_order "$(paid 1 "$(refund 5 "$mug" "$(back 1 10.00)" 10.00 1.67)")"
mark
run_store 0
expect_eq "refunds asked for" "$(requests "path LIKE '%refunds%'")" 0
say "payment: found late, declined ones left out, store credit and offline by their own methods"
setting payments.refunds payment
put_order "[$(paid 2 "$(refund 6 '' "$(back 1 10.00 authorizenet false true)" 10.00 0)"), $(paid 3 "$(refund 7 '' "$(back 1 3.00 storecredit),$(back 2 2.00 custom true)" 5.00 0)")]"
run_store 0
expect_eq "refunded" "$(payments 1)" "BC-1-R5|PAYMENT|CARD|10.00
BC-1-T1|RECEIPT|CARD|38.50"
expect_eq "declined" "$(payments 2) $(sql_store "SELECT reason FROM skip WHERE key = 'payment:2:R6'")" "BC-2-T2|RECEIPT|CARD|38.50 declined by the payment provider"
expect_eq "split" "$(payments 3)" "BC-3-R7|PAYMENT|CREDIT|3.00
BC-3-R7-2|PAYMENT|CASH|2.00
BC-3-T3|RECEIPT|CARD|38.50"
mark
run_store 0
expect_eq "a second run: writes, requests for refunds" "$(count_writes) $(requests "path LIKE '%refunds%'")" "0 1"

for i in 2 4; do ship_note $i; done
say "credit: rows like the order's, its payment on the credit; what was sent as payment stays"
setting payments.refunds credit
put_order "$(paid 4 "$(refund 8 '{"item_type":"PRODUCT","item_id":914,"quantity":1,"requested_amount":null},{"item_type":"PRODUCT","item_id":924,"quantity":2},{"item_type":"SHIPPING","item_id":1,"requested_amount":"2.50"},{"item_type":"ORDER","item_id":4,"requested_amount":"1.00"}' "$(back 1 22.50)" 22.50 3.58)")"
run_store 0
credit() { sql_sandbox "SELECT $2 FROM bp_order o WHERE o.order_type = 'SC' AND o.external_ref = 'BC-$1'"; }
expect_eq "the credit" "$(credit 4.R8 "parent_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-4'), total, payment_status, contact_id = (SELECT contact_id FROM bp_order WHERE external_ref = 'BC-4')")" "1|225000|PAID|1"
expect_eq "its rows" "$(sql_sandbox "SELECT r.product_id, r.quantity / 10000, printf('%.2f', r.net / 1e4), printf('%.2f', r.tax / 1e4), r.tax_code FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-4.R8' ORDER BY r.id")" "1001|1|8.33|1.67|T20
1002|2|7.50|1.50|T20
1000|1|2.08|0.42|T20
1000|1|1.00|0.00|T20
1000|1|0.01|-0.01|T20"
expect_eq "the payment" "$(sql_sandbox "SELECT p.transaction_ref, p.type, p.amount_paid FROM bp_payment p JOIN bp_order o ON o.id = p.order_id WHERE o.external_ref = 'BC-4.R8'")" "BC-4-R8|PAYMENT|225000"
expect_eq "credits" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE order_type = 'SC'")" 1
mark
run_store 0
expect_eq "a second run: writes" "$(count_writes)" 0
expect_eq rejects "$(rejects)" ""

say "the answer is lost: the credit is found again, whether or not Brightpearl refuses a second one"
refunds=9
for twin in same again; do
	switch bp_credit_twin $twin
	refunds=$((refunds + 1))
	put_order "$(paid 2 "$(refund $refunds '{"item_type":"ORDER","item_id":2,"requested_amount":"1.00"}' "$(back 1 1.00)" 1.00 0)")"
	fault api=brightpearl method=POST path=/order-service/sales-credit kind=drop_after
	code=0
	timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>&1 || code=$?
	[ "$code" = 0 ] || { later 20 && run_store 0; }
	expect_eq "$twin: credits, payments on them" "$(credit 2.R$refunds "count(*), (SELECT count(*) FROM bp_payment p WHERE p.order_id = o.id)")" "1|1"
done
say "refused, but it is there: found before the refusal counts"
put_order "$(paid 2 "$(refund 12 '{"item_type":"ORDER","item_id":2,"requested_amount":"1.00"}' "$(back 1 1.00)" 1.00 0)")"
fault api=brightpearl method=POST path=/order-service/sales-credit kind=status_after arg=400
run_store 0
expect_eq "refusals, credits, payments on them" "$(fired) $(credit 2.R12 "count(*), (SELECT count(*) FROM bp_payment p WHERE p.order_id = o.id)")" "3 1|1"
say "a lost database finds orders, payments and credits"
mv "$store/data/pearlbridge.db" "$work/old.db" && rm -f "$store"/data/pearlbridge.db-*
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
expect_eq "payments" "$(sql_store "SELECT count(*), group_concat(DISTINCT state) FROM out_payment WHERE kind = 'payment'")" "$(sql_sandbox "SELECT count(*) FROM bp_payment")|done"
expect_eq "credits" "$(sql_store "SELECT count(*), group_concat(DISTINCT state) FROM out_payment WHERE kind = 'credit'")" "4|done"
