#!/bin/bash
# Orders that were in Brightpearl already: payments that others entered are taken as paid, never sent a second time.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes
product 1 MUG
mug=$(line MUG 1 10.00)
there() { # ORDER: a sales order that another connector made
	sql_sandbox "INSERT INTO bp_order (id, external_ref, contact_id, channel_id, total, total_net, payment_status, placed_on, created_on)
		VALUES (700 + $1, 'BC-$1', 501, 2, 100000, 100000, 'UNPAID', 1770112800, 1770112800)"
}
contact 501 a@x.example
for i in 1 2 3 4; do there $i; done
sql_sandbox "INSERT INTO bp_payment (order_id, transaction_ref, method, amount_paid, payment_date) VALUES (701, 'other-1', 'PAYPAL', 100000, 1770112900),
	(702, NULL, 'CARD', 60000, 1770112800), (703, NULL, 'CASH', 50000, 1770112800)"
put_order "[$(order 1 a@x.example "$mug" '"paid":{"id":11}'),
	$(order 2 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"id":21,"amount":6.00},{"id":22,"amount":4.00}]'),
	$(order 3 a@x.example "$mug" '"paid":{"id":31}'), $(order 4 a@x.example "$mug" '"paid":{"id":41}')]"
mark
run_store 65
expect_eq "adopted" "$(sql_store "SELECT group_concat(how) FROM link_order")" "found,found,found,found"
expect_eq "same amount, there" "$(payments 1)" "other-1|RECEIPT|PAYPAL|10.00"
expect_eq "one of two is there" "$(payments 2)" "|RECEIPT|CARD|6.00
BC-2-T22|RECEIPT|CARD|4.00"
expect_eq "another amount is there: more than the total" "$(payments 3)" "|RECEIPT|CASH|5.00"
expect_eq "nothing is there" "$(payments 4)" "BC-4-T41|RECEIPT|CARD|10.00"
expect_eq "rejects" "$(rejects)" "payment:3:31 overpaid"
expect_eq "one search for all of them" "$(requests "path LIKE '%customer-payment-search'")" 1
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
say "the wrong one is deleted in Brightpearl and the reject retried"
sql_sandbox "DELETE FROM bp_payment WHERE order_id = 703"
run_store 0 retry payment:3:31
run_store 0
expect_eq "sent" "$(payments 3)" "BC-3-T31|RECEIPT|CARD|10.00"
expect_eq "rejects" "$(rejects)" ""
say "a payment that somebody entered by hand before the capture came"
put_order "$(order 5 a@x.example "$mug" '"paid":false,"payment_status":"authorized","transactions":[{"id":51,"event":"authorization"}]')"
run_store 0
sql_sandbox "INSERT INTO bp_payment (order_id, method, amount_paid) SELECT id, 'CARD', 100000 FROM bp_order WHERE external_ref = 'BC-5'"
put_order "$(order 5 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"id":51,"event":"authorization"},{"id":52,"event":"capture"}]')"
run_store 0
expect_eq "not sent again" "$(payments 5)" "|RECEIPT|CARD|10.00"
