#!/bin/bash
# Orders whose transactions are refused or answered by something else stop no other, whatever their numbers, and are asked for more and more seldom; the comparison tells them as not compared and goes on.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting payments.enabled yes
product 1 MUG
mug=$(line MUG 1 10.00)
for n in 1 2 3 4 5 6 7 8; do
	put_order "$(placed '2 days' $n "$mug")"
done
for n in 1 2 3 4; do
	fault api=bigcommerce "path=/v3/orders/$n/transactions" kind=answer_json arg='{"data":5}' times=-1
done
fault api=bigcommerce path=/v3/orders/5/transactions kind=status_before arg=422 times=-1
seen=0
# How often transactions were asked for since this was asked last -> $asked
asked() {
	local all
	all=$(sql_store "SELECT count(*) FROM request WHERE path LIKE '%/transactions%'")
	asked=$((all - seen)) seen=$all
}
booked() { sql_sandbox "SELECT count(*) FROM bp_payment"; }
run_store 75
asked
expect_eq "asked, payments of the others" "$asked $(booked)" "8 3"
expect_has "told" "$told" "order:1: its transactions could not be read"
expect_has "told" "$told" "order:5: its transactions could not be read"
say "asked for again by the next run, then an hour later; an order that is new is not held up"
run_store 75
asked
expect_eq "asked" "$asked" 5
put_order "$(placed '1 day' 9 "$mug")"
later 2
run_store 75
asked
expect_eq "asked, payments" "$asked $(booked)" "1 4"
expect_has "told" "$told" "the transactions of 5 orders, order:1 for one"
later 62
run_store 75
asked
expect_eq "asked" "$asked" 5
later 62
run_store 75
asked
expect_eq "asked after four hours only" "$asked" 0
say "the comparison finishes"
run_store 75 reconcile
expect_eq "not compared" "$(explained waiting | grep -c 'not compared: its transactions could not be read')" 5
say "and those that it may not know are told as such"
put_order "$(placed '1 day' 10 "$mug")"
later 2
run_store 75
sql_sandbox "DELETE FROM bc_order WHERE id = 10"
fault api=bigcommerce path=/v2/orders/10 kind=status_before arg=503 times=-1
run_store 75 reconcile
expect_has "not compared" "$(explained waiting)" "unknown order:10: not compared"
say "mended, and asked for by name"
sql_sandbox "DELETE FROM fault"
run_store 0 retry order:1
run_store 75
expect_eq "payments" "$(booked)" 6
later 1450
run_store 0
expect_eq "payments" "$(booked)" 10
