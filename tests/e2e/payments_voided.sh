#!/bin/bash
# An order that says refunded, whose purchase was voided: nothing is missing and nothing has to go back beyond that; a refund that is not listed is told all the same.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment
product 1 MUG
mug=$(line MUG 1 10.00)
refunded='"paid":false,"payment_status":"refunded","transactions":'
put_order "[$(order 1 a@x.example "$mug" "$refunded"'[{"id":11,"event":"purchase","amount":10},{"id":12,"event":"void","amount":10,"reference_transaction_id":11}]'),
	$(order 2 a@x.example "$mug" "$refunded"'[{"id":21,"event":"purchase","amount":10},{"id":22,"event":"void","amount":0}]'),
	$(order 3 a@x.example "$mug" "$refunded"'[{"id":31,"event":"purchase","amount":10},{"id":32,"event":"void","amount":10,"reference_transaction_id":31},{"id":33,"event":"purchase","amount":10}]')]"
run_store 0
later 3000
run_store 65
later 3000
run_store 0
expect_eq rejects "$(rejects)" "payment:3:back refunded_unlisted"
expect_eq "missing, to go back" "$(sql_store "SELECT id, missing, back_missing FROM order_adds_up ORDER BY id")" "1|0|0
2|0|0
3|0|100000"
