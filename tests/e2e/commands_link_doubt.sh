#!/bin/bash
# link: not while a payment or an order note is on its way; and what is sent again goes to the sales order that is linked then.
. "$(dirname "$0")/lib.sh"
mug=$(line MUG 1 10.00)
start_sandbox
make_store
setting payments.enabled yes
product 1 MUG
contact 501 a@x.example
put_order "[$(order 1 a@x.example "$mug" '"paid":{"id":11}'), $(order 2 a@x.example "$mug" '"paid":{"id":21}')]"
fault api=brightpearl method=POST path='/multi-message' kind=drop_before nth=0 times=-1
fault api=brightpearl method=POST path='/accounting-service/customer-payment' kind=drop_before nth=0 times=-1
run_store 75
expect_eq "in doubt" "$(sql_store "SELECT count(*) FROM out_payment WHERE state = 'claimed'")" 2
sql_sandbox "DELETE FROM fault; INSERT INTO bp_order (id, ref, contact_id, channel_id, total, total_net, payment_status, placed_on, created_on)
	VALUES (901, 'anew 1', 501, 2, 100000, 100000, 'UNPAID', 1770112800, 1770112800)"
run_store 75 link order 1 901 --force
expect_has "what it says" "$told" "a payment of order 1 is in doubt: run $run payments first"
run_store 75 link order 2 none --why wrong
expect_has "what it says" "$told" "a payment of order 2 is in doubt: run $run payments first"
run_store 0 payments
run_store 0 link order 1 901 --force
expect_has "what it says" "$said" "what was sent there is not sent again: 1 payment"
run_store 0
expect_eq "payments" "$(sql_sandbox "SELECT count(*), count(DISTINCT transaction_ref) FROM bp_payment")" "2|2"
say "an order note on its way; the link taken away all the same, it is not forgotten"
sql_store "INSERT INTO out_order_note(key, order_id, kind, number, body, sent, state, claimed_at, attempts, changed_run)
	SELECT key || ':edit:1', order_id, 'edit', 1, '{\"text\":\"[Pearlbridge x] x\",\"isPublic\":false}', '{\"text\":\"[Pearlbridge x] x\",\"isPublic\":false}', 'claimed', 1, 1, 1 FROM out_order WHERE order_id = 2"
run_store 75 link order 2 none --why wrong
expect_has "what it says" "$told" "an order note of order 2 is in doubt: run $run orders first"
say "linked otherwise before it is looked up: what is not there goes to the order of now"
put_order "$(order 3 a@x.example "$mug" '"paid":{"id":31}')"
fault api=brightpearl method=POST path='/multi-message' kind=drop_before nth=0 times=-1
fault api=brightpearl method=POST path='/accounting-service/customer-payment' kind=drop_before nth=0 times=-1
run_store 75
sql_sandbox "DELETE FROM fault; INSERT INTO bp_order (id, ref, contact_id, channel_id, total, total_net, payment_status, placed_on, created_on)
	VALUES (903, 'anew 3', 501, 2, 100000, 100000, 'UNPAID', 1770112800, 1770112800)"
sql_store "UPDATE link_order SET sales_order_id = 903, how = 'linked' WHERE order_id = 3"
later 1 # two look-ups of the note lie half a minute apart
run_store 0
expect_eq "paid on" "$(sql_sandbox "SELECT order_id FROM bp_payment WHERE transaction_ref = 'BC-3-T31'")" 903
