#!/bin/bash
# On a sales order that a person linked, or that was found, no more is ever paid than it comes to, whatever BigCommerce says.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
setting orders.enabled plan
sale() { # ORDER TOTAL
	sql_sandbox "INSERT INTO bp_order (id, ref, contact_id, channel_id, total, total_net, payment_status, placed_on, created_on)
		VALUES (700 + $1, 'by hand $1', 501, 2, $2, $2, 'UNPAID', 1770112800, 1770112800)"
}
contact 501 a@x.example
sale 1 60000; sale 2 100000; sale 3 140000; sale 4 100000
put_order "[$(order 1 a@x.example "$mug" '"paid":{"id":11}'),
	$(order 2 a@x.example "$mug" '"paid":false,"payment_status":"captured","transactions":[{"id":21,"amount":6},{"id":22,"amount":4}]'),
	$(order 3 a@x.example "$mug" '"paid":{"id":31}'), $(order 4 a@x.example "$mug" '"paid":{"id":41}')]"
run_store 0
for i in 1 2 3 4; do run_store 0 link order $i 70$i --force; done
sql_sandbox "UPDATE bp_order SET total = 80000, total_net = 80000, updated_on = 1770200000 WHERE id = 702" # lowered by staff since
setting orders.enabled yes payments.enabled yes
run_store 65
paid() { sql_sandbox "SELECT coalesce(sum(amount_paid), 0) / 10000 FROM bp_payment WHERE order_id = 700 + $1"; }
expect_eq "paid" "$(paid 1) $(paid 2) $(paid 3) $(paid 4)" "0 6 10 10"
expect_eq rejects "$(rejects)" "payment:1:11 overpaid
payment:2:22 overpaid"
expect_has "what it says" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:1:11'")" "with it 10.00 would be paid on the order, which comes to 6.00"
mark
run_store 0
expect_eq "writes of one more run" "$(count_writes)" 0
say "put right in Brightpearl: it goes"
sql_sandbox "UPDATE bp_order SET total = 100000, total_net = 100000, updated_on = 1770300000 WHERE id IN (701, 702)"
run_store 0
expect_eq "paid" "$(paid 1) $(paid 2)" "10 10"
expect_eq rejects "$(rejects)" ""
