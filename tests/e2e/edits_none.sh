#!/bin/bash
# BigCommerce tells the same orders in other words: new fields, numbers in other forms, names and addresses dressed
# otherwise.  No order counts as edited, nothing is written; nor does a status, a refund or a shipped quantity.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG 'Mug & Co' && product 2 TEA
lines="$(line MUG 2 10.00 '"id":71,"name":"Mug & Co"'),$(line TEA 3 4.50 '"id":72')"
more='"shipping_cost":"3.95","coupon":{"code":"X","discount":"2.00","type":2,"amount":"2"}'
put_order "[$(order 1 a@x.example "$lines" "$more"), $(order 2 b@x.example "$(line TEA 1 4.50)" '"inclusive":false')]"
run_store 0
same() { # WHAT SCRIPT
	merchant sql "$2; UPDATE bc_order SET date_modified = server_time() / 1000"
	mark
	run_store 0
	expect_eq "$1: writes, rejects" "$(count_writes) $(rejects)" "0 "
}
# every text of a table's bodies that is a decimal becomes what $2 makes of it; true and false become 1 and 0
as() { printf "UPDATE %s SET body = (SELECT json_group_object(key, CASE WHEN type = 'text' AND value GLOB '[0-9]*.[0-9]*' AND value NOT GLOB '*[^0-9.]*'
	THEN %s WHEN type IN ('object', 'array') THEN json(value) ELSE value END) FROM json_each(body))" "$1" "$2"; }
same "new fields" "UPDATE bc_order SET body = json_set(body, '$.new_top', 'x', '$.totals', json('{\"grand\":1}'));
	UPDATE bc_order_product SET body = json_set(body, '$.tax_lines', json('[]'), '$.brand', 'New', '$.bin_picking_number', 'B7', '$.upc', '0123');
	UPDATE bc_order_address SET body = json_set(body, '$.delivery_window', json('null'))"
same "two decimals" "$(as bc_order "printf('%.2f', value)"); $(as bc_order_product "rtrim(rtrim(value, '0'), '.')")"
same "numbers instead of texts" "$(as bc_order 'CAST(value AS REAL)'); $(as bc_order_product 'CAST(value AS REAL)'); $(as bc_order_address 'CAST(value AS REAL)')"
same "products renamed, entities, no-break spaces" "UPDATE bc_order_product SET body = json_set(body, '$.name', replace(body ->> '$.name', 'Mug & Co', 'Mug' || char(160) || '&amp; Co '), '$.name_merchant', 'Renamed')"
same "numbers of discounts, order of the lines" "UPDATE bc_order_product SET body = json_set(body, '$.applied_discounts', (SELECT json_group_array(json_set(value, '$.id', 'other')) FROM json_each(body, '$.applied_discounts')))"
same "capitals and blanks of an address" "UPDATE bc_order_address SET body = json_set(body, '$.country', 'UNITED KINGDOM', '$.zip', ' LS1 1AA' || char(9), '$.email', upper(body ->> '$.email'));
	UPDATE bc_order SET body = json_set(body, '$.billing_address.country', 'UNITED  KINGDOM', '$.billing_address.zip', 'LS1' || char(160) || '1AA')"
same "null for what is empty" "UPDATE bc_order SET body = json_set(body, '$.billing_address.company', json('null'), '$.billing_address.street_2', json('null'));
	UPDATE bc_order_address SET body = json_set(body, '$.company', json('null'), '$.street_2', json('null'))"
same "status, refund, shipped" "UPDATE bc_order SET status_id = 14, body = json_set(body, '$.payment_status', 'partially refunded');
	UPDATE bc_order_product SET body = json_set(body, '$.quantity_refunded', 1, '$.quantity_shipped', 1)"
say "and a real edit still does"
merchant sql "UPDATE bc_order_address SET body = json_set(body, '$.zip', 'LS2 2BB') WHERE order_id = 1; UPDATE bc_order SET date_modified = server_time() / 1000"
mark
run_store 0
expect_eq "writes, rejects" "$(count_writes) $(rejects)" "1 "
expect_eq "its zip" "$(of_order 1 "delivery_address ->> '$.postalCode'")" "LS2 2BB"
