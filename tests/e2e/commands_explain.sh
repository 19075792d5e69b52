#!/bin/bash
# explain shows every reject of an order, those of its payments and refunds too, how its money adds up, and as the next step what the first of them needs; never that nothing is to be done.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment
product 1 MUG
mug=$(line MUG 1 10.00)
refund() { printf '"refunds":[{"id":%d,"total_amount":%s,"total_tax":0,"items":[],"payments":[]}]' "$1" "$2"; }
told() { run_store 0 explain order:"$1"; grep -E "^  $2 " <<<"$said"; }
put_order "[$(order 1 a@x.example "$mug" "\"paid\":false,\"payment_status\":\"captured\",\"transactions\":[{\"id\":11,\"event\":\"chargeback\",\"amount\":4},{\"id\":12,\"amount\":10}],$(refund 5 3)"),
	$(order 12 a@x.example "$mug"), $(order 2 a@x.example "$mug" '"payment_method":"Beans","paid":{"method":"offsite"}'), $(order 3 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"amount":6}]')]"
run_store 65
expect_eq "all of 1, and of 1 only" "$(told 1 rejected | grep -o 'payment:[^ ]*: [BT][^;]*' | sed 's/ of .*//; s/ tells.*//')" "payment:1:R5: BigCommerce
payment:1:11: BigCommerce sent a transaction"
expect_has "its next" "$(told 1 next)" "payment:1:11: look at the order in BigCommerce; if money moved, enter it in Brightpearl, then $run ignore payment:1:11 --why TEXT; then $run; so with the other rejected above"
expect_has "its money" "$(told 1 money)" "captured, GBP 10.00; of 10.00 that must have come in by them its transactions list 14.00; refunded 3.00"
expect_eq "nothing of 1 in 12" "$(told 12 rejected)" ""
expect_has "12" "$(told 12 next)" "nothing until it changes"
expect_has "with the line" "$(told 2 rejected)" "; mappings/payments.csv: beans,*,*,yes,,CODE,"
expect_has "3 waits" "$(told 3 money)" "its transactions list 6.00; 4.00 is told and not listed"
expect_has "and why" "$(told 3 skipped)" "payment:3:rest: not all of its transactions are listed yet: they are asked for again"
run_store 0
run_store 0 explain order:3
expect_has "next" "$said" "what BigCommerce tells and does not list is asked for again; $run order 3 asks now"
say "a reject that several share stands with each"
put_order "$(order 4 a@x.example "$mug" '"payment_method":"Beans","paid":{"method":"offsite"}')"
run_store 65
expect_has "4" "$(told 4 rejected)" "payment:4:"
