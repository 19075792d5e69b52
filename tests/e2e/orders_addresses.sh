#!/bin/bash
# Several delivery addresses: one sales order with the first, the others in its note; addresses that come as an
# older list, or as a link only, are the same.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA && product 3 BOOK
to() { printf '{"first_name":"%s","last_name":"Gift","street_1":"%s","street_2":"","city":"%s","state":"%s","zip":"Y1 9ZZ","country":"%s","country_iso2":"%s","phone":"0999","method":"%s","cost":"%s"}' "$@"; }
zoe=$(to Zoe '9 Way' York 'North Yorkshire' 'United Kingdom' GB Express 4.95)
max=$(to Max '1 Quay' Dublin Dublin Ireland IE 'Royal Mail' 12.30)
amy=$(to Amy '7 Lane' Leeds Yorkshire 'United Kingdom' GB 'Royal Mail' 0)
lines="$(line MUG 2 10.00 '"address":0'),$(line TEA 1 4.00 '"address":1,"tax_rate":"23"'),$(line MUG 1 10.00 '"address":2'),$(line BOOK 3 5.00 '"address":1,"tax_rate":"23","options":[{"display_name":"Cover","display_value":"Red"}]')"
mapping taxes.csv 'IE,*,*,*,*,23,IE23,'
mapping taxes.csv 'IE,*,*,shipping,*,20,T5,'
n=0
for shape in object array links; do
	say "consignments as $shape"
	switch bc_consignments $shape
	put_order "[$(order $((n + 1)) a@x.example "$lines" "\"shipping\":[$zoe,$max,$amy]"),
		$(order $((n + 2)) a@x.example "$(line MUG 1 10.00)" "\"shipping\":$zoe"),
		$(order $((n + 3)) a@x.example "$(line MUG 1 10.00 '"pickup":true')" '"shipping":false'),
		$(order $((n + 4)) a@x.example "$(line MUG 1 10.00 '"type":"digital"')" '"shipping":false'),
		$(order $((n + 5)) a@x.example "$(line MUG 1 10.00)" '"status_id":1'),
		$(order $((n + 6)) a@x.example "$(line MUG 1 10.00),$(line TEA 2 4.00 '"pickup":true'),$(line BOOK 1 4.00 '"type":"digital"')" "\"shipping\":$zoe")]"
	mark
	run_store 0
	expect_eq rejects "$(rejects)" ""
	expect_eq "read for it" "$(sql_sandbox "SELECT substr(path, 12) FROM request WHERE id > $mark AND (path LIKE '%/shipping_addresses' OR path LIKE '%/consignments') AND CAST(substr(path, 12) AS INTEGER) > $n ORDER BY 1" | xargs)" \
		"$([ $shape = links ] && echo $((n + 1))/shipping_addresses $((n + 2))/shipping_addresses $((n + 3))/consignments $((n + 3))/shipping_addresses $((n + 4))/shipping_addresses $((n + 6))/consignments $((n + 6))/shipping_addresses)"
	expect_eq "delivery" "$(of_order $((n + 1)) "delivery_address ->> '$.addressFullName', delivery_address ->> '$.addressLine1', shipping_method_id")" "Zoe Gift|9 Way|2"
	expect_eq "one address" "$(of_order $((n + 2)) "delivery_address ->> '$.addressFullName'")" "Zoe Gift"
	expect_eq "no delivery: the billing address" "$(of_order $((n + 3)) "delivery_address ->> '$.addressLine1'") $(of_order $((n + 4)) "delivery_address ->> '$.addressLine1'")" "$((n + 3)) High St $((n + 4)) High St"
	expect_eq "a pick-up's method" "$(sql_store "SELECT kind, method FROM stg_bc_order_address WHERE order_id = $((n + 3))")" "pickup|Pick Up"
	expect_eq "rows: taxed where each goes, equal goods to two addresses are two rows, a shipping row for each" "$(rows $((n + 1)) | sort)" "1000|1|10.2500|2.05|T5
1000|1|4.1200|0.83|T20
1001|1|8.3300|1.67|T20
1001|2|16.6700|3.33|T20
1002|1|3.2500|0.75|IE23
1003|3|12.2000|2.80|IE23"
	expect_eq "note" "$(sql_store "SELECT note FROM out_order WHERE order_id = $((n + 1))")" "[Pearlbridge BC-$((n + 1)) addresses]
It goes to 3 addresses; the first is this order's delivery address.

Delivered to Max Gift, 1 Quay, Dublin, Dublin, Y1 9ZZ, IE, 0999
Method: Royal Mail
1 x TEA TEA
3 x BOOK BOOK (Cover: Red)

Delivered to Amy Gift, 7 Lane, Leeds, Yorkshire, Y1 9ZZ, GB, 0999
Method: Royal Mail
1 x MUG MUG"
	expect_eq "a pick-up beside a delivery" "$(sql_store "SELECT note FROM out_order WHERE order_id = $((n + 6))" | tail -n 3)" "Collected at Default location, GB
Method: Pick Up
2 x TEA TEA"
	expect_eq "no note for one address" "$(sql_store "SELECT count(note) FROM out_order")" $((n / 5 + 2))
	mark
	run_store 0
	expect_eq "second run" "$(count_writes) $(requests "path LIKE '%/shipping_addresses'")" "0 0"
	n=$((n + 10))
	later 30 && run_store 0 # out of the window that is read again
done
expect_exact
say "addresses that cannot be read: later, then told; an order that is gone meanwhile is no outage"
put_order "[$(order 41 a@x.example "$(line MUG 1 10.00)"), $(order 42 a@x.example "$(line MUG 1 10.00)")]"
fault path=/v2/orders/41/shipping_addresses kind=status_before arg=404 times=-1
run_store 65
expect_eq rejects "$(rejects)" "order:41 lines_not_read"
expect_eq "the other" "$(of_order 42 total)" 100000
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "in the end" "$(of_order 41 total)" 100000
