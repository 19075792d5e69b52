#!/bin/bash
# A sales credit is ours when it belongs to the sales order, not by its reference; a refund whose credit a person ignores stays told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
mug=$(line MUG 1 10.00)
refund() { # ORDER REFUND: paid order, refunded as a whole
	printf '"paid":{"id":%d1},"payment_status":"refunded","refunds":[{"id":%d,"total_amount":10,"total_tax":0,"items":[{"item_type":"ORDER","item_id":%d,"quantity":1,"requested_amount":10}],"payments":[{"id":1,"provider_id":"authorizenet","amount":10,"offline":false,"is_declined":false}]}]' "$1" "$2" "$1"
}
credit() { # ID REFERENCE CONTACT TOTAL PARENT
	sql_sandbox "INSERT INTO bp_order (id, external_ref, ref, contact_id, channel_id, order_type, total, total_net, payment_status, placed_on, created_on, parent_id)
		VALUES ($1, '$2', '$2', $3, 2, 'SC', $4, $4, 'UNPAID', 1770112800, $(now), $5)"
}
start_sandbox
make_store
setting payments.enabled yes payments.refunds credit
product 1 MUG
contact 501 a@x.example
contact 502 b@y.example
put_order "[$(for i in 1 2 3 4; do order $i a@x.example "$mug" "\"paid\":{\"id\":${i}1}"; [ $i = 4 ] || echo ,; done)]"
run_store 0
for i in 1 2 3 4; do ship_note $i ""; done
credit 901 BC-1.R5 502 770000 0                  # another customer's
credit 902 BC-2.R6 501 100000 0                  # names no parent: same contact, same amount
credit 903 BC-3.R7 501 100000 "$(of_order 2 id)" # of another sales order
credit 904 BC-4.R8 501 100000 "$(of_order 4 id)" # ours
put_order "[$(order 1 a@x.example "$mug" "$(refund 1 5)"), $(order 2 a@x.example "$mug" "$(refund 2 6)"),
	$(order 3 a@x.example "$mug" "$(refund 3 7)"), $(order 4 a@x.example "$mug" "$(refund 4 8)")]"
run_store 65
expect_eq "rejects" "$(rejects)" "payment:1:credit5 credit_of_another
payment:3:credit7 credit_of_another"
expect_has "what it says" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:1:credit5'")" \
	"Brightpearl's sales credit 901 has the reference BC-1.R5, but belongs to contact 502 and comes to 77.00, not to sales order $(of_order 1 id) of contact 501 with 10.00"
expect_has "what it says" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:3:credit7'")" "belongs to sales order $(of_order 2 id), not to sales order $(of_order 3 id)"
expect_eq "paid back on" "$(sql_sandbox "SELECT order_id FROM bp_payment WHERE type = 'PAYMENT' ORDER BY 1")" "902
904"
mark
run_store 0
expect_eq "writes of one more run" "$(count_writes)" 0
say "its credit is entered by hand and ignored: the money that went back is told until it is, too"
run_store 0 ignore payment:1:credit5 --why "credit 990"
run_store 65
expect_has "rejects" "$(rejects)" "payment:1:R5 credit_ignored"
expect_has "what it says" "$told" "$run ignore payment:1:R5 --why TEXT"
run_store 0 ignore payment:1:R5 --why "credit 990"
run_store 0
expect_eq "rejects" "$(rejects)" "payment:3:credit7 credit_of_another"
