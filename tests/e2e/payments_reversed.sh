#!/bin/bash
# Money that staff took back in Brightpearl counts as what it is, in either form: a receipt below zero, or a payment.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
mug=$(line MUG 1 10.00)
there() { # ORDER: a sales order that another connector made
	sql_sandbox "INSERT INTO bp_order (id, external_ref, contact_id, channel_id, total, total_net, payment_status, placed_on, created_on)
		VALUES (700 + $1, 'BC-$1', 501, 2, 100000, 100000, 'UNPAID', $(date -u -d "$(ago '2 days')" +%s), $(date -u -d "$(ago '2 days')" +%s))"
}
by_hand() { sql_sandbox "INSERT INTO bp_payment (order_id, amount_paid) VALUES (700 + $1, $2)"; } # ORDER AMOUNT
back() { sql_sandbox "INSERT INTO bp_reversal (order_id, amount) SELECT id, $2 FROM bp_order WHERE external_ref = 'BC-$1'"; } # ORDER AMOUNT
balance() { sql_sandbox "SELECT coalesce(sum(iif(p.type = 'PAYMENT', -p.amount_paid, p.amount_paid)), 0) / 10000 FROM bp_payment p JOIN bp_order o ON o.id = p.order_id WHERE o.external_ref = 'BC-$1'"; }
by() { placed '2 days' "$@" | sed 's/u[0-9]*@x.example/a@x.example/g'; }
for form in payment negative; do
	say "as $form"
	start_sandbox
	switch bp_reversal_form $form
	make_store $form
	setting payments.enabled yes payments.refunds payment
	product 1 MUG
	contact 501 a@x.example
	for i in 1 2 3 4; do there $i; done
	by_hand 1 100000; back 1 100000                             # entered and taken back: not paid
	by_hand 2 100000; back 2 100000; by_hand 2 100000   # and entered again: paid once
	by_hand 3 100000; back 3 40000                              # taken back for the shop's own refund
	by_hand 4 40000; back 4 40000                               # another amount, taken back: it leaves room
	put_order "[$(by 1 "$mug" '"paid":{"id":11}'), $(by 2 "$mug" '"paid":{"id":21}'),
		$(by 3 "$mug" '"paid":{"id":31},"payment_status":"partially refunded","refunds":[{"id":5,"total_amount":4,"total_tax":0,"items":[],"payments":[{"id":1,"provider_id":"authorizenet","amount":4,"offline":false,"is_declined":false}]}]'),
		$(by 4 "$mug" '"paid":{"id":41}'), $(by 5 "$mug" '"paid":{"id":51}'), $(by 6 "$mug" '"paid":{"id":61}')]"
	run_store 0
	expect_eq "found" "$(sql_store "SELECT count(*) FROM link_order WHERE how = 'found'")" 4
	expect_eq "what is paid" "$(balance 1) $(balance 2) $(balance 3) $(balance 4) $(balance 5)" "10 10 6 10 10"
	expect_eq "payments there" "$(sql_sandbox "SELECT order_id - 700, count(*) FROM bp_payment WHERE order_id < 710 GROUP BY 1")" "1|3
2|3
3|2
4|3"
	mark
	run_store 0
	expect_eq "writes of one more run" "$(count_writes)" 0
	say "one of ours is taken back: it is not sent again, and the comparison tells it"
	back 5 100000
	expect_eq "its order" "$(of_order 5 payment_status)" UNPAID
	mark
	run_store 0
	expect_eq "writes" "$(count_writes)" 0
	run_store 65 reconcile
	expect_eq "differences" "$(found)" "payment order:5: 10.00 GBP; 0.00 GBP"
	stop_sandbox && rm -rf "$work/sandbox"
done
