#!/bin/bash
# A day of all jobs comes out the same whatever the answers to what the contracts leave open, many at once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
. "$(dirname "$0")/long/day.sh"
mug=$(line MUG 2 10.00) tea=$(line TEA 1 4.50)
begin() { # SWITCH VALUE ...
	say "${*:-as the sandbox is}"
	[ -z "$sandbox" ] || stop_sandbox
	rm -rf "$work/sandbox" "$work/store"
	start_sandbox
	[ $# -lt 2 ] || switch "$@"
	product 7 MUG
	product 8 TEA
	sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1007, 2, 20), (1008, 2, 4)"
	make_store
	cp "$home/mappings/warehouses.csv" "$store/mappings/"
	all_on "$store"
}
first() { # 2003 has the same product on two rows, 2004 a fee, 2005 no transaction; 2006 is called off later
	put_order "[$(order 2001 a@x.example "$mug,$tea"),$(order 2002 b@x.example "$mug"),$(order 2003 A@x.example "$mug,$(line MUG 3 8.00)"),
		$(order 2004 d@x.example "$tea" '"fees":[{"id":1,"name":"Wrap","display_name_customer":"Wrap","cost":"2.00"}]'),
		$(order 2005 e@x.example "$tea" '"paid":false,"payment_method":"Bank Deposit"'),$(order 2006 f@x.example "$mug"),
		$(order 2007 g@x.example "$mug" '"shipping":[{"street_1":"1 A St","city":"Leeds","country_iso2":"GB"},{"street_1":"2 B St","city":"York","country_iso2":"GB"}]')]"
}
then_() { # shipped, noted on either side, statuses, refunded, edited, called off, stock moved, archived
	ship_note 2001 '' TRACK-1
	ship_note 2002 'MUG=1' TRACK-2
	bp_status 2001 21
	field_set 2002 PCF_STAFFNOTE "Tom & Jerry"
	bc_note 2003 staff_notes "call <first>"
	bc_status 2004 9
	bc_status 2006 5
	put_order "[$(order 2007 g@x.example "$(line MUG 1 10.00)" "\"modified\":$(now)"),$(order 2002 b@x.example "$mug" "\"modified\":$(now),\"refunds\":[{\"id\":5,\"reason\":\"broken\",\"total_amount\":10.00,\"items\":[{\"item_type\":\"ORDER\",\"item_id\":2002,\"quantity\":1,\"requested_amount\":10.00}],\"payments\":[{\"id\":91,\"provider_id\":\"credit_card\",\"amount\":10.00,\"offline\":false,\"is_declined\":false}]}]"),$(order 2008 h@x.example "$tea")]"
	sql_sandbox "UPDATE bp_stock SET in_stock = in_stock + 3; UPDATE bc_order SET is_deleted = 1 WHERE id = 2005"
}
end_state() {
	sql_sandbox "SELECT 'order', o.external_ref, o.order_type, o.status_id, o.total, c.email FROM bp_order o LEFT JOIN bp_contact c ON c.id = o.contact_id ORDER BY 2, o.total;
		SELECT 'row', o.external_ref, r.product_id, r.quantity, r.net, r.tax FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id ORDER BY 2, 3, 4;
		SELECT 'payment', transaction_ref, type, amount_paid FROM bp_payment ORDER BY 2;
		SELECT 'field', o.external_ref, f.code, f.value FROM bp_order_field f JOIN bp_order o ON o.id = f.order_id ORDER BY 2, 3;
		SELECT 'note', o.external_ref, substr(n.text, 1, 60) FROM bp_order_note n JOIN bp_order o ON o.id = n.order_id ORDER BY 2, 3;
		SELECT 'reserved', o.external_ref, r.product_id, sum(r.quantity) FROM bp_reservation_row r JOIN bp_order o ON o.id = r.order_id GROUP BY 2, 3;
		SELECT 'shipment', order_id, body ->> '\$.tracking_number' FROM bc_shipment ORDER BY 2, 3;
		SELECT 'shop', id, status_id, staff_notes FROM bc_order ORDER BY 2; SELECT 'stock', variant_id, onhand FROM bc_stock ORDER BY 2"
	rejects | sort
}
day() { # CODE OF THE FIRST RUN, SWITCH VALUE ...
	begin "${@:2}"
	first
	run_store "$1"
	later 30
	then_
	run_store 65 # 2006 is cancelled in the shop alone, 2007 was paid more than it comes to now
	later 30
	quiet_run "the third run"
	end_state | sed 's/&amp;/\&/g' >"$work/state"
}
day 0
cp "$work/state" "$work/wanted"
expect_eq "orders, payments, fields, reserved, shipments, rejects" "$(grep -c ^order "$work/wanted") $(grep -c '^payment|' "$work/wanted") $(grep -c ^field "$work/wanted") $(grep -c ^reserved "$work/wanted") $(grep -c ^shipment "$work/wanted") $(grep -c ' ' <(rejects))" "9 9 2 7 2 2"
other() { # CODE OF THE FIRST RUN, DIFFERENCE EXPECTED, SWITCH VALUE ...
	day "$1" "${@:3}"
	expect_eq "what differs" "$(diff "$work/wanted" "$work/state" | grep '^[<>]')" "$2"
}
other 0 "" bc_archived hidden bc_consignments array bc_date_bounds exclusive bc_fees_shape array bc_limit_over clamp bc_no_transactions 404 \
	bc_shipment_modifies no bc_shipment_over accept bc_tie desc bc_warning_place list bc_adjust_untracked ignore bc_429_headers none \
	bc_notes_text entities,crlf bp_address_get no bp_availability_invalid refuse bp_contact_absent refuse bp_contains_case exact bp_credit_twin again \
	bp_date_bounds exclusive bp_duplicate_body empty bp_duplicate_payment CMNC-999 bp_field_add overwrite bp_field_touches yes \
	bp_foreign_instance accept bp_no_notes 404 bp_patch_in_multi accept bp_payment_touches yes bp_reservation_none empty \
	bp_reservation_touches yes bp_same_second_update null bp_ship_rereferences yes bp_string_case ignore bp_ship_touches no \
	bp_telephone_patch any bp_tie desc bp_timezone_offset_min 600 gzip no
other 0 "" bp_reservation_over_row clip bp_reservation_left_out keep bp_reservation_zero drop bp_reservation_used_up empty bp_reservation_undone reserved \
	bp_reservation_put_none make bp_row_below_reserved accept bp_instance_id 0 bc_no_transactions 204 bc_consignments links \
	bp_duplicate_body zero bp_date_bounds inclusive bc_warning_place order bc_429_headers retry_after_only bp_multi down bp_payment_touches yes \
	bp_field_text entities,crlf
