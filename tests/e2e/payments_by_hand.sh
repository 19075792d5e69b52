#!/bin/bash
# Money that staff entered or took back in several parts: never booked a second time, and what was taken back never counts as there.
. "$(dirname "$0")/lib.sh"
mug=$(line MUG 1 10.00)
there() { # ORDER: a sales order that another connector made
	sql_sandbox "INSERT INTO bp_order (id, external_ref, contact_id, channel_id, total, total_net, payment_status, placed_on, created_on)
		VALUES (700 + $1, 'BC-$1', 501, 2, 100000, 100000, 'UNPAID', 1770112800, 1770112800)"
}
by_hand() { sql_sandbox "INSERT INTO bp_payment (order_id, amount_paid) VALUES (700 + $1, $2)"; } # ORDER AMOUNT
back() { sql_sandbox "INSERT INTO bp_reversal (order_id, amount) SELECT id, $2 FROM bp_order WHERE external_ref = 'BC-$1'"; } # ORDER AMOUNT
balance() { sql_sandbox "SELECT coalesce(sum(iif(p.type = 'PAYMENT', -p.amount_paid, p.amount_paid)), 0) / 10000 FROM bp_payment p JOIN bp_order o ON o.id = p.order_id WHERE o.external_ref = 'BC-$1'"; }
balances() { for i in "$@"; do printf '%s ' "$(balance "$i")"; done; }
refund() { # REFUND AMOUNT STATUS
	printf '"payment_status":"%s","refunds":[{"id":%d,"total_amount":%s,"total_tax":0,"items":[],"payments":[{"id":1,"provider_id":"authorizenet","amount":%s,"offline":false,"is_declined":false}]}]' "$3" "$1" "$2" "$2"
}
for refunds in payment off; do
	say "payments.refunds is $refunds"
	start_sandbox
	make_store $refunds
	setting payments.enabled yes payments.refunds $refunds
	product 1 MUG
	contact 501 a@x.example
	for i in 1 2 3 4 5 8; do there $i; done
	by_hand 1 100000; back 1 60000; back 1 40000     # taken back in two parts: not paid
	by_hand 2 100000; back 2 100000                  # taken back, beside a refund of 2.00
	by_hand 3 60000; by_hand 3 40000                 # entered in two parts; refunded since
	by_hand 4 70000; by_hand 4 30000; back 4 100000  # and its refund entered, too
	by_hand 8 100000; back 8 40000                   # taken back in part: what that means is not to be told
	put_order "[$(order 1 a@x.example "$mug" '"paid":{"id":11}'),
		$(order 2 a@x.example "$mug" "\"paid\":{\"id\":21},$(refund 6 2 'partially refunded')"),
		$(order 3 a@x.example "$mug" "\"paid\":{\"id\":31},$(refund 7 10 refunded)"),
		$(order 4 a@x.example "$mug" "\"paid\":{\"id\":41},$(refund 8 10 refunded)"),
		$(order 5 a@x.example "$mug" "\"paid\":{\"id\":51},$(refund 9 10 refunded)"),
		$(order 6 a@x.example "$mug" '"paid":{"id":61}'), $(order 7 a@x.example "$mug" '"paid":{"id":71}'),
		$(order 8 a@x.example "$mug" '"paid":{"id":81}')]"
	run_store 65
	expect_eq rejects "$(rejects)" "payment:8:81 overpaid"
	expect_eq "entered in two parts: there" "$(sql_store "SELECT group_concat(how) FROM out_payment WHERE part IN ('31', '41')")" found,found
	expect_has "what it says" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:8:81'")" "with it 20.00 would be paid on the sales order in Brightpearl, of which BigCommerce tells 10.00"
	[ $refunds = payment ] && want="10 8 0 0 0 6 " || want="10 10 10 0 10 6 "
	expect_eq "what is paid" "$(balances 1 2 3 4 5 8)" "$want"
	mark
	run_store 0
	expect_eq "writes of one more run" "$(count_writes)" 0
	if [ $refunds = payment ]; then
		say "staff enter the shop's refund, in two parts on two days and in one: it is not paid back twice"
		back 6 60000; back 6 40000
		sql_sandbox "UPDATE bp_payment SET payment_date = payment_date + 86400 WHERE id = (SELECT max(id) FROM bp_payment)"
		back 7 100000
		put_order "[$(order 6 a@x.example "$mug" "\"paid\":{\"id\":61},$(refund 16 10 refunded)"),
			$(order 7 a@x.example "$mug" "\"paid\":{\"id\":71},$(refund 17 10 refunded)")]"
		run_store 65
		expect_eq "what is paid" "$(balances 6 7)" "0 0 "
		expect_has rejects "$(rejects)" "payment:6:R16 paid_back_twice"
		expect_has "what it says" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:6:R16'")" "with it 20.00 would be paid back on the sales order in Brightpearl, but BigCommerce tells only 10.00"
		mark
		run_store 0
		expect_eq "writes of one more run" "$(count_writes)" 0
	fi
	stop_sandbox && rm -rf "$work/sandbox"
done
