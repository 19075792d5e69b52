#!/bin/bash
# Gift wrapping is a row for each wrapped line, equal ones together; one row when the lines do not come to it.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
mapping taxes.csv 'GB,*,*,*,*,0,T0,zero rate'
product 1 MUG && product 2 TEA && product 3 BOOK
wrapped() { sql_sandbox "SELECT r.name, r.quantity / 10000, r.net, r.tax, r.tax_code, r.external_ref FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id
	WHERE o.external_ref = 'BC-$1' AND r.name LIKE 'Gift wrap%' ORDER BY r.sequence, r.id"; }
red='"wrapping":"1.99","wrapping_name":"Red &amp; gold"' blue='"wrapping":"0.60","wrapping_name":"Blue"'
all="$(line MUG 2 10.00 "$red,\"id\":11"),$(line TEA 1 4.00 "$red,\"id\":12"),$(line BOOK 1 8.00 "$blue,\"tax_rate\":\"0\",\"id\":13")"
put_order "[$(order 1 a@x.example "$all"), $(order 2 a@x.example "${all//\"id\":1/\"id\":2}" '"inclusive":false'),
	$(order 3 a@x.example "$(line MUG 3 10.00 "\"wrapping\":\"1.50\",\"raw\":{\"wrapping_cost_inc_tax\":\"0.5000\",\"wrapping_cost_ex_tax\":\"0.4167\",\"wrapping_cost_tax\":\"0.0833\"}"),$(line TEA 1 4.00)"),
	$(order 4 a@x.example "$(line MUG 1 10.00 "$red"),$(line TEA 1 4.00 '"raw":{"wrapping_cost_inc_tax":"7.0000","wrapping_cost_ex_tax":"7.0000"}')")]"
setting orders.wrapping_nominal 4030
run_store 0
expect_eq rejects "$(rejects)" ""
expect_exact
expect_eq "with tax" "$(wrapped 1)" "Gift wrapping: Red & gold|2|33200|6600|T20|BC-1:wrapping11
Gift wrapping: Blue|1|6000|0|T0|BC-1:wrapping13"
expect_eq "without tax" "$(wrapped 2)" "Gift wrapping: Red & gold|2|39800|8000|T20|BC-2:wrapping21
Gift wrapping: Blue|1|6000|0|T0|BC-2:wrapping23"
expect_eq "told for each piece" "$(wrapped 3 | cut -d'|' -f 1-4)" "Gift wrapping|3|12500|2500"
expect_eq "the lines do not come to the order's wrapping: one row" "$(wrapped 4 | cut -d'|' -f 1-3)" "Gift wrapping|1|16600"
expect_eq "nominal code" "$(sql_sandbox "SELECT DISTINCT nominal_code FROM bp_order_row WHERE name LIKE 'Gift wrap%'")" 4030
