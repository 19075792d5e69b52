#!/bin/bash
# Never a sales credit for what can still be shipped: told at once; made when it left, booked on the order when the order was made smaller.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
setting payments.enabled yes payments.refunds credit
product 1 MUG && product 2 TEA
paid() { # ID REFUNDED [MORE]
	order "$1" "u$1@x.example" "$(line MUG 3 10.00 "\"id\":91$1,\"refunded\":$2"),$(line TEA 1 4.00 "\"id\":92$1")" "\"paid\":{\"id\":$1}${3:+,$3}"
}
refund() { # ID ITEM PIECES AMOUNT
	printf '"refunds":[{"id":%d,"total_amount":%s,"total_tax":0,"items":[{"item_type":"PRODUCT","item_id":%s,"quantity":%s,"requested_amount":%s}],"payments":[{"id":1,"provider_id":"authorizenet","amount":%s,"offline":false,"is_declined":false}]}]' "$1" "$4" "$2" "$3" "$4" "$4"
}
credits() { sql_sandbox "SELECT group_concat(external_ref) FROM (SELECT external_ref FROM bp_order WHERE order_type = 'SC' ORDER BY 1)"; }
put_order "[$(paid 1 0), $(paid 2 0), $(paid 3 0), $(paid 4 0)]"
run_store 0
ship_note 3 'MUG=3'
later 5
put_order "[$(paid 1 2 "$(refund 1 911 2 20.00)"), $(paid 2 1 "$(refund 2 912 1 10.00)"), $(paid 3 1 "$(refund 3 913 1 10.00)")]"
run_store 65
say "two of three mugs refunded before they left: no credit, and nobody is told otherwise; what left is credited at once"
expect_eq "credits" "$(credits)" BC-3.R3
expect_eq "rejects" "$(rejects | sort)" "payment:1:credit1 may_still_ship
payment:2:credit2 may_still_ship
refunded:1 refunded_may_still_ship
refunded:2 refunded_may_still_ship"
expect_has "what" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:1:credit1'")" "refunded, may still ship: 2 x MUG; sales order 500001 has it on no goods-out note, so there is no sales credit of 20.00 GBP"
expect_has "what" "$(sql_store "SELECT message FROM reject WHERE key = 'refunded:1'")" "refunded in BigCommerce, may still ship: 2 x MUG (20.00 GBP)"
mark
run_store 0
expect_eq "second run: writes" "$(count_writes)" 0

say "taken off the sales order: the money went back on the order; shipped all the same: credited"
merchant sql "UPDATE bp_order_row SET quantity = 10000, net = 83300, tax = 16700 WHERE product_id = 1001 AND order_id = 500001;
	UPDATE bp_order SET total = total - 200000, version = version + 1, updated_on = server_time() / 1000 WHERE id = 500001"
ship_note 2
later 5
run_store 0
expect_eq "credits" "$(credits)" BC-2.R2,BC-3.R3
expect_eq "payments" "$(payments 1)" "BC-1-R1|PAYMENT|CARD|20.00
BC-1-T1|RECEIPT|CARD|34.00"
expect_eq "rejects" "$(rejects)" ""
mark
run_store 0
expect_eq "second run: writes" "$(count_writes)" 0
