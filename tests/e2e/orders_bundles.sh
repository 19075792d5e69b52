#!/bin/bash
# Bundles of BigCommerce: the parts are rows, and their value is counted once, wherever it is told.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 HAMPER && product 2 TEA && product 3 MUG
part() { printf '"id":%d,"raw":{"parent_order_product_id":%d,"is_bundled_product":true}' "$1" "$2"; }
n=0
for mode in true false; do
	m="\"inclusive\":$mode"
	k=$((n * 100 + 100))
	# the third tells the parts' value although it is in the bundle's
	[ $mode = true ] && total=30.00 tax=5.00 || total=36.00 tax=6.00
	put_order "[$(order $((n + 1)) a@x.example "$(line HAMPER 1 30.00 "\"id\":$k"),$(line TEA 2 0 "$(part $((k + 1)) $k)"),$(line MUG 1 0 "$(part $((k + 2)) $k)")" "$m"),
		$(order $((n + 2)) a@x.example "$(line HAMPER 1 30.00 "\"id\":$((k + 10))"),$(line TEA 2 4.00 "$(part $((k + 11)) $((k + 10)))")" "$m"),
		$(order $((n + 3)) a@x.example "$(line HAMPER 1 30.00 "\"id\":$((k + 20))"),$(line TEA 2 4.00 "$(part $((k + 21)) $((k + 20)))"),$(line MUG 1 22.00 "$(part $((k + 22)) $((k + 20)))")" "$m,\"raw\":{\"total_inc_tax\":\"$total\",\"total_tax\":\"$tax\"}"),
		$(order $((n + 4)) a@x.example "$(line HAMPER 0 30.00 "\"id\":$((k + 30))"),$(line TEA 2 4.00 "$(part $((k + 31)) $((k + 30)))")" "$m")]"
	n=$((n + 10))
done
run_store 0
expect_eq rejects "$(rejects)" ""
value() { sql_sandbox "SELECT r.product_id, r.quantity / 10000, r.net + r.tax FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1' ORDER BY r.product_id" | xargs; }
expect_eq "parts without value" "$(value 1)" "1001|1|300000 1002|2|0 1003|1|0"
expect_eq "parts with a value of their own" "$(value 2) $(value 12)" "1001|1|300000 1002|2|80000 1001|1|360000 1002|2|96000"
expect_eq "parts whose value is the bundle's" "$(value 3) $(value 13)" "1001|1|300000 1002|2|0 1003|1|0 1001|1|360000 1002|2|0 1003|1|0"
expect_eq "a part whose bundle was removed" "$(value 4)" "1002|2|80000"
