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
say "what somebody entered in parts, by one method on one day, is there; what could be more than one thing is not"
parts() { # ORDER METHOD AMOUNT [DAYS LATER]
	sql_sandbox "INSERT INTO bp_payment (order_id, method, amount_paid, payment_date) VALUES (700 + $1, '$2', $3 * 10000, 1770112800 + 86400 * ${4:-0})"
}
for i in 21 22 23 24; do there $i; done
parts 21 CASH 6; parts 21 CASH 4
parts 22 CASH 6; parts 22 PAYPAL 4
parts 23 CASH 6; parts 23 CASH 4 1
parts 24 CASH 2; parts 24 CASH 3
put_order "[$(order 21 a@x.example "$mug" '"paid":{"id":211}'), $(order 22 a@x.example "$mug" '"paid":{"id":221}'), $(order 23 a@x.example "$mug" '"paid":{"id":231}'),
	$(order 24 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"id":241,"amount":5.00},{"id":242,"amount":5.00}]')]"
run_store 65
expect_eq "one sum" "$(payments 21 | sort)" "|RECEIPT|CASH|4.00
|RECEIPT|CASH|6.00"
expect_eq "it is done" "$(sql_store "SELECT how, state FROM out_payment WHERE order_id = 21")" "found|done"
expect_eq "two methods, two days, two payments that it may be: told" "$(rejects | grep -E 'payment:2[2-4]')" "payment:22:221 overpaid
payment:23:231 overpaid
payment:24:242 overpaid"
run_store 0
say "its parts count for no other payment"
put_order "$(order 21 a@x.example "$(line MUG 1 16.00)" '"paid":{"id":211,"amount":10},"transactions":[{"id":212,"amount":6.00}]')"
sql_sandbox "UPDATE bp_order SET total = 160000 WHERE id = 721"
run_store 65
expect_has "sent" "$(payments 21)" "BC-21-T212|RECEIPT|CARD|6.00"
say "a payment whose amount is not told: nothing is sent, it is told once, and goes on by itself"
there 31
sql_sandbox "INSERT INTO bp_payment (order_id, method, amount_paid, shown) VALUES (731, 'CASH', 100000, '')"
merchant sql "UPDATE bp_order SET created_on = server_time() / 1000 WHERE id = 731"
put_order "$(order 31 a@x.example "$mug" '"paid":{"id":311}')"
run_store 65
expect_eq "not sent" "$(payments 31)" "|RECEIPT|CASH|10.00"
expect_has "told" "$(rejects)" "payment:31:311 unread_there"
run_store 0
expect_eq "still not sent" "$(payments 31)" "|RECEIPT|CASH|10.00"
run_store 0 reconcile --from 2026-02-01 --to 2026-02-28
expect_has "compared" "$(sql_store "SELECT message || ': ' || brightpearl FROM reconcile_difference WHERE key = 'order:31'")" "what was paid in Brightpearl cannot be read: not readable"
sql_sandbox "UPDATE bp_payment SET shown = NULL WHERE order_id = 731"
run_store 0
expect_eq "found" "$(payments 31)$(sql_store "SELECT how, state FROM out_payment WHERE order_id = 31")" "|RECEIPT|CASH|10.00found|done"
expect_no "rejects" "$(rejects)" payment:31
