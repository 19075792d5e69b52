#!/bin/bash
# Totals to the penny: inclusive and exclusive orders, thirds, shipping, equal lines, mixed rates.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
mapping taxes.csv 'GB,*,*,*,*,0,T0,zero rate'
product 1 MUG && product 2 TEA && product 3 PEN && product 4 BOOK && product 5 GUM

exclusive='"inclusive":false'
put_order "[$(order 1 a@x.example "$(line MUG 2 10.00),$(line TEA 1 4.50),$(line PEN 7 0.99)" '"shipping_cost":"3.95"'),
	$(order 2 a@x.example "$(line MUG 2 10.00),$(line TEA 1 4.50),$(line PEN 7 0.99)" "$exclusive,\"shipping_cost\":\"3.95\""),
	$(order 3 a@x.example "$(line MUG 3 3.33),$(line TEA 3 1.67)"),
	$(order 4 a@x.example "$(line MUG 3 0.33),$(line TEA 3 1.67)" "$exclusive"),
	$(order 5 a@x.example "$(line GUM 1 0.03),$(line PEN 1 0.03),$(line TEA 1 0.03)" "$exclusive"),
	$(order 6 a@x.example "$(line GUM 1 0.03),$(line PEN 1 0.03),$(line TEA 1 0.03)"),
	$(order 7 a@x.example "$(line MUG 1 10.00),$(line MUG 2 10.00),$(line MUG 1 9.00)"),
	$(order 8 a@x.example "$(line MUG 1 10.00),$(line BOOK 2 7.99 '"tax_rate":"0"'),$(line TEA 3 1.05 '"tax_rate":"5"')" '"shipping_cost":"0"'),
	$(order 9 a@x.example "$(line MUG 1 10.00),$(line BOOK 2 7.99 '"tax_rate":"0"'),$(line TEA 3 1.05 '"tax_rate":"5"')" "$exclusive"),
	$(order 10 a@x.example "$(line MUG 1 0.00)"),
	$(order 11 a@x.example "$(line GUM 1000 0.01)" "$exclusive"),
	$(order 12 a@x.example "$(line GUM 999 1234.56)" "$exclusive"),
	$(order 13 a@x.example "$(line GUM 7 99999.99),$(line PEN 1 0.01)"),
	$(order 14 a@x.example "$(line GUM 1 10.00)" "$exclusive,\"decimals\":4"),
	$(order 15 a@x.example "$(line GUM 3 0.1234),$(line PEN 7 1.1111)" "$exclusive,\"decimals\":4")]"
run_store 0
expect_eq "open rejects" "$(rejects)" ""
expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 15
expect_exact
expect_eq "exact side of the inclusive rows" "$(sql_sandbox "SELECT printf('%.2f', (r.net + r.tax) / 1e4) FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-1' ORDER BY sequence")" "20.00
4.50
6.93
3.95"
expect_eq "exact side of the exclusive rows" "$(rows 2)" "1001|2|20.0000|4.00|T20
1002|1|4.5000|0.90|T20
1003|7|6.9300|1.39|T20
1000|1|3.9500|0.79|T20"
expect_eq "price modes" "$(sql_sandbox "SELECT group_concat(price_mode, ' ') FROM bp_order WHERE external_ref IN ('BC-1', 'BC-2')")" "INC EXC"
expect_eq "equal lines are one row, another price is another" "$(sql_sandbox "SELECT r.quantity / 10000, r.net + r.tax FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-7' ORDER BY sequence")" "3|300000
1|90000"
expect_eq "three lines of 0.03 without tax: the cents go to the largest remainders" "$(sql_sandbox "SELECT sum(net), sum(tax) FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-5'")" \
	"900|$(sql_sandbox "SELECT total_inc_tax - 900 FROM bc_order WHERE id = 5")"
expect_eq "codes of mixed rates" "$(rows 8 | cut -d'|' -f 5 | xargs)" "T20 T0 T5"
expect_eq "shipping's nominal code" "$(sql_sandbox "SELECT DISTINCT nominal_code FROM bp_order_row WHERE product_id = 1000 AND name <> 'Rounding'")" 4300
expect_eq "rounding rows, but for parts of a penny" "$(sql_sandbox "SELECT count(*) FROM bp_order_row WHERE name = 'Rounding' AND abs(net) >= 100")" 0
