#!/bin/bash
# The cut-over with every job on: of what was adopted nothing old is sent; what happens from then on is.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
contact 501 ann@x.example
mug=$(line MUG 1 10.00)
put_order "[$(order 1042 ann@x.example "$mug" '"customer_message":"please hurry","staff_notes":"vip"'), $(order 1043 ann@x.example "$mug")]"
# paid, noted and shipped by the other connector
sql_sandbox "INSERT INTO bp_order (id, ref, contact_id, channel_id, total, total_net, created_on, placed_on, customer_address, status_id, payment_status)
	VALUES (9042, '#1042', 501, 2, 100000, 100000, 1770112900, 1770112800, json_object('email', 'ann@x.example'), 21, 'PAID');
	INSERT INTO bp_order_row (order_id, product_id, name, quantity, net) VALUES (9042, 1001, 'Mug', 10000, 100000);
	INSERT INTO bp_payment (transaction_ref, order_id, amount_paid, created_on) VALUES ('theirs-1', 9042, 100000, 1770112900)"
run_store 0 adopt --from 2026-02-01
setting payments.enabled yes fulfillment.enabled yes inventory.enabled no notes.to_brightpearl.enabled yes notes.to_bigcommerce.enabled yes
setting statuses.to_brightpearl.enabled yes statuses.to_bigcommerce.enabled yes notes.customer_field PCF_CUSTNOTE notes.staff_field PCF_STAFFNOTE
mark
run_store 0
of_adopted="method <> 'GET' AND (path LIKE '%9042%' OR path LIKE '%/1042%' OR body LIKE '%9042%' OR body LIKE '%1042%')"
expect_eq "writes for the adopted order" "$(requests "$of_adopted")" 0
expect_eq "its payments" "$(sql_sandbox "SELECT count(*) FROM bp_payment WHERE order_id = 9042")" 1
expect_eq "the other order" "$(orders_there)" BC-1043
mark
run_store 0
expect_eq "writes of the second run" "$(count_writes)" 0

say "named again, and the story is whole"
run_store 0 order 1042
expect_eq "writes" "$(count_writes)" 0
run_store 0 explain order 1042
expect_has "its story" "$said" "sales order 9042, adopted"
expect_has "its story" "$said" "payment:1042:"
expect_has "its story" "$said" "nothing until it changes"

say "what happens from now on is sent: a staff note"
sql_sandbox "UPDATE bc_order SET staff_notes = 'call first', date_modified = (SELECT max(date_modified) FROM bc_order) + 1 WHERE id = 1042"
put_order "$(order 1042 ann@x.example "$mug")" # it keeps the note, and is modified now
mark
run_store 0
expect_eq "writes" "$(requests "method = 'PATCH' AND path LIKE '%/9042/custom-field' AND body LIKE '%call first%'")|$(count_writes)" "1|1"
mark
run_store 0
expect_eq "writes of a run without news" "$(count_writes)" 0
