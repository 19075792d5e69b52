#!/bin/bash
# What the two systems leave open, answered either way: the comparison finds nothing, and finds what is there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
mug=$(line MUG 1 10.00)
compare() { # SWITCH VALUE ...
	say "$*"
	[ -z "$sandbox" ] || stop_sandbox
	rm -rf "$work/sandbox"
	start_sandbox
	switch "$@"
	product 1 MUG
	make_store "store$RANDOM"
	setting payments.enabled yes fulfillment.enabled yes payments.refunds payment
	sed -i 's/^store_credit,\([^,]*\),\([^,]*\),yes,,/store_credit,\1,\2,yes,,CREDIT/; s/^gift_certificate,\([^,]*\),\([^,]*\),yes,,/gift_certificate,\1,\2,yes,,GIFT/' "$store/mappings/payments.csv"
	put_order "[$(placed '2 days' 1 "$mug"),$(placed '2 days' 2 "$mug" '"store_credit":"4.00"'),$(placed '2 days' 3 "$mug" '"gift_certificate":"3.00","store_credit":"1.00"'),
		$(placed '2 days' 4 "$mug" '"payment_status":"partially refunded","refunds":[{"id":5,"total_amount":2.00,"total_tax":0,"items":[{"item_type":"ORDER","item_id":4,"requested_amount":"2.00"}],"payments":[{"id":6,"provider_id":"authorizenet","amount":2.00,"offline":false,"is_declined":false}]}]'),
		$(placed '2 days' 5 "$mug"),$(placed '2 days' 6 "$mug")]"
	run_store 0
	ship_note 1 '' TRACK-1
	sql_sandbox "UPDATE bc_order SET is_deleted = 1 WHERE id = 6"
	run_store 0
	run_store 0 reconcile
	expect_eq "differences" "$(found)" ""
	expect_eq "gaps of payments and statuses" "$(gaps | grep -v '^day')" ""
	sql_sandbox "UPDATE bp_order SET total = total + 10000 WHERE external_ref = 'BC-3'; UPDATE bp_payment SET amount_paid = amount_paid + 10000
		WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-4') AND type = 'RECEIPT'"
	run_store 65 reconcile
	expect_eq "differences" "$(found | cut -d: -f 1,2 | tr '\n' ' ')" "payment order:4 total order:3 "
}
compare bc_total_after_credit no
compare bc_total_after_credit yes bc_date_bounds exclusive bp_date_bounds exclusive bc_archived hidden bp_no_notes 404 bp_tie desc bp_timezone_offset_min 600
