#!/bin/bash
# The comparison never calls expected what it has just read itself: a payment listed meanwhile is known, and the next run sends it; what a mapping leaves out explains its own amount only; refunds that are off are listed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting payments.enabled yes
sed -i 's/^store_credit,\*,\*,yes/store_credit,*,*,no/' "$store/mappings/payments.csv"
product 1 MUG
mug=$(line MUG 1 10.00)
switch bc_transactions_listed none
refund='"refunds":[{"id":5,"total_amount":3,"total_tax":0,"items":[],"payments":[{"id":1,"provider_id":"authorizenet","amount":3,"offline":false,"is_declined":false}]}]'
put_order "[$(placed '2 days' 1 "$mug"), $(placed '2 days' 2 "$mug" '"store_credit":"4.00"'), $(placed '2 days' 3 "$mug" "\"paid\":false,\"payment_method\":\"Bank Deposit\",$refund")]"
run_store 0
run_store 0 reconcile
expect_has "headings on lines of their own" "$said" $'known already, or done by the next run\n     2  '
expect_eq "differences" "$(found)" ""
expect_eq "not listed yet" "$(explained waiting)" "payment order:1: its transactions are not listed yet: they are asked for again
payment order:2: its transactions are not listed yet: they are asked for again"
expect_eq "what refunds are left out" "$(found expected)" "refund order:3: 3.00 GBP paid back; 10.00 GBP paid"
switch bc_transactions_listed all
run_store 0 reconcile
expect_eq "differences" "$(found)" ""
expect_eq "listed meanwhile" "$(explained waiting | sed 's/transaction [0-9]*/transaction N/')" "payment order:1: transaction N was listed after the last run: the next one sends it
payment order:2: transaction N was listed after the last run: the next one sends it"
run_store 0
expect_eq "they are sent" "$(payments 1 | cut -d'|' -f 2-) $(payments 2 | cut -d'|' -f 2-)" "RECEIPT|CARD|10.00 RECEIPT|CARD|6.00"
run_store 0 reconcile
expect_eq "expected" "$(explained expected | sed 's/line [0-9]*/line N/')" "payment order:2: store_credit is not sent (line N of payments.csv says sync no)
refund order:3: payments.refunds is off"
say "what is told, and never listed"
switch bc_transactions_listed none
put_order "$(placed '1 day' 4 "$mug" | sed 's/"modified":"[^"]*"/"modified":null/')"
run_store 0
later 3000
run_store 65
run_store 0 reconcile
expect_has "known already" "$(explained waiting)" "payment order:4: rejected: BigCommerce says that its 10.00 GBP were paid (captured), but lists no transaction"
run_store 0 ignore payment:4:O --why 'a test'
run_store 0 reconcile
expect_has "expected" "$(explained expected)" "payment order:4: ignored by hand: a test"
expect_has "the table's title" "$said" "by status in BigCommerce"
