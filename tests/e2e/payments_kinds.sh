#!/bin/bash
# What each kind of transaction becomes, and what is left out with its reason: captures, voids, declined and test payments.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes
product 1 MUG
mug=$(line MUG 1 10.00)
money() { # ID PAYMENT_STATUS TRANSACTIONS: an order of 10.00 with these
	order "$1" "u$1@x.example" "$mug" "\"paid\":false,\"payment_status\":\"$2\",\"transactions\":[$3]"
}
skips() { sql_store "SELECT reason FROM skip WHERE job = 'payments' AND key LIKE 'payment:$1:%' ORDER BY key"; }
put_order "[$(money 1 captured '{"id":11,"amount":6.00},{"id":12,"amount":4.00}'),
	$(money 2 captured '{"id":21,"event":"authorization"},{"id":22,"event":"capture","reference_transaction_id":21}'),
	$(money 3 captured '{"id":31,"event":"authorization"},{"id":32,"event":"capture","amount":6.00},{"id":33,"event":"capture","amount":4.00}'),
	$(money 4 authorized '{"id":41,"event":"authorization"}'),
	$(money 5 void '{"id":51,"event":"authorization"},{"id":52,"event":"void","reference_transaction_id":51}'),
	$(money 6 captured '{"id":61,"status":"error"},{"id":62}'),
	$(money 7 captured '{"id":71,"test":true}'),
	$(money 8 declined '{"id":81}'),
	$(money 9 captured '{"id":91,"event":"pending"},{"id":92,"event":"settled","reference_transaction_id":91}'),
	$(money 10 captured '{"id":101},{"id":102,"event":"settled","reference_transaction_id":101}'),
	$(money 11 captured '{"id":111},{"id":112,"event":"void","reference_transaction_id":111}'),
	$(money 12 captured '{"id":121,"method":"electronic_wallet","gateway":"paypalcommerce","reference_transaction_id":{}}'),
	$(money 13 captured '{"id":131},{"id":132}'),
	$(money 14 captured '{"id":141,"amount":"x"}'),
	$(money 15 pending '{"id":151,"test":null}')]"
run_store 65
expect_eq "two purchases" "$(payments 1)" "BC-1-T11|RECEIPT|CARD|6.00
BC-1-T12|RECEIPT|CARD|4.00"
expect_eq "captured" "$(payments 2)" "BC-2-T22|RECEIPT|CARD|10.00"
expect_eq "captured in two parts" "$(payments 3)" "BC-3-T32|RECEIPT|CARD|6.00
BC-3-T33|RECEIPT|CARD|4.00"
expect_eq "only authorised" "$(payments 4)$(skips 4)" "authorised only (payments.uncaptured is skip)"
expect_eq "voided" "$(payments 5)" ""
expect_eq "one attempt failed" "$(payments 6) $(skips 6)" "BC-6-T62|RECEIPT|CARD|10.00 it failed (status error)"
expect_eq "a test" "$(payments 7)$(skips 7)" "a test transaction"
expect_eq "declined" "$(payments 8)$(skips 8)" "the order's payment was declined"
expect_eq "settled later" "$(payments 9)" "BC-9-T92|RECEIPT|CARD|10.00"
expect_eq "settled after it was counted" "$(payments 10)" "BC-10-T101|RECEIPT|CARD|10.00"
expect_eq "a purchase that was voided" "$(payments 11)" ""
expect_eq "a wallet" "$(payments 12)" "BC-12-T121|RECEIPT|CARD|10.00"
expect_eq "paid, though the order still says pending: read at once" "$(payments 15)" "BC-15-T151|RECEIPT|CARD|10.00"
expect_eq "paid twice: what is beyond the total is a reject" "$(payments 13)" "BC-13-T131|RECEIPT|CARD|10.00"
expect_eq rejects "$(rejects | LC_ALL=C sort)" "payment:13:132 overpaid
payment:14:141 unreadable"
expect_eq "books of the transform" "$(sql_store "SELECT considered = planned + unchanged + skipped + rejected, planned FROM stage WHERE name = 'payments.transform' AND run_id = 1")" "1|11"
mark
run_store 0
expect_eq "a second run: writes; what was captured and voided does not add up" "$(count_writes) $(sql_sandbox "SELECT group_concat(path) FROM request WHERE id > $mark AND path LIKE '%/transactions'")" "0 /v3/orders/11/transactions"

say "captured late: the order itself does not change, so it is looked at again a day later"
sql_sandbox "INSERT INTO bc_transaction SELECT 42, order_id, json_set(body, '$.id', 42, '$.event', 'capture', '$.reference_transaction_id', 41) FROM bc_transaction WHERE id = 41"
run_store 0
expect_eq "not yet" "$(payments 4)" ""
later 1500
mark
run_store 0
expect_eq "captured" "$(payments 4)" "BC-4-T42|RECEIPT|CARD|10.00"
expect_eq "transactions asked for: of 4, and of 14 that cannot be read" "$(requests "path LIKE '%/transactions'")" 2

say "changed after it was sent: told, not sent again"
again() { sed 's/"status_id":11/"status_id":10/g'; } # so that its transactions are read again
put_order "[$(money 1 captured '{"id":11,"amount":5.00},{"id":12,"amount":4.00}' | again), $(money 6 void '{"id":61,"status":"error"},{"id":62,"event":"void"}' | again),
	$(money 15 pending '{"id":151,"event":"refund"}' | again)]"
mark
run_store 65
expect_eq "rejects" "$(rejects | LC_ALL=C sort)" "payment:13:132 overpaid
payment:14:141 unreadable
payment:15:151 changed_after
payment:1:11 changed_after
payment:6:62 changed_after"
expect_eq "writes" "$(count_writes)" 0
