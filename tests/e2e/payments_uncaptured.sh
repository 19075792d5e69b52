#!/bin/bash
# Authorisations by payments.uncaptured: as AUTH with its CAPTURE or VOID, or as receipt at once; never counted twice.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.uncaptured auth
product 1 MUG
mug=$(line MUG 1 10.00)
money() { order "$1" "u$1@x.example" "$mug" "\"paid\":false,\"payment_status\":\"$2\",\"transactions\":[$3]"; }
put_order "[$(money 1 authorized '{"id":11,"event":"authorization"}'), $(money 2 authorized '{"id":21,"event":"authorization"}'),
	$(money 3 captured '{"id":31,"event":"authorization"},{"id":32,"event":"capture","reference_transaction_id":31,"amount":6.00}'),
	$(money 4 authorized '{"id":41,"event":"authorization"}'), $(money 5 void '{"id":51,"event":"authorization"},{"id":52,"event":"void"}')]"
say "auth: an authorisation, and a capture in the same run after it"
run_store 0
expect_eq "authorised" "$(payments 1)" "BC-1-A11|AUTH|CARD|10.00"
expect_eq "its code and expiry" "$(sql_sandbox "SELECT transaction_code, expires - payment_date FROM bp_payment WHERE transaction_ref = 'BC-1-A11'")" "BC-1-A11|604800"
expect_eq "captured in part" "$(payments 3)" "BC-3-A31|AUTH|CARD|10.00
BC-3-T32|CAPTURE|CARD|6.00"
expect_eq "the capture's code" "$(sql_sandbox "SELECT transaction_code FROM bp_payment WHERE transaction_ref = 'BC-3-T32'")" BC-3-A31
expect_eq "orders' status" "$(of_order 1 payment_status) $(of_order 3 payment_status)" "UNPAID PARTIALLY_PAID"
say "captured, voided, the rest captured; a transaction that becomes a capture in place"
put_order "[$(money 1 captured '{"id":11,"event":"authorization"},{"id":12,"event":"capture"}'), $(money 2 void '{"id":21,"event":"authorization"},{"id":22,"event":"void"}'),
	$(money 3 captured '{"id":31,"event":"authorization"},{"id":32,"event":"capture","amount":6.00},{"id":33,"event":"capture","amount":4.00}'),
	$(money 4 captured '{"id":41,"event":"capture"}')]"
setting payments.uncaptured receipt
later 1500 # an order that says captured already is looked at again a day later
run_store 0
expect_eq "captured" "$(payments 1)" "BC-1-A11|AUTH|CARD|10.00
BC-1-T12|CAPTURE|CARD|10.00"
expect_eq "voided" "$(payments 2)" "BC-2-A21|AUTH|CARD|10.00
BC-2-V21|VOID|CARD|10.00"
expect_eq "the rest" "$(payments 3)" "BC-3-A31|AUTH|CARD|10.00
BC-3-T32|CAPTURE|CARD|6.00
BC-3-T33|CAPTURE|CARD|4.00"
expect_eq "in place" "$(payments 4)" "BC-4-A41|AUTH|CARD|10.00
BC-4-T41|CAPTURE|CARD|10.00"
expect_eq "orders' status" "$(of_order 1 payment_status) $(of_order 2 payment_status) $(of_order 4 payment_status)" "PAID UNPAID PAID"
expect_eq "voided before it was sent" "$(payments 5)" ""

say "receipt: at the authorisation, and never again at the capture; money back when it is voided"
put_order "[$(money 6 authorized '{"id":61,"event":"authorization"}'), $(money 7 authorized '{"id":71,"event":"authorization"}')]"
run_store 0
expect_eq "received" "$(payments 6)" "BC-6-T61|RECEIPT|CARD|10.00"
setting payments.uncaptured skip
put_order "[$(money 6 captured '{"id":61,"event":"authorization"},{"id":62,"event":"capture"}'), $(money 7 void '{"id":71,"event":"authorization"},{"id":72,"event":"void"}')]"
run_store 0
expect_eq "not again" "$(payments 6)" "BC-6-T61|RECEIPT|CARD|10.00"
expect_eq "voided" "$(payments 7)" "BC-7-T71|RECEIPT|CARD|10.00
BC-7-V71|PAYMENT|CARD|10.00"
expect_eq "orders' status" "$(of_order 6 payment_status) $(of_order 7 payment_status)" "PAID UNPAID"
setting payments.uncaptured auth
mark
run_store 0
expect_eq "writes of one more run" "$(count_writes)" 0
expect_eq rejects "$(rejects)" ""
